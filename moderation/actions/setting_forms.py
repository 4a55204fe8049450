"""The forms of changes of a room.

What each holds for the order is its `arguments`; see `moderation.actions.verbs`.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from liveapi.calls import ACCOUNT_BYTES
from liveapi.commands.rooms import METADATA_KEY_BYTES, METADATA_VALUE_BYTES
from moderation.core import room_fields
from moderation.values.acts import Admins, Arguments, Edit, Metadata, Nothing
from moderation.web.forms import AccountField, ReasonForm
from rooms.infra import json_values
from rooms.models import Room

SEAT_MODES = (
    ("FreeToTake", _("anybody may take a seat")),
    ("ApplyToTake", _("seats are applied for")),
)


class BytesField(forms.CharField):
    """Text of at most so many bytes, as the vendor counts. lines: it may have several of them."""

    def __init__(self, max_bytes: int, *, lines: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.max_bytes = max_bytes
        self.lines = lines

    def validate(self, value: str) -> None:
        super().validate(value)
        wrong = (
            room_fields.wrong_size(value, self.max_bytes)
            if self.lines
            else room_fields.wrong_text(value, self.max_bytes)
        )
        if wrong:
            raise ValidationError(wrong)


class CategoriesField(forms.CharField):
    """At most three whole numbers, written as a person writes them: "1, 2 3"."""

    def clean(self, value: object) -> list[int]:
        words = str(super().clean(value)).replace(",", " ").split()
        if not all(word.isascii() and word.isdigit() and len(word) <= 10 for word in words):
            raise ValidationError(_("Whole numbers, separated by commas."))
        numbers = [int(word) for word in words]
        if len(numbers) > room_fields.MAX_CATEGORIES or not all(
            map(room_fields.is_category, numbers)
        ):
            raise ValidationError(_("At most three numbers, none above 4294967295."))
        return numbers


class ChangeForm(ReasonForm):
    """A change that takes nothing but its reason."""

    def arguments(self) -> Arguments:
        """The arguments of the order, out of `cleaned_data`. Raises ValidationError."""
        return Nothing()

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        return {name: cleaned[name] for name in ("policy", "note", "key")} | {
            "arguments": json_values.write(self.arguments())
        }


class EditForm(ChangeForm):
    """Texts, categories and seat mode.

    Only what the person has changed is sent: each field keeps what it showed.
    """

    room_name = BytesField(
        room_fields.NAME_BYTES,
        required=False,
        show_hidden_initial=True,
        label=_("Name"),
        help_text=_("At most 100 bytes. Some apps take 30 only."),
    )
    notice = BytesField(
        room_fields.NOTICE_BYTES,
        required=False,
        show_hidden_initial=True,
        label=_("Notice"),
        help_text=_("At most 100 bytes; everybody in the room reads it."),
    )
    cover_url = BytesField(
        room_fields.COVER_BYTES,
        required=False,
        show_hidden_initial=True,
        label=_("Address of the cover"),
        help_text=_("At most 200 bytes."),
    )
    categories = CategoriesField(
        required=False,
        max_length=40,
        show_hidden_initial=True,
        label=_("Categories"),
        help_text=_("At most three numbers of the platform's own."),
    )
    take_seat_mode = forms.ChoiceField(
        choices=SEAT_MODES, required=False, show_hidden_initial=True, label=_("Seats")
    )
    field_order = (
        "room_name",
        "notice",
        "cover_url",
        "categories",
        "take_seat_mode",
        "policy",
        "note",
    )

    @classmethod
    def initial_of(cls, room: Room) -> dict[str, object]:
        return {
            "room_name": room.name,
            "notice": room.notice,
            "cover_url": room.cover_url,
            "categories": ", ".join(str(number) for number in room.categories),
            "take_seat_mode": room.take_seat_mode or "FreeToTake",
        }

    def clean_cover_url(self) -> str:
        address = str(self.cleaned_data["cover_url"])
        if address and not address.startswith(("https://", "http://")):
            raise ValidationError(_("An address begins with https:// or http://."))
        return address

    def arguments(self) -> Arguments:
        own = set(self.changed_data) - set(ReasonForm.base_fields)
        changed = {name: self.cleaned_data[name] for name in self.fields if name in own}
        if not changed:
            raise ValidationError(_("Nothing was changed."))
        if changed.get("take_seat_mode") == "":
            raise ValidationError(_("Choose how seats are taken."))
        if "categories" in changed:
            changed["categories"] = tuple(changed["categories"])
        return Edit(**changed)


class AdminsForm(ChangeForm):
    operation = forms.ChoiceField(
        choices=(("add", _("make an administrator")), ("delete", _("is one no longer"))),
        label=_("What"),
    )
    account = AccountField()
    field_order = ("account", "operation", "policy", "note")

    def clean_account(self) -> str:
        account = str(self.cleaned_data["account"])
        if wrong := room_fields.wrong_text(account, ACCOUNT_BYTES):
            raise ValidationError(wrong)
        return account

    def arguments(self) -> Arguments:
        return Admins(
            operation=self.cleaned_data["operation"], accounts=(self.cleaned_data["account"],)
        )


class MetadataForm(ChangeForm):
    name = BytesField(METADATA_KEY_BYTES, label=_("Key"), help_text=_("At most 50 bytes."))
    value = BytesField(
        METADATA_VALUE_BYTES,
        lines=True,
        required=False,
        strip=False,
        label=_("Value"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "At most 2048 bytes. Everybody in the room can read it: never write about people here."
        ),
    )
    delete = forms.BooleanField(required=False, label=_("Delete this key"))
    field_order = ("name", "value", "delete", "policy", "note")

    def arguments(self) -> Arguments:
        if self.cleaned_data["delete"]:
            return Metadata(delete=(self.cleaned_data["name"],))
        return Metadata(set={self.cleaned_data["name"]: self.cleaned_data["value"]})
