"""Rows and tiles in whatever state, drawn from the console's templates and styles in a real
browser. Nothing runs behind them.
"""

import datetime as dt
from collections.abc import Sequence
from types import SimpleNamespace

from django.contrib.auth.context_processors import PermWrapper
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.timezone import now

from moderation.models import Action, Alert, Policy
from monitor.listing import columns
from monitor.listing.filters import Filters
from monitor.pages import row_cache
from monitor.pages.trends import Trend

STYLES = "".join(
    f'<link rel="stylesheet" href="/static/css/{name}.css">'
    for name in (
        "tokens",
        "base",
        "controls",
        "rooms",
        "room",
        "charts",
        "player",
        "wall",
        "pages",
        "queue",
        "contrast",
    )
)
ALL = frozenset(
    f"moderation.{name}"
    for name in (
        "watch_rooms",
        "warn_host",
        "place_platform_ban",
        "quarantine_room",
        "end_stream",
        "claim_room",
    )
)
SPARK = SafeString(
    '<svg class="spark" viewBox="0 0 76 22"><polyline points="0,20 30,4 76,10"/></svg>'
)


def act(verb: str = "warn", status: str = "done", **facts) -> Action:
    """An act as its line shows it."""
    at = now()
    policy = Policy(code="spam", title="Spam or other")
    given = {
        "pk": 1,
        "by_name": "moderator",
        "requested_at": at,
        "due_at": at + dt.timedelta(seconds=3),
        **facts,
    }
    return Action(verb=verb, status=status, policy=policy, finished_at=at, **given)


def alert(
    title: str = "Word: a phone number in the chat", severity: int = 3, minutes: float = 0
) -> Alert:
    """An open alert that was raised so many minutes ago."""
    raised_at = now() - dt.timedelta(minutes=minutes)
    return Alert(pk=1, title=title, severity=severity, raised_at=raised_at)


def row(
    pk: int = 1, actions: Sequence[Action] = (), alerts: Sequence[Alert] = (), **facts
) -> row_cache.Row:
    """A line of the list of a room with everything in it."""
    known = {
        "pk": pk,
        "room_id": f"live_host_10{pk:02}",
        "create_time": 1,
        "name": f"Jazz standards, slow tempo {pk}",
        "owner_account": f"host_{pk}",
        "owner_name": "Mika | music",
        "owner_avatar": "",
        "cover_url": "",
        "seat_template": "",
        "is_public_visible": True,
        "is_message_disabled": False,
        "max_member_count": None,
        "ended_at": None,
        "end_cause": "",
    }
    figures = row_cache.Figures(65_223, "OnlineCount", 1, 3_029_268, 2, 90_354, 12, 12)
    return row_cache.Row(
        row_cache.Facts(**{**known, **facts}),
        figures,
        Trend(SPARK, 66_837, 3_000_000, 1),
        2400,
        actions,
        alerts,
    )


def body(shown: Sequence[row_cache.Row], template: str, density: str = "small") -> str:
    """The list (rows.ROW) or the wall (rows.TILE) of these rooms."""
    person = SimpleNamespace(get_all_permissions=lambda: ALL)
    asked = SimpleNamespace(user=person, META={})
    context = {
        "rows": shown,
        "request": asked,
        "perms": PermWrapper(row_cache._Holder(ALL)),
        "filters": Filters(),
        "columns": columns.DEFAULT,
        "wall": SimpleNamespace(density=density, query=""),
        "pages": 1,
        "total": len(shown),
    }
    name = "monitor/_rooms.html" if template == row_cache.ROW else "monitor/_wall.html"
    return render_to_string(name, context)


def document(main: str, scripts: Sequence[str] = ()) -> str:
    """A page around it, with these of the console's modules."""
    head = f'<!doctype html><html lang="en"><title>Drawn</title>{STYLES}'
    spoken = "".join(
        f'<div class="out-of-sight" data-announcer="{how}"></div>'
        for how in ("polite", "assertive")
    )
    toasts = f'<div class="toasts" data-toasts></div>{spoken}'
    tags = "".join(
        f'<script type="module" src="/static/js/{name}.js"></script>' for name in scripts
    )
    return f'{head}<body data-words-undo="Undo" data-patrol-seconds="900"><main id="main" class="main">{main}</main>{toasts}{tags}</body></html>'


def navigation() -> str:
    """The bar on top as on the wall, for somebody who may see all pages of it."""
    may = PermWrapper(row_cache._Holder(ALL | {"moderation.view_ban", "moderation.view_audit"}))
    context = {
        "page_name": "wall",
        "more_pages": [],
        "perms": may,
        "user": SimpleNamespace(username="ann"),
    }
    return render_to_string("_top.html", context)
