"""The filters of the record's pages."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AuditFilterForm(forms.Form):
    actor = forms.CharField(required=False, max_length=150, label=_("Person"))
    verb = forms.CharField(required=False, max_length=40, label=_("Action"))
    outcome = forms.CharField(required=False, max_length=40, label=_("Outcome"))
    reason = forms.CharField(required=False, max_length=40, label=_("Reason"))
    target = forms.CharField(required=False, max_length=128, label=_("Target"))
    since = forms.DateField(
        required=False, widget=forms.DateInput(attrs={"type": "date"}), label=_("From day")
    )
    until = forms.DateField(
        required=False, widget=forms.DateInput(attrs={"type": "date"}), label=_("To day")
    )
    # Where links lead: the entries of one room, act or ban.
    room_pk = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput
    )
    action_id = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput
    )
    ban_id = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput
    )
