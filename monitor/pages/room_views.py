"""What is said and what happens in a room: the fragments of its page that are neither figures nor
acts.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from moderation.web.guards import may
from monitor.pages import event_text
from rooms.ingest import chat as said
from rooms.models import Room


@may("moderation.watch_rooms")
def chat(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest lines; those that follow come by the websocket."""
    room = get_object_or_404(Room, pk=pk)
    context = {
        "room": room,
        "lines": said.latest(room),
        "is_told": bool(settings.LIVE_WEBHOOK_TOKEN),
    }
    return render(request, "monitor/_chat.html", context)


@may("moderation.watch_rooms")
def happenings(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the host is, and what happened."""
    room = get_object_or_404(Room, pk=pk)
    return render(
        request, "monitor/_happenings.html", {"room": room, "happenings": event_text.latest(room)}
    )
