"""What the forms of every act, ban and rule are made of: a reason, an account, a length."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from moderation.core import unseen
from moderation.models import Policy
from rooms.models import Room
from rooms.text import LONGEST_ACCOUNT, NotAnAccount

LENGTHS = (
    (600, _("10 minutes")),
    (3600, _("1 hour")),
    (86400, _("24 hours")),
    (7 * 86400, _("7 days")),
    (30 * 86400, _("30 days")),
)


class OnlyReasonForm(forms.Form):
    """A reason code."""

    policy = forms.ModelChoiceField(
        Policy.objects.filter(is_active=True),
        to_field_name="code",
        empty_label=None,
        widget=forms.RadioSelect,
        label=_("Reason"),
        error_messages={"required": _("Choose a reason.")},
    )


class ReasonForm(OnlyReasonForm):
    """What every act needs: a reason code, the key that makes a repeat the same act, perhaps a
    note.
    """

    note = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), label=_("Note")
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    field_order: Sequence[str] = ("account", "seconds", "policy", "text", "note")

    @classmethod
    def initial_of(cls, room: Room) -> dict[str, object]:
        """What the form shows of the room at first."""
        return {}


class AccountField(forms.CharField):
    """One account, as it is meant: without what pasting adds, and refused where something in it
    cannot be seen.
    """

    def __init__(self, **options: Any) -> None:
        usual: dict[str, Any] = {
            "strip": False,
            "max_length": 2 * LONGEST_ACCOUNT,
            "label": _("Account"),
        }
        super().__init__(**usual | options)

    def clean(self, value: object) -> str:
        given = super().clean(value)
        try:
            return unseen.account_of(given) if given else ""
        except NotAnAccount as no:
            raise ValidationError(no.message) from None


class LiftForm(forms.Form):
    note = forms.CharField(
        max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), label=_("Why")
    )
