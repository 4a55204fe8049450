"""What every page needs: who is looking, what they may open, the reason codes, the theme."""

from typing import Any

from django.http import HttpRequest

from moderation import queries
from moderation.roles import ROLE_NAMES, code_name, role_of

THEMES = {"dark", "light"}


def console(request: HttpRequest) -> dict[str, Any]:
    """Empty for strangers, so that error pages and the log-in need no database."""
    theme = request.COOKIES.get("theme", "")
    base: dict[str, Any] = {"theme": theme if theme in THEMES else ""}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return base
    return base | {
        "reasons": queries.policies,
        "role": lambda: ROLE_NAMES.get(role_of(user), ""),
        "code_name": lambda: code_name(user),
    }
