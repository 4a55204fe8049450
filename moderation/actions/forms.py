"""The forms of acts on hosts and members."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from moderation.web.forms import LENGTHS, AccountField, OnlyReasonForm, ReasonForm


class WarnPreviewForm(OnlyReasonForm):
    """What of a warning the host reads.

    The vendor tells nobody's language, so it is said which one hosts are warned in.
    """

    text = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        label=_("Message to the host"),
        help_text=_("Leave empty to send the text of the reason, in the language below."),
    )
    language = forms.ChoiceField(
        required=False,
        label=_("Language of the warning"),
        help_text=_(
            "The platform does not report a host's language. This is the console's default "
            "for hosts."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = settings.LANGUAGES
        field.initial = settings.HOST_LANGUAGE


class WarnForm(WarnPreviewForm, ReasonForm):
    """A warning."""

    field_order = ("policy", "text", "language", "note")


class MemberForm(ReasonForm):
    account = AccountField()


class TimedMemberForm(MemberForm):
    seconds = forms.TypedChoiceField(choices=LENGTHS, coerce=int, initial=3600, label=_("For"))
