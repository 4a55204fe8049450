"""Claims, notes, escalations, and one order for several rooms. Thin: a guard, a form, one call, an answer."""

import json

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from moderation.actions import bulk, presentation
from moderation.actions.verbs import VERBS
from moderation.actions.views import answered
from moderation.collaboration import claims, notes
from moderation.collaboration.forms import BulkForm, ClaimForm, EscalateForm, NoteForm
from moderation.core.errors import Refused
from moderation.models import Note
from moderation.web.guards import may
from moderation.web.requests import PersonRequest
from moderation.web.responses import refused
from rooms.models import Room

CLAIM = "moderation.claim_room"


@may(CLAIM, "POST")
def claim(request: PersonRequest, pk: int) -> HttpResponse:
    """Claims the room, or gives it back."""
    room = get_object_or_404(Room, pk=pk)
    form = ClaimForm(request.POST)
    form.is_valid()
    try:
        if form.cleaned_data["held"]:
            claims.claim(by=request.user, room=room, take_over=form.cleaned_data["take_over"])
            said = _("%(room)s: you take care of it now.")
        else:
            claims.release(by=request.user, room=room)
            said = _("%(room)s: given back.")
    except Refused as refusal:
        return refused(request, refusal.words, status=refusal.status)
    return answered(request, room, said=said % {"room": room.title})


@may("moderation.write_note", "GET", "POST")
def note(request: PersonRequest, pk: int) -> HttpResponse:
    room = get_object_or_404(Room, pk=pk)
    form = NoteForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        words = _("Colleagues read it here and at the host's account. The host does not.")
        return desk_page(request, room, form, title=_("Note"), words=words, url=reverse("note", args=[pk]))
    try:
        written = notes.write(by=request.user, room=room, **form.cleaned_data)
    except Refused as refusal:
        return refused(request, refusal.words, status=refusal.status)
    return told(request, room, _("The note is kept."), undo=reverse("note-undo", args=[written.pk]))


@may("moderation.write_note", "POST")
def note_undo(request: PersonRequest, pk: int) -> HttpResponse:
    written = get_object_or_404(Note.objects.select_related("room"), pk=pk)
    try:
        notes.take_back(by=request.user, note=written)
    except Refused as refusal:
        return refused(request, refusal.words, status=refusal.status)
    if written.room is None:
        return HttpResponse(status=204)
    return told(request, written.room, _("The note is taken back."))


@may("moderation.escalate_room", "GET", "POST")
def escalate(request: PersonRequest, pk: int) -> HttpResponse:
    room = get_object_or_404(Room, pk=pk)
    form = EscalateForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        words = _("It stands first in the queue at once, for everybody. Nothing happens to the room by it.")
        url = reverse("escalate", args=[pk])
        return desk_page(request, room, form, title=_("Escalate"), words=words, url=url)
    try:
        notes.escalate(by=request.user, room=room, **form.cleaned_data)
    except Refused as refusal:
        return refused(request, refusal.words, status=refusal.status)
    return told(request, room, _("Escalated: it is in the queue."))


@may("moderation.watch_rooms", "POST")
def several(request: PersonRequest) -> HttpResponse:
    """One order for the selected rooms; the answer says what became of each."""
    form = BulkForm(request.POST)
    if not form.is_valid():
        return refused(request, _("Say what is to be done with which rooms."), status=422)
    asked = form.cleaned_data
    verb = asked["verb"]
    if not request.user.has_perm(CLAIM if verb == "claim" else VERBS[verb].permission):
        return refused(request, _("Your role may not do this."), status=403)
    try:
        said = bulk.order(by=request.user, **asked)
    except Refused as refusal:
        if request.headers.get("HX-Request") and len(asked["rooms"]) > settings.BULK_LIMIT:
            return render(request, "moderation/_bulk_count.html", {"asked": asked, "words": refusal.words})
        return refused(request, refusal.words, status=refusal.status)
    template = "moderation/_bulk.html" if request.headers.get("HX-Request") else "moderation/bulk.html"
    answer = render(request, template, {"said": said, "count": len(said)})
    answer.headers["HX-Trigger"] = json.dumps({"ordered": {"rooms": [one.room.pk for one in said]}})
    return answer


def desk_page(request: PersonRequest, room: Room, form: object, **more: str) -> HttpResponse:
    """A form about a room: a dialog's inside for htmx, a page of its own without."""
    inside = bool(request.headers.get("HX-Request"))
    status = 422 if request.method == "POST" else 200
    template = "moderation/_desk_form.html" if inside else "moderation/desk.html"
    return render(request, template, {"room": room, "form": form, **more}, status=status)


def told(request: PersonRequest, room: Room, words: str, undo: str = "") -> HttpResponse:
    """As `answered`, with an Undo of its own."""
    if not request.headers.get("HX-Request"):
        return answered(request, room, words=words)
    events = {
        "acted": {"room": room.pk, "action": None},
        "toast": {"text": presentation.naming(words, room.title), "undo": undo},
        "alerts": {},
    }
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(events)})
