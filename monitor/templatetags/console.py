"""How figures and times are written on pages."""

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from moderation.actions import presentation
from moderation.alerts import presentation as alert_presentation
from moderation.attention import presentation as risk_presentation
from moderation.automation import presentation as rule_presentation
from moderation.bans import presentation as ban_presentation
from moderation.core.room_fields import LAYOUTS
from moderation.lifecycle import presentation as lifecycle_presentation
from moderation.models import Action, Alert
from moderation.patrol import coverage
from moderation.pictures import presentation as picture_presentation
from moderation.profiles import timeline
from moderation.provisioning import presentation as plan_presentation
from moderation.staff import tokens
from moderation.values import retold as stored_sentences
from moderation.web.badge import Badge
from monitor import formatting
from monitor.health import wording
from monitor.pages import charts, event_text, video_sources
from rooms.infra import database_time
from rooms.text import without_overrides

register = template.Library()
for written in (
    formatting.amount,
    formatting.signed,
    formatting.a_minute,
    formatting.spike,
    formatting.span,
):
    register.filter(written.__name__, written)


register.simple_tag(formatting.moment, name="short_moment")
register.simple_tag(formatting.clock_time)


@register.simple_tag
def account_link(account: str, classes: str = "") -> SafeString:
    """An account, linked to its page; nothing for no account."""
    if not account:
        return format_html('<bdi class="{}">{}</bdi>', classes, account)
    return format_html(
        '<a href="{}"><bdi class="{}">{}</bdi></a>', timeline.address(account), classes, account
    )


@register.filter
def plain_direction(text: str) -> str:
    """A name of somebody's, for a title."""
    return without_overrides(text)


@register.filter
def account_address(account: str) -> str:
    """The address of an account's page."""
    return timeline.address(account)


@register.simple_tag
def said(action: Action, title: str) -> str:
    """What has become of an act on the room of this title, as one says it."""
    return presentation.sentence(action, title)


@register.filter
def state(action: Action) -> str:
    """What has become of an act, on its line."""
    return presentation.state(action)


@register.filter
def retold(text: str) -> str:
    """A sentence that a worker has stored, in the language of whoever reads it."""
    return stored_sentences.again(text)


@register.filter
def source(name: str) -> str:
    """Where a count of people comes from, in words; the vendor's field names stay what they are."""
    words = {
        "": _("no source yet"),
        "OnlineCount": _("the listing's OnlineCount"),
        "MemberCount": _("the listing's MemberCount"),
        "members": _("the member list, up to 40 s old"),
    }
    return str(words.get(name, name))


@register.filter
def pictures_of(alert: Alert) -> picture_presentation.Pictures | None:
    """The two pictures of an alert about the same picture; None for any other alert."""
    return picture_presentation.pictures_of(alert)


@register.filter
def picture_address(room_id: str) -> str:
    """The HLS playlist of a room; nothing when no such source is set up."""
    return video_sources.address(room_id)


@register.simple_tag
def badge(state: Badge) -> SafeString:
    """The state of a thing in a frame."""
    return format_html(
        '<span class="badge{}"{}>{}{}</span>',
        f" badge--{state.tone}" if state.tone else "",
        format_html(' title="{}"', state.hint) if state.hint else "",
        icon(state.icon),
        state.text,
    )


@register.simple_tag
def plain_state(state: Badge) -> SafeString | str:
    """The state of a thing within a text: only what is not as it should be stands out."""
    if not state.tone:
        return state.text
    return format_html('<span class="{}">{} {}</span>', state.tone, icon(state.icon), state.text)


register.filter("state_line", presentation.state_line)
register.filter("line_version", presentation.line_version)
register.filter("ban_badge", ban_presentation.badge)
register.filter("ban_badge_with_name", ban_presentation.badge_with_name)
register.filter("hold_badge", lifecycle_presentation.hold_badge)
register.filter("risk_badge", risk_presentation.badge)
register.filter("time_saved", risk_presentation.time_saved)
register.simple_tag(risk_presentation.names, name="risk_names")
register.filter("severity_badge", alert_presentation.severity_badge)
register.filter("rule_badge", rule_presentation.rule_badge)
register.filter("plan_badge", plan_presentation.plan_badge)
register.filter("token_badge", tokens.badge)
register.filter("vendor_state", wording.vendor)
register.filter("collector_state", wording.collector)
register.filter("verb", presentation.verb)
register.filter("outcome", presentation.outcome)
register.filter("changed", presentation.changed)


