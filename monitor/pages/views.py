"""The screens. Thin: a guard, a page's data from `queries`, a template."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from liveapi import LiveApiError, commands
from liveapi.messages import BannedAccount
from moderation.actions import queries as acts
from moderation.actions.handlers.base import GONE
from moderation.alerts import alerts
from moderation.audit import record_guard
from moderation.models import Action
from moderation.staff.views import PasswordChange
from moderation.web.guards import may
from moderation.web.requests import PersonRequest
from monitor.health import wording
from monitor.listing import chips, columns, strip
from monitor.listing.filters import SIZES, Filters
from monitor.pages import badges as room_marks
from monitor.pages import command_palette, queries, room_history
from monitor.pages.row_cache import still_slots
from monitor.realtime.protocol import MAX_ROOMS
from rooms.infra import database_time, processes, vendor
from rooms.ingest import observers
from rooms.live import demand, hot_state
from rooms.live.health import Vendor
from rooms.live.health import read as read_health
from rooms.models import Room
from rooms.pictures import stills
from rooms.webhooks import inbox

MAX_PAGES = 50


@may("moderation.watch_rooms")
def rooms(request: PersonRequest) -> HttpResponse:
    """The list; for htmx only its changing part."""
    filters, person = Filters.read(request.GET), request.user
    context = queries.listing(filters, person.pk, columns.of(person))
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "monitor/_rooms.html", context | {"is_swap": True})
    known = chips.counts()
    context |= {
        "chips": chips.shown(known, filters.only, person.pk),
        "labels": known.labels,
        "all_columns": columns.COLUMNS.values(),
        "sizes": SIZES,
        "summary": queries.summary(),
        "waiting": strip.waiting(known, person),
    }
    return render(request, "monitor/rooms.html", context)


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
        "range": room_history.asked_range(request.GET.get("range", "")),
    }
    return render(request, "monitor/room.html", context | queries.recent_past(found))


@may("moderation.watch_rooms")
def summary(request: PersonRequest) -> HttpResponse:
    """The strip above the list, fetched again by itself, and the counts of the chips."""
    known = chips.counts()
    context = {
        "summary": queries.summary(),
        "waiting": strip.waiting(known, request.user),
        "chips": chips.shown(known, (), request.user.pk),
        "is_swap": True,
    }
    return render(request, "monitor/_summary.html", context)


@may("moderation.watch_rooms")
def chart(request: HttpRequest, pk: int) -> HttpResponse:
    """The charts of a room over `?range=`, see monitor.pages.room_history."""
    found = get_object_or_404(Room, pk=pk)
    chosen = room_history.asked_range(request.GET.get("range", ""))
    return render(request, "monitor/_charts.html", {"room": found} | room_history.of(found, chosen))


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


@may("moderation.watch_rooms")
def audience(request: HttpRequest, pk: int) -> HttpResponse:
    def ask(found: Room) -> dict[str, object]:
        answer = observers.left_out(
            vendor.sync_client().call(commands.get_member_list(found.room_id)).value
        )
        return {
            "members": answer.accounts[:200],
            "total": answer.member_count,
            "named": len(answer.accounts),
        }

    return asked(request, "monitor/_audience.html", pk, ask)


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


def asked_rooms(request: HttpRequest) -> list[int]:
    """The primary keys in `?rooms=1,2,3`; nonsense is left out."""
    parts = request.GET.get("rooms", "").split(",")[:MAX_ROOMS]
    return [int(pk) for pk in parts if pk.isascii() and pk.isdigit() and len(pk) < 19]


@may("moderation.watch_rooms")
def marks(request: HttpRequest) -> HttpResponse:
    """What rows say beside their figures; see monitor.pages.badges."""
    return JsonResponse(room_marks.of(asked_rooms(request)))


@may("moderation.watch_rooms")
def live_poll(request: HttpRequest) -> HttpResponse:
    """What a page asks while its websocket is down: the same figures as a snapshot."""
    states, health = hot_state.states(asked_rooms(request)), read_health()
    flat = [
        [pk, *(part for item in state.items() for part in item)] for pk, state in states.items()
    ]
    answer: dict[str, object] = {
        "k": "snapshot",
        "at": int(database_time.unix() * 1000),
        "changes": hot_state.changes(),
        "rooms": flat,
    }
    if health["known"]:
        answer["vendor"] = Vendor(ok=health["ok"], since=health["since"], text=health["text"])
    return JsonResponse(answer)


def asked_text(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[: command_palette.LONGEST_TEXT]


@may("moderation.watch_rooms")
def find(request: HttpRequest) -> HttpResponse:
    """Straight to what fits best; for browsers without the omnibox."""
    text = asked_text(request)
    return redirect(command_palette.best(text, request.user) if text else "rooms")


@may("moderation.watch_rooms")
def omnibox_lines(request: HttpRequest) -> HttpResponse:
    """What fits what was typed so far."""
    text = asked_text(request)
    return render(
        request,
        "monitor/_omnibox_lines.html",
        {"hits": command_palette.find(text, request.user), "text": text},
    )


@may("moderation.watch_rooms")
def system(request: HttpRequest) -> HttpResponse:
    """Is the vendor answering, is the budget used, are figures fresh, do acts wait."""
    now = int(database_time.unix())
    health = read_health()
    ages = sorted(
        now - at for at in Room.objects.live().values_list("statistics_at", flat=True) if at
    )
    context = {
        "health": health,
        "calls": queries.budget_lines(health),
        "rooms": len(ages),
        "p95": ages[len(ages) * 95 // 100] if ages else None,
        "oldest": ages[-1] if ages else None,
        "waiting": Action.objects.filter(status__in=Action.OPEN).select_related("room")[:50],
        "vendor": wording.vendor(health),
        "collector": wording.collector(health),
        "record": wording.record_guard(
            may_change=record_guard.role_may_rewrite(), database=connection.vendor
        ),
        "processes": processes.all_of_them(),
        "stores": queries.stores(),
        "webhooks": inbox.traffic(),
        "webhooks_are_on": bool(settings.LIVE_WEBHOOK_TOKEN),
    }
    return render(request, "monitor/system.html", context)


log_in = auth_views.LoginView.as_view(redirect_authenticated_user=True)
log_out = auth_views.LogoutView.as_view()
password_change = PasswordChange.as_view()
