"""The forms of platform bans."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from moderation.core import unseen
from moderation.models import Alert, Ban
from moderation.web.forms import AccountField, ReasonForm
from rooms.infra import database_time
from rooms.models import Room
from rooms.text import NotAnAccount, trimmed

BAN_LENGTHS = (
    (86400, _("1 day")),
    (7 * 86400, _("7 days")),
    (30 * 86400, _("30 days")),
    (365 * 86400, _("1 year")),
    (0, _("permanent")),
)


class UntilForm(forms.Form):
    """When a platform ban ends. A permanent one needs the account typed once more."""

    seconds = forms.TypedChoiceField(
        choices=BAN_LENGTHS, coerce=int, initial=7 * 86400, label=_("For")
    )
    again = forms.CharField(
        required=False, max_length=128, label=_("Repeat the account to confirm a permanent ban")
    )

    def banned_account(self) -> str | None:
        """Whose ban it is; None: a typed account proves nothing."""
        return str(self.cleaned_data.get("account", ""))

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        wanted = self.banned_account()
        again = trimmed(cleaned.get("again", ""))
        if (
            cleaned.get("seconds") == 0
            and wanted is not None
            and again not in {wanted, trimmed(wanted)}
        ):
            self.add_error("again", _("A permanent ban needs the account typed again."))
        return cleaned

    @property
    def until(self) -> dt.datetime | None:
        """Counted from now; None: permanent."""
        seconds = self.cleaned_data["seconds"]
        return database_time.now() + dt.timedelta(seconds=seconds) if seconds else None


class BanForm(UntilForm, ReasonForm):
    """A new platform ban."""

    account = forms.CharField(
        max_length=40_000,
        label=_("Account"),
        widget=forms.Textarea(attrs={"rows": 1, "spellcheck": "false"}),
        help_text=_(
            "Several accounts: one a line, or with commas or tabs between, or an exported list."
        ),
    )
    sure = forms.CharField(required=False, max_length=40_000, widget=forms.HiddenInput, strip=False)
    room = forms.ModelChoiceField(Room.objects.all(), required=False, widget=forms.HiddenInput)
    alert = forms.ModelChoiceField(
        Alert.objects.select_related("room"), required=False, widget=forms.HiddenInput
    )
    field_order = ("account", "policy", "seconds", "again", "note")

    def clean_account(self) -> list[str]:
        try:
            return unseen.accounts_of(self.cleaned_data["account"])
        except NotAnAccount as no:
            raise ValidationError(no.message) from None

    def banned_account(self) -> str | None:
        accounts = self.cleaned_data.get("account") or [""]
        return (
            str(accounts[0]) if len(accounts) == 1 else None
        )  # several are confirmed on their preview

    @property
    def is_sure(self) -> bool:
        """Whether the person has said yes to these very accounts."""
        return bool(self.cleaned_data["sure"].splitlines() == self.cleaned_data["account"])


class AskForm(ReasonForm):
    """Asks for a platform ban. about: the alert whose evidence is copied. alert: the one that it
    answers, and closes.
    """

    account = AccountField()
    room = forms.ModelChoiceField(Room.objects.all(), required=False, widget=forms.HiddenInput)
    about = forms.ModelChoiceField(
        Alert.objects.select_related("room"), required=False, widget=forms.HiddenInput
    )
    alert = forms.ModelChoiceField(
        Alert.objects.select_related("room"), required=False, widget=forms.HiddenInput
    )
    field_order = ("account", "policy", "note")


class ChangeBanForm(UntilForm):
    """Another end of a ban; `version` is the one that the person saw."""

    note = forms.CharField(
        max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), label=_("Why")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, ban: Ban, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ban = ban
        self.initial["version"] = ban.version

    def banned_account(self) -> str:
        return self.ban.account
