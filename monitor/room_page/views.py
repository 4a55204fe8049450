"""The page of one room, and its parts that are asked for later. Thin: a guard, what is read, a
template.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from liveapi import LiveApiError, commands
from liveapi.messages import BannedAccount
from moderation.actions import queries as acts
from moderation.actions.handlers.base import GONE
from moderation.alerts import alerts
from moderation.web.guards import may
from monitor.pages import charts, event_text, queries
from monitor.pages.row_cache import still_slots
from monitor.room_page import history, people
from rooms.infra import vendor
from rooms.ingest import chat as said
from rooms.live import demand, hot_state
from rooms.models import Room
from rooms.pictures import stills

MAX_PAGES = 50
MAX_NAMED = 50
LONGEST_SEARCH = 100


@may("moderation.watch_rooms")
def room(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Room, pk=pk)
    demand.refresh(pk)
    queries.refreshed(found, hot_state.states([pk]).get(pk))
    context = {
        "room": found,
        "actions": acts.latest_actions([pk]).get(pk, []),
        "alerts": alerts.of_rooms([pk]).get(pk),
        "ban": acts.active_ban(found.owner_account),
        "changes": hot_state.changes(),
        "slot": still_slots(pk, found.cover_url, stills.known([pk]).get(pk)),
        "range": charts.asked_range(request.GET.get("range", ""), history.RANGES),
    }
    return render(request, "monitor/room.html", context | queries.recent_past(found))


@may("moderation.watch_rooms")
def chart(request: HttpRequest, pk: int) -> HttpResponse:
    """The charts of a room over `?range=`, see monitor.pages.history."""
    found = get_object_or_404(Room, pk=pk)
    return render(
        request,
        "monitor/_charts.html",
        {"room": found} | history.of(found, request.GET.get("range", "")),
    )


def asked(
    request: HttpRequest, template: str, pk: int, ask: Callable[[Room], dict[str, object]]
) -> HttpResponse:
    """A fragment that asks the vendor while the person waits; its failure is said in the
    fragment.
    """
    found = get_object_or_404(Room, pk=pk)
    try:
        context = ask(found)
    except LiveApiError as error:
        is_gone = error.code == GONE  # an answer, and a plain one
        message = (
            _("This broadcast has ended.")
            if is_gone
            else _("The vendor did not answer: %(error)s") % {"error": error}
        )
        context = {"failure": message}
    return render(request, template, context | {"room": found, "url": request.path})


def asked_page(text: str) -> int:
    """A number of a page; nonsense counts as the first."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


@may("moderation.watch_rooms")
def audience(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of those in the room; ?q= finds accounts and nicks."""
    search = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    page = asked_page(request.GET.get("page", ""))

    def ask(found: Room) -> dict[str, object]:
        return {"audience": people.audience(found, search=search, page=page), "q": search}

    return asked(request, "monitor/_audience.html", pk, ask)


@may("moderation.watch_rooms")
def profiles(request: HttpRequest) -> JsonResponse:
    """Account -> nick and picture of `?account=`, given once or more; without those that the
    vendor has none for.
    """
    accounts = [one for one in request.GET.getlist("account")[:MAX_NAMED] if 0 < len(one) <= 128]
    return JsonResponse(
        {
            one.account: {"nick": one.nick, "picture": one.picture}
            for one in people.named(accounts)
            if one.nick or one.picture
        }
    )


@may("moderation.watch_rooms")
def restrictions(request: HttpRequest, pk: int) -> HttpResponse:
    def ask(found: Room) -> dict[str, object]:
        client, offset = vendor.sync_client(), 0
        banned: list[BannedAccount] = []
        for _page in range(MAX_PAGES):
            answer = client.call(commands.get_banned_member_list(found.room_id, offset, 100)).value
            banned += answer.accounts
            if answer.next_offset <= offset:
                break
            offset = answer.next_offset
        return {
            "banned": banned,
            "muted": client.call(commands.get_muted_member_list(found.room_id)).value,
        }

    return asked(request, "monitor/_restrictions.html", pk, ask)


@may("moderation.watch_rooms")
def chat(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest lines; those that follow come by the websocket."""
    room = get_object_or_404(Room, pk=pk)
    context = {
        "room": room,
        "lines": people.who_said(said.latest(room)),
        "is_told": bool(settings.LIVE_WEBHOOK_TOKEN),
    }
    return render(request, "monitor/_chat.html", context)


@may("moderation.watch_rooms")
def happenings(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the host is, and what happened."""
    room = get_object_or_404(Room, pk=pk)
    context = {"room": room, "happenings": event_text.latest(room)}
    return render(request, "monitor/_happenings.html", context)
