"""Claims, notes, escalations. Thin: a guard, a form, one call, an answer."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from moderation.collaboration import claims, notes
from moderation.collaboration.forms import ClaimForm, EscalateForm, NoteForm
from moderation.models import Note
from moderation.web import toasts
from moderation.web.guards import may
from moderation.web.requests import PersonRequest
from moderation.web.responses import acted
from rooms.models import Room

CLAIM = "moderation.claim_room"


@may(CLAIM, "POST")
def claim(request: PersonRequest, pk: int) -> HttpResponse:
    """Claims the room, or gives it back."""
    room = get_object_or_404(Room, pk=pk)
    form = ClaimForm(request.POST)
    form.is_valid()
    if form.cleaned_data["held"]:
        claims.claim(by=request.user, room=room, take_over=form.cleaned_data["take_over"])
        said = _("%(room)s: you have claimed it.")
    else:
        claims.release(by=request.user, room=room)
        said = _("%(room)s: claim released.")
    return acted(request, room, {"said": {"text": said % {"room": room.title}}})


@may("moderation.write_note", "GET", "POST")
def note(request: PersonRequest, pk: int) -> HttpResponse:
    room = get_object_or_404(Room, pk=pk)
    form = NoteForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        words = _("Colleagues can read it here and on the host's account page. The host cannot.")
        return desk_page(
            request, room, form, title=_("Note"), words=words, url=reverse("note", args=[pk])
        )
    written = notes.write(by=request.user, room=room, **form.cleaned_data)
    return answered(
        request, room, _("The note is saved."), undo=reverse("note-undo", args=[written.pk])
    )


@may("moderation.write_note", "POST")
def note_undo(request: PersonRequest, pk: int) -> HttpResponse:
    written = get_object_or_404(Note.objects.select_related("room"), pk=pk)
    notes.take_back(by=request.user, note=written)
    if written.room is None:
        return HttpResponse(status=204)
    return answered(request, written.room, _("The note is deleted."))


@may("moderation.escalate_room", "GET", "POST")
def escalate(request: PersonRequest, pk: int) -> HttpResponse:
    room = get_object_or_404(Room, pk=pk)
    form = EscalateForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        words = _("It appears first in everybody's queue at once. The room itself is not changed.")
        url = reverse("escalate", args=[pk])
        return desk_page(request, room, form, title=_("Escalate"), words=words, url=url)
    notes.escalate(by=request.user, room=room, **form.cleaned_data)
    return answered(request, room, _("Escalated: it is in the queue."))


def desk_page(request: PersonRequest, room: Room, form: object, **more: str) -> HttpResponse:
    """A form about a room: a dialog's inside for htmx, a page of its own without."""
    inside = bool(request.htmx)
    status = 422 if request.method == "POST" else 200
    template = "moderation/_desk_form.html" if inside else "moderation/desk.html"
    return render(request, template, {"room": room, "form": form, **more}, status=status)


def answered(request: PersonRequest, room: Room, words: str, undo: str = "") -> HttpResponse:
    """As `acted`, with a toast that has an Undo of its own."""
    toast: toasts.Toast = {"text": toasts.naming(words, room.title), "undo": undo}
    return acted(request, room, {"toast": toast, "alerts": {}})
