"""The form of a new room: every limit is said before the vendor is asked."""

import dataclasses
import re

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liveapi.commands.accounts import NEW_ACCOUNT_BYTES
from liveapi.commands.rooms import NEW_ROOM_ID_BYTES
from moderation.core import room_fields
from moderation.core.room_fields import NewRoom
from moderation.models import PlannedRoom, Policy
from moderation.provisioning import plans
from moderation.web.forms import AccountField, ReasonForm
from rooms.text import trimmed

LAYOUT_NAMES = {
    "VideoDynamicGrid9Seats": _("grid, grows with its guests"),
    "VideoDynamicFloat7Seats": _("host in full, guests float as they come"),
    "VideoFixedGrid9Seats": _("grid, always nine"),
    "VideoFixedFloat7Seats": _("host in full, six fixed places"),
    "VideoLandscape4Seat": _("landscape, guests by voice"),
}
SEAT_MODES = (
    ("FreeToTake", _("guests take a free seat")),
    ("ApplyToTake", _("guests ask for a seat")),
)
NUMBER = re.compile(r"\d{1,10}", re.ASCII)


def counted(max_bytes: int, warns: int | None = None) -> forms.TextInput:
    """A field whose bytes are counted as they are typed (static/js/pages/plan.js), with a word
    above `warns` bytes.
    """
    marks: dict[str, object] = {"data-bytes": max_bytes, "autocomplete": "off"}
    return forms.TextInput(marks | ({"data-bytes-warn": warns} if warns else {}))


class PlanForm(ReasonForm):
    """A new room; `room` is what was filled in."""

    policy = forms.ModelChoiceField(
        Policy.objects.filter(code__in=plans.REASONS),
        to_field_name="code",
        empty_label=None,
        initial=plans.REASONS[0],
        widget=forms.RadioSelect,
        label=_("Reason"),
    )
    seat_template = forms.ChoiceField(
        choices=tuple(LAYOUT_NAMES.items()),
        initial=room_fields.DEFAULT_LAYOUT,
        widget=forms.RadioSelect,
        label=_("Layout"),
    )
    room_id = forms.CharField(widget=counted(NEW_ROOM_ID_BYTES), strip=False, label=_("RoomId"))
    owner_account = AccountField(widget=counted(NEW_ACCOUNT_BYTES), label=_("Owner account"))
    import_owner = forms.BooleanField(required=False, label=_("Import the account"))
    name = forms.CharField(
        required=False,
        widget=counted(room_fields.NAME_BYTES, room_fields.NAME_BYTES_OF_APPS),
        label=_("Name"),
    )
    cover_url = forms.CharField(
        required=False, widget=counted(room_fields.COVER_BYTES), label=_("Cover address")
    )
    notice = forms.CharField(
        required=False, widget=counted(room_fields.NOTICE_BYTES), label=_("Notice")
    )
    categories = forms.CharField(
        required=False,
        max_length=60,
        label=_("Categories"),
        help_text=_("At most three numbers of your own, with commas."),
    )
    visibility = forms.ChoiceField(
        choices=PlannedRoom.Visibility,
        initial="on_start",
        widget=forms.RadioSelect,
        label=_("Visibility"),
    )
    take_seat_mode = forms.ChoiceField(
        choices=SEAT_MODES, widget=forms.RadioSelect, initial="FreeToTake", label=_("Seats")
    )
    minutes = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=30 * 1440,
        label=_("Time limit, minutes"),
        help_text=_("Counted from the host's start. Empty: no limit."),
    )
    starts_at = forms.DateTimeField(
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        label=_("Create at"),
        help_text=_("Leave empty to create it at once."),
    )

    def clean_room_id(self) -> str:
        return trimmed(self.cleaned_data["room_id"])

    def clean_categories(self) -> list[int]:
        """Numbers out of what was typed; creation.check judges them."""
        words = re.split(r"[,;\s]+", self.cleaned_data["categories"].strip())
        if not all(NUMBER.fullmatch(word) for word in words if word):
            raise forms.ValidationError(gettext("Whole numbers only, with commas between them."))
        return [int(word) for word in words if word]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        minutes = cleaned.pop("minutes", None)
        cleaned["time_limit_seconds"] = minutes * 60 if minutes else None
        # What is missing is said already by its own field.
        for name, message in plans.check(self.room()).items():
            self.add_error("minutes" if name == "time_limit_seconds" else name, message)
        return cleaned

    def room(self) -> NewRoom:
        """The room as far as it was given; "-" for what it must have and is missing or wrong."""
        names = [field.name for field in dataclasses.fields(NewRoom)]
        given = {
            name: self.cleaned_data[name]
            for name in names
            if self.cleaned_data.get(name) is not None
        }
        return NewRoom(**{"room_id": "-", "owner_account": "-"} | given)
