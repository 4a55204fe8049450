"""The page of one account. Thin: a guard, what is asked for, a page."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from moderation import accounts
from moderation.access import PersonRequest, may
from moderation.paging import moment

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
        "older": events[-1].at.isoformat() if len(events) >= accounts.SHOWN else "",
    }  # fmt: skip
    return render(
        request, "moderation/account.html", context | accounts.summary(account, with_bans=may_see_bans)
    )