@register.filter
def since(unix: int | None) -> str:
    """How long ago a Unix time was."""
    return formatting.span(database_time.unix() - unix) if unix else "–"


@register.simple_tag
def moment(when: dt.datetime | None) -> SafeString | str:
    """A time in the person's zone, with UTC on hover."""
    if when is None:
        return "–"
    return _time(when, formatting.time_text(when, seconds=True))


@register.simple_tag
def ago(when: dt.datetime) -> SafeString:
    """How long ago a time was, up to an hour; then, and of a time to come, the time of day, with
    the date beyond today. UTC on hover.
    """
    seconds = (database_time.now() - when).total_seconds()
    text = formatting.span(seconds) if 0 <= seconds < 3600 else formatting.time_text(when)
    utc = when.astimezone(dt.UTC)
    return format_html(
        '<time datetime="{}" title="{} UTC">{}</time>',
        utc.isoformat(),
        f"{utc:%Y-%m-%d %H:%M:%S}",
        text,
    )


@register.filter
def alert_source(alert: Alert) -> str:
    """What raised an alert, in words."""
    return alert_presentation.source_label(alert.source, alert.title)


@register.simple_tag
def hours_chart(hours: Sequence[coverage.Hour]) -> charts.Chart:
    """Hours of coverage as bars of per cents."""
    values = [
        charts.Value(
            hour.begin.timestamp(),
            hour.share or 0,
            f"{hour.share or 0} % ({hour.seen}/{hour.live})",
        )
        for hour in hours
        if hour.live  # with nothing on air there was nothing to look at
    ]
    begin, end = hours[0].begin.timestamp(), hours[-1].begin.timestamp() + 3600
    return charts.chart(values, begin=begin, end=end, step=3600, top=100, is_bars=True)


@register.simple_tag
def unix_moment(unix: int) -> SafeString | str:
    """As `moment`, from Unix seconds as the vendor tells them; a dash for what is no time."""
    try:
        return moment(dt.datetime.fromtimestamp(unix, dt.UTC))
    except (OverflowError, OSError, ValueError):
        return "–"


@register.simple_tag
def clock_ms(at_ms: int) -> SafeString | str:
    """The time of day of Unix milliseconds, where the day stands above; with UTC on hover."""
    when = moment_of(at_ms)
    return "–" if when is None else _time(when, f"{timezone.localtime(when):%H:%M:%S}")


@register.filter
def day_ms(at_ms: int) -> str:
    """The day of Unix milliseconds in the person's zone."""
    when = moment_of(at_ms)
    return "–" if when is None else f"{timezone.localtime(when):%Y-%m-%d}"


def moment_of(at_ms: int) -> dt.datetime | None:
    """None for what is no time."""
    try:
        return dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _time(when: dt.datetime, text: str) -> SafeString:
    utc = when.astimezone(dt.UTC)
    return format_html(
        '<time datetime="{}" title="{} UTC">{}</time>',
        utc.isoformat(),
        f"{utc:%Y-%m-%d %H:%M:%S}",
        text,
    )


@register.simple_tag
def line_moment(at_ms: int) -> SafeString | str:
    """Date and time of Unix milliseconds, with UTC on hover."""
    return unix_moment(at_ms // 1000)


@register.filter
def host_state(state: str) -> str:
    """Where a host is, in words."""
    return str(event_text.HOST.get(state, state))


@register.filter
def host_tone(state: str) -> str:
    """How loud the badge of where a host is is: bad, warn, or "" for neither."""
    return event_text.HOST_TONES.get(state, "")


@register.filter
def host_source(source: str) -> str:
    """Who told where a host is."""
    return str(event_text.SOURCES.get(source, source))


@register.simple_tag
@lru_cache(200)  # a page has a hundred; where the sprite is does not change while we run
def icon(name: str) -> SafeString:
    """A picture of the sprite; the words beside it carry the meaning."""
    return _drawn_icon(static("icons.svg"), name)


@lru_cache(None)
def _drawn_icon(sprite: str, name: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', sprite, name
    )


@register.simple_tag
def layout_picture(name: str) -> SafeString | str:
    """The picture of a seat template of ours; nothing for another."""
    if name not in LAYOUTS:
        return ""
    return format_html('<img src="{}" alt="" loading="lazy">', static(f"layouts/{name}.svg"))
