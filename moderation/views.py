"""Acts on rooms: thin. A guard, a form, one call of `requests`, an answer."""

import json
from typing import Any
from uuid import UUID

from django.forms import UUIDField, ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from moderation import queries, requests
from moderation.access import PersonRequest, may, refused
from moderation.forms import ACT_FORMS, ReasonForm
from moderation.models import Action
from rooms.models import Room

PERMISSIONS = {
    "end": "moderation.end_stream",
    "warn": "moderation.warn_host",
    "mute": "moderation.mute_member",
    "unmute": "moderation.mute_member",
    "room_ban": "moderation.ban_from_room",
    "room_unban": "moderation.ban_from_room",
}


def answered(
    request: PersonRequest, room: Room, *, action: Action | None = None, words: str = ""
) -> HttpResponse:
    """To htmx: 204 with what happened as events. To a plain browser: back to where it came from."""
    if request.headers.get("HX-Request"):
        events: dict[str, Any] = {"acted": {"room": room.pk, "action": action.pk if action else None}}
        if words:
            undo = action and action.verb == "end" and action.status == "requested"
            events["toast"] = {
                "text": words,
                "undo": reverse("act-undo", args=[action.pk]) if action and undo else "",
            }
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(events)})
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if safe else reverse("room", args=[room.pk]), status=303)


def words_of(action: Action, request: PersonRequest) -> str:
    """What the toast says: who won when two people were at it."""
    if action.by_name != request.user.get_username():
        return _("%(who)s was first: %(verb)s, %(status)s") % {
            "who": action.by_name, "verb": action.get_verb_display(), "status": action.get_status_display(),
        }  # fmt: skip
    return _("%(verb)s: %(status)s") % {
        "verb": action.get_verb_display(),
        "status": action.get_status_display(),
    }


def act(request: PersonRequest, pk: int, verb: str) -> HttpResponse:
    """Takes the order of one verb on one room."""
    room = get_object_or_404(Room, pk=pk)
    form = ACT_FORMS[verb](request.POST)
    if not form.is_valid():
        return act_page(request, room, verb, form, status=422)
    fields = {
        name: value for name, value in form.cleaned_data.items() if name in {"policy", "note", "key", "text"}
    }
    try:
        if verb == "end":
            action = requests.end_stream(by=request.user, room=room, **fields)
        elif verb == "warn":
            action = requests.warn_host(by=request.user, room=room, **fields)
        else:
            more: Any = {name: form.cleaned_data.get(name) for name in ("account", "seconds")}
            action = requests.member_act(by=request.user, verb=verb, room=room, **fields, **more)
    except requests.Refused as refusal:
        return refused(request, refusal.words, status=refusal.status)
    return answered(request, room, action=action, words=words_of(action, request))


def act_page(
    request: PersonRequest, room: Room, verb: str, form: ReasonForm, *, status: int = 200
) -> HttpResponse:
    """The form of an act: a dialog's inside for htmx, a page of its own without."""
    template = "moderation/_act_form.html" if request.headers.get("HX-Request") else "moderation/act.html"
    context = {
        "room": room,
        "verb": verb,
        "label": Action.Verb(verb).label,
        "form": form,
        "url": address(verb, room),
    }
    return render(request, template, context, status=status)


def address(verb: str, room: Room) -> str:
    names = {"room_ban": "act-room-ban", "room_unban": "act-room-unban"}
    return reverse(names.get(verb, f"act-{verb}"), args=[room.pk])


@may(PERMISSIONS["end"], "POST")
def end(request: PersonRequest, pk: int) -> HttpResponse:
    return act(request, pk, "end")


@may(PERMISSIONS["warn"], "POST")
def warn(request: PersonRequest, pk: int) -> HttpResponse:
    return act(request, pk, "warn")


@may(PERMISSIONS["mute"], "POST")
def mute(request: PersonRequest, pk: int) -> HttpResponse:
    return act(request, pk, "mute")


@may(PERMISSIONS["unmute"], "POST")
def unmute(request: PersonRequest, pk: int) -> HttpResponse:
    return act(request, pk, "unmute")


@may(PERMISSIONS["room_ban"], "POST")
def room_ban(request: PersonRequest, pk: int) -> HttpResponse:
    return act(request, pk, "room_ban")


@may(PERMISSIONS["room_unban"], "POST")
def room_unban(request: PersonRequest, pk: int) -> HttpResponse:
    return act(request, pk, "room_unban")


@may("moderation.watch_rooms")
def act_form(request: PersonRequest, pk: int, verb: str) -> HttpResponse:
    """The form of an act; 404 for a verb that is none, 403 for one the role lacks."""
    room = get_object_or_404(Room, pk=pk)
    if verb not in ACT_FORMS:
        return refused(request, _("There is no such act."), status=404)
    if not request.user.has_perm(PERMISSIONS[verb]):
        return refused(request, _("Your role may not do this."), status=403)
    given = {"account": request.GET.get("account", "")}
    return act_page(request, room, verb, ACT_FORMS[verb](initial=given))


def own_action(request: PersonRequest, pk: int) -> Action | HttpResponse:
    """The act, if the role may order such; else the refusal."""
    action = get_object_or_404(Action.objects.select_related("room", "policy", "ban"), pk=pk)
    if not request.user.has_perm(PERMISSIONS[action.verb]):
        return refused(request, _("Your role may not do this."), status=403)
    return action


@may("moderation.watch_rooms", "POST")
def now(request: PersonRequest, pk: int) -> HttpResponse:
    action = own_action(request, pk)
    if isinstance(action, HttpResponse):
        return action
    return answered(request, action.room, action=requests.end_now(by=request.user, action=action))


@may("moderation.watch_rooms", "POST")
def undo(request: PersonRequest, pk: int) -> HttpResponse:
    action = own_action(request, pk)
    if isinstance(action, HttpResponse):
        return action
    try:
        requests.undo(by=request.user, action=action)
    except requests.Refused as refusal:
        return refused(request, refusal.words, status=refusal.status)
    return answered(request, action.room, action=action, words=_("Undone. Nothing was sent."))


@may("moderation.watch_rooms", "POST")
def retry(request: PersonRequest, pk: int) -> HttpResponse:
    action = own_action(request, pk)
    if isinstance(action, HttpResponse):
        return action
    try:
        key: UUID = UUIDField().clean(request.POST.get("key", ""))
        again = requests.retry(by=request.user, action=action, key=key)
    except ValidationError:
        return refused(request, _("The request lacks its key."), status=422)
    except requests.Refused as refusal:
        return refused(request, refusal.words, status=refusal.status)
    return answered(request, action.room, action=again, words=words_of(again, request))


@may("moderation.watch_rooms")
def acts_of_room(request: PersonRequest, pk: int) -> HttpResponse:
    """The state line of a room's newest acts: fetched, never pushed, for it holds buttons."""
    room = get_object_or_404(Room, pk=pk)
    actions = queries.latest_actions([pk]).get(pk, [])
    return render(request, "moderation/_acts.html", {"room": room, "actions": actions})


@may("moderation.watch_rooms")
def timeline(request: PersonRequest, pk: int) -> HttpResponse:
    room = get_object_or_404(Room, pk=pk)
    return render(
        request, "moderation/_timeline.html", {"room": room, "actions": queries.room_timeline(room)}
    )
