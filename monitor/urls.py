"""Addresses of the screens."""

from django.urls import path

from monitor.chat import views as chat_views
from monitor.health import views as health_views
from monitor.pages import still_views, views, wall_views
from monitor.personal import views as personal_views
from monitor.room_page import views as room_views
from monitor.system_page import views as system_views

urlpatterns = [
    path("", views.rooms, name="rooms"),
    path("rooms/<int:pk>", room_views.room, name="room"),
    path("rooms/<int:pk>/chart", room_views.chart, name="chart"),
    path("rooms/<int:pk>/picture", wall_views.picture, name="picture"),
    path("rooms/<int:pk>/audience", room_views.audience, name="audience"),
    path("rooms/<int:pk>/restrictions", room_views.restrictions, name="restrictions"),
    path("rooms/<int:pk>/chat", room_views.chat, name="chat"),
    path("rooms/<int:pk>/happenings", room_views.happenings, name="happenings"),
    path("rooms/<int:pk>/still", still_views.still, name="still"),
    path("rooms/<int:pk>/still/upload", still_views.still_upload, name="still-upload"),
    path("stills", still_views.stills, name="stills"),
    path("profiles", room_views.profiles, name="profiles"),
    path("wall", wall_views.wall, name="wall"),
    path("chat", chat_views.chat, name="all-chat"),
    path("chat/search", chat_views.search, name="chat-search"),
    path("chat/lines", chat_views.lines, name="all-chat-lines"),
    path("summary", views.summary, name="summary"),
    path("find", views.find, name="room-find"),
    path("omnibox", views.omnibox_lines, name="omnibox"),
    path("marks", views.marks, name="marks"),
    path("live", views.live_poll, name="live-poll"),
    path("preferences", personal_views.preference, name="preferences"),
    path("preferences/theme", personal_views.theme, name="theme"),
    path("preferences/columns", personal_views.columns, name="columns"),
    path("views", personal_views.views, name="views"),
    path("views/<int:pk>/delete", personal_views.view_delete, name="view-delete"),
    path("system", system_views.system, name="system"),
    path("system/charts", system_views.charts, name="system-charts"),
    path("login", views.log_in, name="login"),
    path("logout", views.log_out, name="logout"),
    path("password", views.password_change, name="password_change"),
    path("healthz", health_views.healthz, name="healthz"),
    path("readyz", health_views.readyz, name="readyz"),
]
