"""The form that closes an alert."""

from django import forms

from moderation.models import Alert


class CloseForm(forms.Form):
    """What became of an alert."""

    outcome = forms.ChoiceField(
        choices=[
            (choice.value, choice.label)
            for choice in (Alert.Outcome.HANDLED, Alert.Outcome.DISMISSED)
        ]
    )
    note = forms.CharField(max_length=2000, required=False)
