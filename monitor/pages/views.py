"""The screens. Thin: a guard, a page's data from `queries`, a template."""

from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from moderation.staff.views import PasswordChange
from moderation.web.guards import may
from moderation.web.requests import PersonRequest
from monitor.listing import chips, columns, strip
from monitor.listing.filters import SIZES, Filters
from monitor.pages import badges as room_marks
from monitor.pages import command_palette, queries
from monitor.realtime.protocol import MAX_ROOMS
from rooms.infra import database_time
from rooms.live import hot_state
from rooms.live.health import Vendor
from rooms.live.health import read as read_health


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
        "sizes": SIZES,
        "summary": queries.summary(),
        "waiting": strip.waiting(known, person),
    }
    return render(request, "monitor/rooms.html", context)


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


log_in = auth_views.LoginView.as_view(redirect_authenticated_user=True)
log_out = auth_views.LogoutView.as_view()
password_change = PasswordChange.as_view()
