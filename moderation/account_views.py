"""The page of one account. Thin: a guard, what is asked for, a page."""

import datetime as dt

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from moderation import accounts
from moderation.access import PersonRequest, may

LONGEST = 128


@may("moderation.watch_rooms")
def account(request: PersonRequest, account: str) -> HttpResponse:
    """All about one account, the newest first; ?before=<ISO time> for what is older."""
    if len(account) > LONGEST or "\x00" in account:
        raise Http404
    before = moment(request.GET.get("before", ""))
    may_see_bans = request.user.has_perm("moderation.view_ban")
    events = accounts.timeline(account, before=before, with_bans=may_see_bans)
    context = {
        "account": account, "events": events, "before": before, "may_see_bans": may_see_bans,
        "older": events[-1].at.isoformat() if len(events) == accounts.SHOWN else "",
    }  # fmt: skip
    return render(request, "moderation/account.html", context | accounts.summary(account))


def moment(text: str) -> dt.datetime | None:
    """A time with its zone; None for nonsense."""
    try:
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) and 1970 < found.year < 9000 else None
