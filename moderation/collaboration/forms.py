"""The forms of what colleagues tell each other."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.web.forms import ReasonForm


class ClaimForm(forms.Form):
    """held: whether the room is to be one's own; take_over: also when a colleague has it."""

    held = forms.BooleanField(required=False)
    take_over = forms.BooleanField(required=False)


class NoteForm(forms.Form):
    text = forms.CharField(
        max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), label=_("Note")
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class EscalateForm(ReasonForm):
    note = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        label=_("What is it about?"),
    )
    key = None  # type: ignore[assignment]  # raised again it is the same alert, and counts
