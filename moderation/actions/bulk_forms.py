"""The form of one order for several rooms."""

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.actions import bulk
from moderation.models import Policy
from rooms.models import Room


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
        if len(parts) > bulk.MAX_ROOMS or not all(
            part.isascii() and part.isdigit() and len(part) < 19 for part in parts
        ):
            raise forms.ValidationError(
                _("At most %(n)d rooms, by their numbers."), params={"n": bulk.MAX_ROOMS}
            )
        return list(Room.objects.filter(pk__in={int(part) for part in parts}).order_by("pk"))
