"""The forms of time limits and holds."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from moderation.lifecycle.limits import MAX_SECONDS, MIN_SECONDS
from moderation.models import Policy, TimeLimit
from rooms.infra import database_time

# the reason that time limits are shipped with; people do not pick it for other acts
TIME_IS_OVER = "time-is-over"
FROM_NOW, FROM_START = "now", "start"
COUNTED = ((FROM_NOW, _("from now")), (FROM_START, _("from the host's start")))


def reasons() -> QuerySet[Policy]:
    return Policy.objects.filter(Q(is_active=True) | Q(code=TIME_IS_OVER)).order_by("key", "code")


class LimitForm(forms.Form):
    """A limit for a RoomId; `version` is that of the limit that the person saw, 0: there was
    none.
    """

    minutes = forms.IntegerField(
        min_value=MIN_SECONDS // 60, max_value=MAX_SECONDS // 60, label=_("Minutes"), initial=60
    )
    counted = forms.ChoiceField(
        choices=COUNTED, widget=forms.RadioSelect, label=_("Counted"), initial=FROM_NOW
    )
    policy = forms.ModelChoiceField(
        reasons(), to_field_name="code", empty_label=None, label=_("Reason"), initial=TIME_IS_OVER
    )
    note = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), label=_("Note")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    def limits(self) -> dict[str, Any]:
        """What limits.set_limit takes of it."""
        given = {name: self.cleaned_data[name] for name in ("policy", "note", "version")}
        seconds = 60 * self.cleaned_data["minutes"]
        if self.cleaned_data["counted"] == FROM_START:
            return given | {"seconds": seconds}
        return given | {"ends_at": database_time.now() + dt.timedelta(seconds=seconds)}


class ExtendForm(forms.Form):
    """So many seconds more; for the reason that the limit has, if none is given."""

    seconds = forms.IntegerField(min_value=MIN_SECONDS, max_value=MAX_SECONDS, label=_("Seconds"))
    version = forms.IntegerField(min_value=1)
    policy = forms.ModelChoiceField(reasons(), to_field_name="code", required=False)
    note = forms.CharField(required=False, max_length=2000)


def first_values(limit: TimeLimit | None) -> dict[str, object]:
    """What the form of a limit begins with: what is left of the present one."""
    if limit is None:
        return {}
    known: dict[str, object] = {"version": limit.version, "policy": limit.policy.code}
    if limit.ends_at is None:
        return known | {"minutes": max(1, (limit.seconds or 0) // 60), "counted": FROM_START}
    left = (limit.ends_at - database_time.now()).total_seconds()
    return known | ({"minutes": round(left / 60)} if left >= MIN_SECONDS else {})
