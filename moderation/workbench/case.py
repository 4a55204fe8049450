"""One alert with all that is needed to decide about it: the line of chat or the figures behind it,
who it is about, and what can be done.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from moderation.actions import queries
from moderation.models import Alert
from moderation.models.rules import QUARANTINE
from moderation.profiles import card
from moderation.values.evidence import Said
from rooms.infra import json_values
from rooms.models import ChatLine

BEFORE, AFTER = 5, 4  # lines of chat around what was found


@dataclass(frozen=True, slots=True)
class Line:
    """A line of chat; is_found: what the alert is about."""

    line: ChatLine
    is_found: bool


def lines_of(alert: Alert) -> list[Line]:
    """What was said around the moment of an alert, oldest first.

    The line that raised it is marked; where none did, those of the account that it names.
    """
    said = json_values.read(Said, alert.evidence)
    at_ms = said.at_ms or int(alert.last_raised_at.timestamp() * 1000)
    chat = ChatLine.objects.filter(room=alert.room_id)
    before = list(chat.filter(at_ms__lte=at_ms).order_by("-at_ms", "-pk")[:BEFORE])[::-1]
    after = list(chat.filter(at_ms__gt=at_ms).order_by("at_ms", "pk")[:AFTER])
    return [Line(line, is_found(line, said, alert)) for line in (*before, *after)]


def is_found(line: ChatLine, said: Said, alert: Alert) -> bool:
    if said.message_id:
        return bool(line.message_id == said.message_id)
    return bool(alert.account and line.account == alert.account)


def reason_of(alert: Alert) -> str:
    """The code of the reason that an alert suggests; "" for none."""
    return alert.reason.code if alert.reason else ""


def of_alert(alert: Alert, *, with_bans: bool) -> dict[str, object]:
    """What its panel shows. with_bans: whether the person may see the ban registry."""
    room = alert.room
    return {
        "alert": alert,
        "room": room,
        "lines": lines_of(alert),
        "actions": queries.latest_actions([room.pk]).get(room.pk, []),
        "card": card.of(alert.subject, room=room, with_bans=with_bans) if alert.subject else None,
        "ask_query": urlencode(
            {
                "account": alert.subject,
                "room": room.pk,
                "about": alert.pk,
                "policy": reason_of(alert),
            }
        ),
        "is_quarantined": alert.source == QUARANTINE,
        "is_about_member": bool(alert.account) and alert.account != room.owner_account,
    }
