"""Addresses of the websockets."""

from django.urls import URLPattern, path

from monitor.realtime.consumers import LiveConsumer

websocket_urlpatterns: list[URLPattern] = [path("ws/live", LiveConsumer.as_asgi())]
