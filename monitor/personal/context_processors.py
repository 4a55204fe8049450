"""What every page needs: who is looking, what they may open, the reason codes, the theme."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest

from moderation.actions import queries
from moderation.core.roles import ROLE_NAMES, code_name, must_change_password, role_of
from moderation.values import undo_time
from monitor.personal import preferences
from rooms.ingest import gift_reports
from rooms.pictures import sources

THEMES = {"dark", "light"}
# Which entry of the navigation an address belongs to.
SECTIONS = {
    "rooms": "rooms",
    "room": "rooms",
    "wall": "wall",
    "all-chat": "all-chat",
    "chat-search": "all-chat",
    "coverage": "coverage",
    "bans": "bans",
    "ban": "bans",
    "ban-new": "bans",
    "ban-lift": "bans",
    "audit": "audit",
    "people": "people",
    "person": "people",
    "person-new": "people",
    "policies": "policies",
    "system": "system",
    "plans": "plans",
    "plan": "plans",
    "plan-new": "plans",
    "tokens": "tokens",
    "token-new": "tokens",
    "queue": "queue",
    "queue-close": "queue",
    "ban-request-new": "queue",
    "ban-request-decline": "queue",
    "holds": "holds",
    "rules": "rules",
    "rule": "rules",
    "rule-new": "rules",
    "rule-change": "rules",
    "rule-dry-run": "rules",
    "risk": "risk",
    "risk-weights": "risk",
    "risk-replay": "risk",
}
# Those that stand in the navigation under "More".
MORE = {"plans", "holds", "rules", "risk", "people", "policies", "tokens", "system"}


def console(request: HttpRequest) -> dict[str, object]:
    """Empty for strangers, so that error pages and the log-in need no database."""
    theme = request.COOKIES.get("theme", "")
    base: dict[str, object] = {"theme": theme if theme in THEMES else ""}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return base
    chosen = preferences.of(user)
    if chosen.pk:
        base["theme"] = chosen.theme
    match = request.resolver_match
    return base | {
        "preference": chosen,
        # While the password must be changed there is nothing to lead to: no navigation, no scripts.
        "settled": not must_change_password(user),
        "page_name": SECTIONS.get(match.url_name or "", "") if match else "",
        "more_pages": MORE,
        "look_seconds": settings.LOOK_SECONDS,
        "undo_seconds": int(undo_time.offered_for(user).total_seconds()),
        "look_again_seconds": settings.LOOK_AGAIN_SECONDS,
        "patrol_seconds": round(settings.PATROL_MINUTES * 60),
        "picture_source": settings.PICTURE_SOURCE,
        "still_source": found.kind if (found := sources.source()) else "",
        "still_interval": settings.STILL_INTERVAL,
        "watched_interval": settings.WATCHED_INTERVAL,
        "rest_interval": settings.REST_INTERVAL,
        "reward_is_reported": gift_reports.is_shown(),
        "reasons": cache(queries.policies),  # asked for at most once a page
        "role": lambda: ROLE_NAMES.get(role_of(user), ""),
        "code_name": lambda: code_name(user),
    }
