"""The forms of the weights and of their replay."""

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.attention.presentation import NAMES
from moderation.models import RiskWeights
from moderation.values.risk import CODES, MAX_WEIGHT, Code

HOURS = ((6, _("6 hours")), (24, _("24 hours")), (72, _("3 days")), (168, _("7 days")))
TOPS = ((10, "10"), (25, "25"), (50, "50"))


class PointsForm(forms.Form):
    """One weight a term."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        for code in CODES:
            self.fields[code] = forms.IntegerField(
                min_value=0, max_value=MAX_WEIGHT, label=NAMES[code]
            )

    @property
    def points(self) -> dict[Code, int]:
        """The weights of a valid form."""
        return {code: int(self.cleaned_data[code]) for code in CODES}


class WeightsForm(PointsForm):
    """A new version. version: the one in force that the person saw."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    note = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        label=_("Why"),
        error_messages={"required": _("Explain why.")},
    )
    field_order = ("version", *CODES, "note")

    @classmethod
    def showing(cls, shown: RiskWeights, *, in_force: RiskWeights) -> "WeightsForm":
        """The form with the weights of a version; saved it follows the one in force."""
        initial: dict[str, int] = dict(shown.points.items())
        return cls(initial=initial | {"version": in_force.version})


class ReplayForm(forms.Form):
    hours = forms.TypedChoiceField(choices=HOURS, coerce=int, initial=24, label=_("Over the last"))
    top = forms.TypedChoiceField(choices=TOPS, coerce=int, initial=25, label=_("First rooms"))
