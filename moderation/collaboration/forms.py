"""The forms of what colleagues tell each other, and of one order for several rooms."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.actions import bulk
from moderation.models import Policy
from moderation.web.forms import ReasonForm
from rooms.models import Room


class ClaimForm(forms.Form):
    """held: whether the room is to be one's own; take_over: also when a colleague has it."""

    held = forms.BooleanField(required=False)
    take_over = forms.BooleanField(required=False)


class NoteForm(forms.Form):
    text = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), label=_("Note"))
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class EscalateForm(ReasonForm):
    note = forms.CharField(
        required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}), label=_("What is it about?")
    )
    key = None  # type: ignore[assignment]  # raised again it is the same alert, and counts


class BulkForm(forms.Form):
    """rooms: primary keys, separated by commas. count: see bulk.order."""

    verb = forms.ChoiceField(choices=[(verb, verb) for verb in bulk.VERBS])
    rooms = forms.CharField(max_length=6000)
    policy = forms.ModelChoiceField(
        Policy.objects.filter(is_active=True), to_field_name="code", required=False
    )
    note = forms.CharField(required=False, max_length=2000)
    count = forms.IntegerField(required=False, min_value=0)
    key = forms.UUIDField()

    def clean_rooms(self) -> list[Room]:
        parts = str(self.cleaned_data["rooms"]).split(",")
        if len(parts) > bulk.MOST_ROOMS or not all(
            part.isascii() and part.isdigit() and len(part) < 19 for part in parts
        ):
            raise forms.ValidationError(
                _("At most %(n)d rooms, by their numbers."), params={"n": bulk.MOST_ROOMS}
            )
        return list(Room.objects.filter(pk__in={int(part) for part in parts}).order_by("pk"))
