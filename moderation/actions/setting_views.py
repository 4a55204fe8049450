"""What can be changed of a room, and its stream key: thin, as in `views`."""

from collections.abc import Mapping
from typing import TypedDict

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from liveapi import LiveApiError, commands
from liveapi.messages import RoomInfo
from moderation.actions import preconditions
from moderation.actions.handlers import stream_key as handlers_stream_key
from moderation.actions.handlers.base import GONE
from moderation.models import Action
from moderation.web.guards import may
from moderation.web.requests import PersonRequest
from moderation.web.responses import refused
from rooms.infra import vendor
from rooms.models import Room


@may("moderation.watch_rooms")
def room_changes(request: PersonRequest, pk: int) -> HttpResponse:
    """What the vendor says of a room now, with what can be changed of it.

    Asks while the person waits.
    """
    room = get_object_or_404(Room, pk=pk)
    context: dict[str, object] = {
        "room": room,
        "url": request.path,
        "quarantine": preconditions.quarantine_of(room),
    }
    if request.user.has_perm("moderation.stream_key"):
        context["stream"] = handlers_stream_key.key_out(room)
    try:
        held = asked(room)
        shown = switches(held["info"], in_quarantine=bool(context["quarantine"]))
        context |= {**held, "switches": shown}
    except LiveApiError as error:
        is_gone = error.code == GONE  # an answer, and a plain one
        words = (
            _("This broadcast has ended.")
            if is_gone
            else _("The vendor did not answer: %(error)s") % {"error": error}
        )
        context["failure"] = words
    return render(request, "moderation/_room_changes.html", context)


class VendorSettings(TypedDict):
    """What the vendor holds of a room now."""

    info: RoomInfo
    admins: tuple[str, ...]
    metadata: Mapping[str, str]


def asked(room: Room) -> VendorSettings:
    """Three calls to the vendor. Raises LiveApiError."""
    client = vendor.sync_client()
    return {
        "info": client.call(commands.get_room_info(room.room_id)).value,
        "admins": client.call(commands.get_admin_list(room.room_id)).value,
        "metadata": client.call(commands.get_room_metadata(room.room_id)).value,
    }


def switches(info: RoomInfo, *, in_quarantine: bool) -> tuple[Action.Verb, ...]:
    """The verbs that turn round what a room is now; a quarantine is released as a whole."""
    if in_quarantine:
        return ()
    return (
        Action.Verb.UNMUTE_ALL if info.is_message_disabled else Action.Verb.MUTE_ALL,
        Action.Verb.HIDE if info.is_public_visible else Action.Verb.PUBLISH,
    )


@never_cache
@may("moderation.stream_key", "POST")
def stream_key(request: PersonRequest, pk: int) -> HttpResponse:
    """Shows the stream key of an act, once.

    Nothing keeps the page: neither we nor a browser's cache.
    """
    action = get_object_or_404(
        Action.objects.select_related("room", "policy"), pk=pk, verb=Action.Verb.OBS_KEY
    )
    try:
        address = handlers_stream_key.show(by=request.user, action=action)
    except LiveApiError as error:
        return refused(
            request, _("No key can be created: %(why)s.") % {"why": error.text}, status=422
        )
    if address is None:
        words = _("This key was shown already, or revoked. Revoke it and create another.")
        return refused(request, words, status=409)
    context = {"room": action.room, "address": address, "hours": action.kept["valid_hours"]}
    partial = bool(request.htmx)
    template = "moderation/_stream_key.html" if partial else "moderation/stream_key.html"
    return render(request, template, context)
