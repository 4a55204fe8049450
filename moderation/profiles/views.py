"""The page of one account. Thin: a guard, what is asked for, a page."""

import datetime as dt
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from moderation.profiles import card, timeline
from moderation.web.guards import may
from moderation.web.pagination import moment
from moderation.web.requests import PersonRequest
from rooms.models import Room

LONGEST = 128


@may("moderation.watch_rooms")
def named(request: PersonRequest) -> HttpResponse:
    """The same for `?account=`: an account that no path can hold."""
    given = request.GET.get("account", "")
    if not given:
        return redirect("rooms")
    return account(request, given)


@may("moderation.watch_rooms")
def account(request: PersonRequest, account: str) -> HttpResponse:
    """All about one account, the newest first; ?before=<ISO time> for what is older."""
    if len(account) > LONGEST or "\x00" in account:
        raise Http404
    before = moment(request.GET.get("before", ""))
    may_see_bans = request.user.has_perm("moderation.view_ban")
    events = timeline.timeline(account, before=before, with_bans=may_see_bans)
    context = {
        "account": account,
        "events": events,
        "before": before,
        "may_see_bans": may_see_bans,
        "older": older(account, events[-1].at) if len(events) >= timeline.SHOWN else "",
    }
    return render(
        request,
        "moderation/account.html",
        context | timeline.summary(account, with_bans=may_see_bans),
    )


@may("moderation.watch_rooms")
def account_card(request: PersonRequest) -> HttpResponse:
    """The card of ?account=, as it is seen from ?room=; a page goes to the profile."""
    account, pk = request.GET.get("account", ""), request.GET.get("room", "")
    if not account:
        return redirect("rooms")
    if len(account) > LONGEST or "\x00" in account:
        raise Http404
    if not request.htmx:
        return redirect(timeline.address(account))
    is_number = pk.isascii() and pk.isdigit() and len(pk) < 19
    room = Room.objects.filter(pk=int(pk)).first() if is_number else None
    may_see_bans = request.user.has_perm("moderation.view_ban")
    context = {"card": card.of(account, room=room, with_bans=may_see_bans)}
    return render(request, "moderation/_account_card.html", context)


def older(account: str, before: dt.datetime) -> str:
    """The address of what happened before."""
    address = timeline.address(account)
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'before': before.isoformat()})}"
