"""Addresses of the websockets."""

from typing import Any

from django.urls import path

from monitor.realtime.consumers import LiveConsumer

websocket_urlpatterns: list[Any] = [path("ws/live", LiveConsumer.as_asgi())]
