"""Refuses to start on settings that cannot be meant: each error names the variable and what to do."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def secrets_are_own(**_: Any) -> list[CheckMessage]:
    """In production the signing key must be set, long, and not the one of the source."""
    if settings.PLAIN_HTTP:
        return []
    if settings.SECRET_KEY == settings.UNSAFE_SECRET_KEY or len(settings.SECRET_KEY) < 40:
        return [
            Error(
                "LIVEWARDEN_SECRET_KEY is not set, or too short, while LIVEWARDEN_MODE is production.",
                hint="Set it to 50 or more random characters, the same on every machine.",
                id="livewarden.E001",
            )
        ]
    return []


@register()
def numbers_make_sense(**_: Any) -> list[CheckMessage]:
    """Shares, intervals and times inside the bounds in which the console was built to work."""
    bounds = [
        ("LIVEWARDEN_MODE", settings.MODE in {"production", "demo", "test"}, "production, demo or test"),
        ("LIVE_SHARE", 0 < settings.LIVE_SHARE <= 1, "above 0, at most 1"),
        ("LIVE_TIMEOUT", 3 < settings.LIVE_TIMEOUT <= 60, "above the vendor's own 3 seconds, at most 60"),
        ("LIVEWARDEN_WATCHED_INTERVAL", 1 <= settings.WATCHED_INTERVAL <= 60, "1 to 60 seconds"),
        ("LIVEWARDEN_REST_INTERVAL", 0 <= settings.REST_INTERVAL <= 3600, "0 to 3600 seconds"),
        ("LIVEWARDEN_SWEEP_INTERVAL", 1 <= settings.SWEEP_INTERVAL <= 600, "1 to 600 seconds"),
        ("LIVEWARDEN_TICK_SECONDS", 0.2 <= settings.TICK_SECONDS <= 10, "0.2 to 10 seconds"),
        ("LIVEWARDEN_END_GRACE_SECONDS", 0 <= settings.END_GRACE_SECONDS <= 60, "0 to 60 seconds"),
        ("LIVEWARDEN_ACT_RETRY_SECONDS", 0 <= settings.ACT_RETRY_SECONDS <= 3600, "0 to 3600 seconds"),
        ("LIVEWARDEN_KEEP_SAMPLE_DAYS", 1 <= settings.KEEP_SAMPLE_DAYS <= 3650, "1 to 3650 days"),
        ("LIVEWARDEN_KEEP_ROOM_DAYS", 1 <= settings.KEEP_ROOM_DAYS <= 3650, "1 to 3650 days"),
    ]
    return [
        Error(f"{name} is out of bounds.", hint=f"It takes {allowed}.", id="livewarden.E002")
        for name, ok, allowed in bounds
        if not ok
    ]
