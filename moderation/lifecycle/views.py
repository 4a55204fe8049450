"""The time of a room: limits, holds and the clock of an absent host.

Thin: a guard, a form, one call, an answer.
"""

from collections.abc import Callable, Mapping
from functools import partial

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from moderation.actions import queries
from moderation.actions.views import answered
from moderation.lifecycle import holds, host_clock, limits
from moderation.lifecycle.forms import ExtendForm, LimitForm, first_values
from moderation.models import Hold, TimeLimit
from moderation.web.forms import LiftForm
from moderation.web.guards import may
from moderation.web.pagination import page
from moderation.web.requests import PersonRequest
from moderation.web.responses import refused
from rooms.models import Room

MORE = (15, 30, 60)  # minutes, one button each


@may("moderation.watch_rooms")
def life(request: PersonRequest, pk: int) -> HttpResponse:
    """The card on the room page: the limit with its bar, the hold, how long the host has been
    gone.
    """
    room = get_object_or_404(Room, pk=pk)
    rule = host_clock.rule_on()
    context = {
        "room": room,
        "limit": limits.open_limit(room.room_id),
        "hold": holds.in_force_for(room),
        "clock": host_clock.clock_of(
            room, host_clock.grace_of(rule), host_clock.scheduled([room]).get(pk)
        )
        if rule
        else None,
        "more": [(minutes, 60 * minutes) for minutes in MORE],
    }
    return render(request, "moderation/_limit.html", context)


@may("moderation.set_limit", "GET", "POST")
def limit_set(request: PersonRequest, pk: int) -> HttpResponse:
    """The form of a limit, and what it says."""
    room = get_object_or_404(Room, pk=pk)
    known = limits.open_limit(room.room_id)
    form = LimitForm(request.POST or None, initial=first_values(known))
    texts = {
        "title": _("Time limit"),
        "words": _(
            "The host is warned 5 minutes and 1 minute before. Then the stream is ended, "
            "and so is any later broadcast under this RoomId, until the limit is moved or "
            "removed."
        ),
        "button": _("Set the limit"),
        "url": reverse("limit-set", args=[pk]),
        "room": room,
    }
    if request.method != "POST" or not form.is_valid():
        return form_page(request, form, texts)
    limits.set_limit(by=request.user, room_id=room.room_id, **form.limits())
    return answered(request, room, words=_("The time limit is set."))


@may("moderation.set_limit", "POST")
def limit_extend(request: PersonRequest, pk: int) -> HttpResponse:
    limit = get_object_or_404(TimeLimit.objects.select_related("policy"), pk=pk)
    form = ExtendForm(request.POST)
    if not form.is_valid():
        return refused(
            request,
            _("Give the number of seconds, and the version of the limit that you saw."),
            status=422,
        )
    given = form.cleaned_data | {"policy": form.cleaned_data["policy"] or limit.policy}
    limits.extend(by=request.user, limit=limit, **given)
    words = _("%(minutes)s minutes more.") % {"minutes": given["seconds"] // 60}
    return line_of(request, limit.room_id, words)


@may("moderation.set_limit", "GET", "POST")
def limit_close(request: PersonRequest, pk: int) -> HttpResponse:
    limit = get_object_or_404(TimeLimit.objects.select_related("policy"), pk=pk)
    texts = {
        "title": _("Remove the time limit"),
        "words": _("The room may stay live without a limit."),
        "button": _("Remove"),
        "url": reverse("limit-close", args=[pk]),
        "target": limit.room_id,
    }
    close = partial(limits.close, by=request.user, limit=limit)
    return with_note(request, texts, close, _("The time limit is removed."))


@may("moderation.watch_rooms")
def hold_list(request: PersonRequest) -> HttpResponse:
    search = request.GET.get("q", "").replace("\x00", "").strip()[:128]
    state = request.GET.get("state", "force")
    rows = queries.holds(search=search, state=state)
    return render(
        request,
        "moderation/holds.html",
        {"page": page(rows, request.GET), "q": search, "state": state},
    )


@may("moderation.lift_hold", "GET", "POST")
def hold_lift(request: PersonRequest, pk: int) -> HttpResponse:
    hold = get_object_or_404(Hold.objects.select_related("policy", "ban"), pk=pk)
    texts = {
        "title": _("Lift the re-open block"),
        "words": _(
            "The RoomId and its owner may broadcast again. A platform ban is lifted on its own "
            "page."
        ),
        "button": _("Lift the re-open block"),
        "url": reverse("hold-lift", args=[pk]),
        "target": hold.room_id,
    }
    lift = partial(holds.lift, by=request.user, hold=hold)
    return with_note(request, texts, lift, _("The re-open block is lifted."), otherwise="holds")


def with_note(
    request: PersonRequest,
    texts: dict[str, str],
    end: Callable[..., object],
    words: str,
    *,
    otherwise: str = "rooms",
) -> HttpResponse:
    """Ends a limit or a hold with the note of a form; `told` is what the form says, "target" its
    RoomId.
    """
    form = LiftForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, form, texts)
    end(note=form.cleaned_data["note"])
    return line_of(request, texts["target"], words, otherwise=otherwise)


def form_page(
    request: PersonRequest, form: forms.Form, texts: Mapping[str, object]
) -> HttpResponse:
    """A form: a dialog's inside for htmx, a page of its own without; 422 when it was sent and is
    wrong.
    """
    name = "_life_form" if request.htmx else "life_form"
    return render(
        request,
        f"moderation/{name}.html",
        {"form": form, **texts},
        status=422 if form.errors else 200,
    )


def line_of(
    request: PersonRequest, room_id: str, words: str, *, otherwise: str = "rooms"
) -> HttpResponse:
    """To the newest broadcast of a RoomId; where none is kept any more, to the page named
    `otherwise`.
    """
    room = Room.objects.filter(room_id=room_id).order_by("create_time", "pk").last()
    return answered(request, room, words=words) if room is not None else redirect(otherwise)
