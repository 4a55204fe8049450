"""All addresses. Each app lists its own."""

from django.urls import include, path

handler500 = "monitor.health.error_pages.server_error"
urlpatterns = [
    path("", include("monitor.urls")),
    path("", include("moderation.urls")),
    path("api/v1/", include("api.urls")),
]
