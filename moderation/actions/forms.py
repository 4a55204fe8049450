"""The forms of acts on hosts and members, and of one order for several rooms."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from moderation.actions import bulk
from moderation.models import Policy
from moderation.web.forms import LENGTHS, AccountField, ReasonForm
from rooms.models import Room


class WarnForm(ReasonForm):
    """A warning. The vendor tells nobody's language, so it is said which one hosts are warned in."""

    text = forms.CharField(
        required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}), label=_("Words to the host"),
        help_text=_("Empty: the words of the reason, in the language below."),
    )  # fmt: skip
    language = forms.ChoiceField(
        required=False,
        label=_("Language of the warning"),
        help_text=_("The platform does not tell a host's language. This is the console's for hosts."),
    )
    field_order = ("policy", "text", "language", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = settings.LANGUAGES
        field.initial = settings.HOST_LANGUAGE


class MemberForm(ReasonForm):
    account = AccountField()


class TimedMemberForm(MemberForm):
    seconds = forms.TypedChoiceField(choices=LENGTHS, coerce=int, initial=3600, label=_("For"))


class BulkForm(forms.Form):
    """rooms: primary keys, separated by commas. count: see bulk.order."""

    verb = forms.ChoiceField(choices=[(verb, verb) for verb in bulk.VERBS])
    rooms = forms.CharField(max_length=6000)
    policy = forms.ModelChoiceField(
        Policy.objects.filter(is_active=True), to_field_name="code", required=False
    )
    note = forms.CharField(required=False, max_length=2000)
    count = forms.IntegerField(required=False, min_value=0)
    key = forms.UUIDField()

    def clean_rooms(self) -> list[Room]:
        parts = str(self.cleaned_data["rooms"]).split(",")
        if len(parts) > bulk.MOST_ROOMS or not all(
            part.isascii() and part.isdigit() and len(part) < 19 for part in parts
        ):
            raise forms.ValidationError(
                _("At most %(n)d rooms, by their numbers."), params={"n": bulk.MOST_ROOMS}
            )
        return list(Room.objects.filter(pk__in={int(part) for part in parts}).order_by("pk"))
