"""How figures and lengths of time are written: for templates (`monitor.templatetags`) and for what
is drawn without one.
"""

import datetime as dt

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rooms.infra import database_time


def amount(value: int | None) -> str:
    """12345 -> "12,345"; a dash when the vendor has not told."""
    return "–" if value is None else f"{value:,}"


def signed(value: int | None) -> str:
    """12 -> "+12", -3 -> "−3"; nothing when it is unknown or did not change."""
    return "" if not value else f"+{value:,}" if value > 0 else f"−{-value:,}"


def a_minute(value: float | None) -> str:
    """1234.5 -> "+1,234/min"; nothing when it is unknown or nought."""
    return _("%(n)s/min") % {"n": f"+{round(value):,}"} if value and round(value) > 0 else ""


def spike(times: int | None) -> SafeString:
    """A mark beside a reward total that grows unusually fast; nothing when it does not."""
    if times is None:
        return SafeString()
    message = _("%(n)d times its usual coins in the last minute") % {"n": times}
    return format_html('<span class="spike" title="{}" aria-label="{}">▲</span>', message, message)


def span(seconds: float | None) -> str:
    """A length of time in two units at most: 42 s, 12 min, 3 h 05, 2 d 4 h."""
    if seconds is None:
        return "–"
    seconds = max(0, int(seconds))
    if seconds < 60:
        return _("%(n)d s") % {"n": seconds}
    if seconds < 3600:
        return _("%(n)d min") % {"n": seconds // 60}
    if seconds < 86400:
        return _("%(h)d h %(m)02d") % {"h": seconds // 3600, "m": seconds % 3600 // 60}
    return _("%(d)d d %(h)d h") % {"d": seconds // 86400, "h": seconds % 86400 // 3600}


def clock_time(when: dt.datetime | None) -> SafeString | str:
    """The time of day in the person's zone, UTC under the pointer; a dash for none."""
    return "–" if when is None else _timed(when, f"{timezone.localtime(when):%H:%M}")


def moment(when: dt.datetime, now: dt.datetime | None = None) -> SafeString:
    """The one form of a time on a screen: how long ago within the last hour, else the time of day
    in the person's zone, with the date when it is not today; UTC under the pointer.
    """
    at = now or database_time.now()
    seconds = (at - when).total_seconds()
    if 0 <= seconds < 3600:
        return _timed(when, _("%(span)s ago") % {"span": span(seconds)})
    return _timed(when, time_text(when, now=at))


def _timed(when: dt.datetime, text: str) -> SafeString:
    utc = when.astimezone(dt.UTC)
    title = f"{utc:%Y-%m-%d %H:%M:%S} UTC"
    return format_html('<time datetime="{}" title="{}">{}</time>', utc.isoformat(), title, text)


def time_text(when: dt.datetime, *, seconds: bool = False, now: dt.datetime | None = None) -> str:
    """The one form of a time, in the person's zone: 14:05, and with the date on another day:
    2026-11-29 14:05.
    """
    local = timezone.localtime(when)
    of_day = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    is_today = local.date() == timezone.localtime(now or database_time.now()).date()
    return of_day if is_today else f"{local:%Y-%m-%d} {of_day}"
