"""The form that closes several alerts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.alerts.forms import OUTCOMES
from moderation.models import Alert

MAX_ALERTS = 200


def numbers(text: str) -> list[int]:
    """The numbers in "1,2,3", each once; nonsense and what is beyond MAX_ALERTS is left out."""
    parts = text.split(",")[:MAX_ALERTS]
    found = [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 19]
    return list(dict.fromkeys(found))


class SeveralForm(forms.Form):
    """alerts: their numbers, separated by commas. count: typed by the person where they are many;
    see closing.close.
    """

    outcome = forms.ChoiceField(choices=OUTCOMES, widget=forms.HiddenInput)
    alerts = forms.CharField(max_length=6000, widget=forms.HiddenInput)
    why = forms.ChoiceField(
        choices=Alert.Why.choices,
        widget=forms.RadioSelect,
        label=_("Reason"),
        error_messages={"required": _("Choose a reason.")},
    )
    note = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), label=_("Note")
    )
    count = forms.IntegerField(
        required=False,
        min_value=0,
        label=_("Number of alerts, to confirm"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, asks_count: bool, **kwargs: Any) -> None:
        """asks_count: whether they are so many that their number must be typed."""
        super().__init__(*args, **kwargs)
        if not asks_count:
            del self.fields["count"]

    def clean_alerts(self) -> list[Alert]:
        pks = numbers(str(self.cleaned_data["alerts"]))
        return list(Alert.objects.filter(pk__in=pks).select_related("room").order_by("pk"))
