"""The forms that close alerts."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _

from moderation.core.errors import Refused
from moderation.models import Alert
from rooms.models import Room

OUTCOMES = [
    (choice.value, choice.label) for choice in (Alert.Outcome.HANDLED, Alert.Outcome.DISMISSED)
]


class CloseForm(forms.Form):
    """What became of an alert."""

    outcome = forms.ChoiceField(choices=OUTCOMES)
    note = forms.CharField(max_length=2000, required=False)


class AnsweredForm(forms.Form):
    """alert: the one that an act answers, by its number; empty: none."""

    alert = forms.ModelChoiceField(Alert.objects.select_related("room"), required=False)


def answered_alert(given: Mapping[str, object], room: Room) -> Alert | None:
    """The alert of this room that the form of an act names, if any. Raises Refused for another."""
    form = AnsweredForm(given)
    alert = form.cleaned_data["alert"] if form.is_valid() else None
    if not form.is_valid() or (alert is not None and alert.room_id != room.pk):
        raise Refused(_("There is no such alert in this room."), status=422)
    return alert
