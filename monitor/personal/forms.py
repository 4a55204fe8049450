"""The forms of what belongs to a person's screen."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from moderation.values import undo_time
from monitor.listing import columns
from monitor.models import Preference, SavedView
from monitor.personal import preferences


class PreferenceForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    language = forms.ChoiceField(required=False, label=_("Language"))
    time_zone = forms.CharField(
        required=False,
        max_length=64,
        label=_("Time zone"),
        help_text=_("Like Asia/Tokyo; empty: the console's."),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )

    undo_seconds = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        label=_("Time to undo"),
        help_text=_("Your End waits this long before it is sent. End now sends it at once."),
    )

    class Meta:
        model = Preference
        fields = ("language", "time_zone", "theme", "blur", "greyscale", "muted", "single_keys")
        labels = {
            "theme": _("Colours"),
            "blur": _("Blur pictures until the pointer is on them"),
            "greyscale": _("Pictures without colour"),
            "muted": _("Pictures start without sound"),
            "single_keys": _("Single-key shortcuts"),
        }
        help_texts = {"blur": "", "greyscale": "", "muted": "", "single_keys": ""}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language, undo = self.fields["language"], self.fields["undo_seconds"]
        assert isinstance(language, forms.ChoiceField)
        assert isinstance(undo, forms.ChoiceField)
        language.choices = [("", _("as the browser")), *settings.LANGUAGES]
        usual = _("%(n)s s, as this console") % {"n": f"{settings.END_GRACE_SECONDS:g}"}
        undo.choices = [("", usual), *((n, _("%(n)s s") % {"n": n}) for n in undo_time.choices())]

    def clean_time_zone(self) -> str:
        zone = str(self.cleaned_data["time_zone"]).strip()
        if zone and zone not in preferences.zones():
            raise forms.ValidationError(_("There is no such time zone."))
        return zone


class ThemeForm(forms.Form):
    theme = forms.ChoiceField(choices=Preference.Theme.choices, required=False)


class ColumnsForm(forms.Form):
    """columns: as an address has them; nothing for the default ones."""

    columns = forms.CharField(max_length=200, required=False)

    def clean_columns(self) -> str:
        return ",".join(columns.read(self.cleaned_data["columns"]))


class ViewForm(forms.Form):
    name = forms.CharField(max_length=60, label=_("Name"))
    page = forms.ChoiceField(choices=SavedView.Page.choices, widget=forms.HiddenInput)
    query = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)
    is_shared = forms.BooleanField(required=False, label=_("for everybody"))
