"""The forms of accounts, passwords, reason codes and tokens."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model, password_validation
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from moderation.core.roles import ROLE_NAMES
from moderation.models import ApiToken, Policy
from moderation.staff.tokens import SCOPES
from rooms.infra import database_time

TOKEN_DAYS = (
    (30, _("30 days")),
    (90, _("90 days")),
    (365, _("1 year")),
    (0, _("without end")),
)


# Languages in which a reason has words of its own, beside those that it was first written in.
TRANSLATED = [(code, name) for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


class PersonForm(forms.Form):
    """A new account of the console."""

    # ASCII: letters of other scripts look like these. A letter or digit first: not "..".
    username = forms.RegexField(r"^[A-Za-z0-9][A-Za-z0-9_.@+-]{1,149}$", label=_("User name"))
    role = forms.ChoiceField(choices=list(ROLE_NAMES.items()), label=_("Role"))
    password = forms.CharField(widget=forms.PasswordInput, label=_("First password"))

    def clean_username(self) -> str:
        name = self.cleaned_data["username"]
        if get_user_model().objects.filter(username__iexact=name).exists():
            raise ValidationError(_("This name is taken."))
        return str(name)

    def clean_password(self) -> str:
        account = User(username=self.cleaned_data.get("username", ""))
        password_validation.validate_password(self.cleaned_data["password"], account)
        return str(self.cleaned_data["password"])


class ChangePersonForm(forms.Form):
    """Role, access and, when given, a new password.

    Nobody takes the own supervisor's role or access away.
    """

    role = forms.ChoiceField(choices=list(ROLE_NAMES.items()), label=_("Role"))
    is_active = forms.BooleanField(required=False, label=_("Can log in"))
    password = forms.CharField(required=False, widget=forms.PasswordInput, label=_("New password"))

    def __init__(self, *args: Any, person: User, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_self = person.pk == by.pk
        self.person = person
        if self.is_self:
            del self.fields["password"]

    def clean_password(self) -> str:
        if self.cleaned_data["password"]:
            password_validation.validate_password(self.cleaned_data["password"], self.person)
        return str(self.cleaned_data["password"])

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if self.is_self and self.data.get("password"):
            raise ValidationError(
                _("Your own password is changed on its own page, with the old one.")
            )
        if self.is_self and (cleaned.get("role") != "supervisor" or not cleaned.get("is_active")):
            raise ValidationError(
                _("You cannot take your own access away. Ask another supervisor.")
            )
        return cleaned


class OwnPasswordForm(PasswordChangeForm):
    """The own password: the old one, and another one twice."""

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        given = cleaned.get("new_password1")
        if given and given == cleaned.get("old_password"):
            self.add_error("new_password1", _("This is the old password."))
        return cleaned


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    class Meta:
        model = Policy
        fields = ["title", "text", "key", "is_active", "hold_seconds", "hold_while_banned"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        labels = {
            "title": _("Title"),
            "text": _("Message to the host"),
            "key": _("Key"),
            "is_active": _("Available"),
            "hold_seconds": _("Re-open block after an end, seconds"),
            "hold_while_banned": _("Re-open block while the host is banned"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.instance.translations
        for code, _name in TRANSLATED:
            own = known.get(code, {})
            self.fields[f"title-{code}"] = forms.CharField(
                required=False, max_length=100, label=_("Title"), initial=own.get("title", "")
            )
            self.fields[f"text-{code}"] = forms.CharField(
                required=False,
                max_length=500,
                label=_("Message to the host"),
                initial=own.get("text", ""),
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def visible_fields(self) -> list[forms.BoundField]:
        """Those of the reason itself; the other languages' come by `by_language`."""
        return [field for field in super().visible_fields() if "-" not in field.name]

    def by_language(self) -> list[dict[str, object]]:
        """One entry a language: {"code", "name", "fields": its two fields, "is_complete",
        "has_errors"}.
        """
        found = []
        for code, name in TRANSLATED:
            fields = [self[f"title-{code}"], self[f"text-{code}"]]
            wanted = [bool(self.instance.title), bool(self.instance.text)]
            complete = all(
                field.value() or not want for field, want in zip(fields, wanted, strict=True)
            )
            errors = any(field.errors for field in fields)
            found.append(
                {
                    "code": code,
                    "name": name,
                    "fields": fields,
                    "is_complete": complete,
                    "has_errors": errors,
                }
            )
        return found

    @property
    def changed(self) -> dict[str, object]:
        """The cleaned form as fields of a Policy."""
        words: dict[str, dict[str, str]] = {}
        for code, _name in TRANSLATED:
            own = dict(self.instance.translations.get(code, {}))
            # A page of before this language was there says nothing of it.
            sent = [
                name for name in ("title", "text") if self.add_prefix(f"{name}-{code}") in self.data
            ]
            own |= {name: self.cleaned_data[f"{name}-{code}"] for name in sent}
            if any(own.values()):
                words[code] = {name: value for name, value in own.items() if value}
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()} | {
            "translations": words
        }


class TokenForm(forms.Form):
    """A new token of the API: who uses it, what it opens, how long."""

    name = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9._-]{1,39}$",
        label=_("Who uses it"),
        help_text=_("Letters, digits, dot, dash, underscore. The audit log shows this name."),
    )
    scopes = forms.MultipleChoiceField(
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
        label=_("What it may do"),
        error_messages={"required": _("Choose at least one.")},
    )
    days = forms.TypedChoiceField(choices=TOKEN_DAYS, coerce=int, initial=90, label=_("Valid for"))

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if ApiToken.objects.filter(name__iexact=name).exists():
            raise ValidationError(
                _(
                    "This name is taken. A revoked token keeps its name, because the audit log "
                    "refers to it."
                )
            )
        return name

    @property
    def expires_at(self) -> dt.datetime | None:
        """Counted from now; None: never."""
        days = self.cleaned_data["days"]
        return database_time.now() + dt.timedelta(days=days) if days else None
