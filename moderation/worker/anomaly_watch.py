"""Every five seconds: the figures of all live rooms against what is usual, and an alert for each
incident.

Runs on the queue of chores, off the collector's path. What is kept between two looks is one JSON
value in Redis, so any worker may make the next one; without it the rooms are got to know anew, and
nothing is raised meanwhile.
"""

import datetime as dt
import logging

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from moderation.alerts import alerts
from moderation.anomalies import detector, kinds, memory
from moderation.anomalies.kinds import Finding, Kind
from moderation.anomalies.readings import Figures
from moderation.automation import engine
from moderation.lifecycle.host_clock import GONE
from moderation.models import Alert, Rule, RuleHit
from moderation.values.evidence import Anomaly, MoreAnomalies
from moderation.worker import periodic
from rooms.infra import database_time, redis
from rooms.infra.transactions import write_turn
from rooms.live import demand
from rooms.models import Room

logger = logging.getLogger(__name__)
KEPT_SECONDS = 900  # what was kept longer ago says nothing about now
MAX_ASKED = 30  # suspects that the collector is asked to read at once, a look
MORE = "system:anomaly-more"
_FIELDS = (
    *("pk", "online", "online_at", "online_source", "statistics_at", "messages", "gifts", "reward"),
    *("gift_senders", "likes", "is_message_disabled", "host_state"),
)


def watch() -> bool:
    """One look; False when another one is still at it."""
    return periodic.look("watching-figures", look)


def look() -> int:
    """Compares all rooms with what is usual, and raises what was found; how many alerts."""
    rules = rules_on()
    if not rules:
        return 0
    kept = recall()
    seen = figures()
    sensitivity = {
        kind: kinds.SENSITIVITIES.get(str(rule.settings.get("sensitivity")), 1.0)
        for kind, rule in rules.items()
    }
    looked = detector.look(kept, seen, database_time.unix(), sensitivity)
    keep(kept)
    for pk in looked.ask[:MAX_ASKED]:
        demand.refresh(pk)
    return sum(tell(rules[one.kind], one) for one in looked.found if one.kind in rules)


def rules_on() -> dict[Kind, Rule]:
    """The rules about anomalies that are on, by what each looks for."""
    found: dict[Kind, Rule] = {}
    rules = Rule.objects.exclude(phase=Rule.Phase.OFF).filter(kind=Rule.Kind.ANOMALY)
    for rule in rules.select_related("policy"):
        if kind := kinds.of_slug(rule.slug):
            found[kind] = rule
    return found


def figures() -> dict[int, Figures]:
    """Every live room as it is stored now, by primary key: one question."""
    rows = Room.objects.live().values_list(*_FIELDS).iterator(chunk_size=2000)
    return {
        pk: Figures(
            online=online,
            online_at=online_at or 0,
            source=source,
            totals_at=totals_at or 0,
            messages=messages,
            gifts=gifts,
            coins=coins,
            givers=givers,
            likes=likes,
            is_muted=bool(is_muted),
            host_gone=host in GONE,
        )
        for pk, online, online_at, source, totals_at, messages, gifts, coins, *others in rows
        for givers, likes, is_muted, host in (others,)
    }


# --- What is kept ---------------------------------------------------------------------------------


@redis.quiet(memory.Memory)
def recall() -> memory.Memory:
    """What was kept at the last look; empty when that is too long ago."""
    stored = redis.sync_client().get(redis.key("anomalies"))
    return memory.unpack(stored if isinstance(stored, bytes) else None)


@redis.quiet(lambda: None)
def keep(kept: memory.Memory) -> None:
    redis.patient_client().set(redis.key("anomalies"), memory.pack(kept), ex=KEPT_SECONDS)


# --- Alerts ---------------------------------------------------------------------------------------


@translation.override("en")  # what is stored is said again by `retold`
def tell(rule: Rule, found: Finding) -> bool:
    """Raises one alert for an incident; False when there is one, there was one just now, or the cap
    of all anomalies is reached.
    """
    room = Room.objects.live().filter(pk=found.room).first()
    if room is None or was_told(rule, room):
        return False
    key = f"anomaly:{rule.pk}:{room.pk}:{int(found.since)}"
    evidence = Anomaly(
        words=words_of(found),
        anomaly=found.kind.value,
        value=round(found.value, 1),
        usual=round(found.usual, 1),
        factor=round(found.factor, 2),
        platform=round(found.platform, 2),
        since=int(found.since),
    )
    cap = settings.ANOMALY_ALERTS
    if raised_lately() >= cap:
        count_only(rule, room, key, evidence, cap)
        return False
    hit = engine.apply(rule, room=room, room_id=room.room_id, key=key, evidence=evidence)
    return hit.outcome == RuleHit.Outcome.ALERTED


def was_told(rule: Rule, room: Room) -> bool:
    """Whether an alert of this kind is open in the room, or was closed within the cool-down."""
    cooled = database_time.now() - dt.timedelta(minutes=settings.ANOMALY_COOL_DOWN_MINUTES)
    lately = Q(closed_at=None) | Q(closed_at__gt=cooled)
    return Alert.objects.filter(lately, room=room, source=rule.actor).exists()


def raised_lately() -> int:
    """Alerts about anomalies within an hour, of all rooms and kinds."""
    hour = database_time.now() - dt.timedelta(hours=1)
    return RuleHit.objects.filter(
        rule__kind=Rule.Kind.ANOMALY, outcome=RuleHit.Outcome.ALERTED, at__gt=hour
    ).count()


def count_only(rule: Rule, room: Room, key: str, evidence: Anomaly, cap: int) -> None:
    """Beyond the cap: the hit says so, and one alert counts what came."""
    with write_turn():
        hit, now = engine.get_or_create_hit(
            rule, room=room, room_id=room.room_id, account="", key=key, evidence=evidence
        )
        if now is None or not hit.is_new or engine.blocked_by(now):
            return
        hit.outcome = RuleHit.Outcome.CAPPED
        hit.words = _("The cap of %(cap)s alerts in an hour is reached.") % {"cap": cap}
        hit.save()
        words = _(
            "The cap of %(cap)s alerts about anomalies in an hour is reached; further ones are "
            "only counted here."
        )
        told = MoreAnomalies(words=words % {"cap": cap}, cap=cap)
        title = "More anomalies than the hourly cap"
        counted = Alert.objects.filter(source=MORE, closed_at=None).first()
        if not alerts.again(counted, title, told, 2, None):
            alerts.raise_alert(room=room, source=MORE, title=title, evidence=told)


def words_of(found: Finding) -> str:
    """What happened, for people: in English, see values.retold."""
    at = timezone.localtime(dt.datetime.fromtimestamp(found.since, dt.UTC))
    return _SENTENCES[found.kind]() % {
        "value": amount(found.value),
        "usual": amount(found.usual),
        "factor": amount(found.factor),
        "time": f"{at:%H:%M:%S %Z}",
    }


def amount(value: float) -> str:
    """12345.6 -> "12,346"; 2.34 -> "2.3"."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")


_SENTENCES = {
    Kind.VIEWERS_JUMP: lambda: _(
        "%(value)s viewers since %(time)s, %(factor)s times the usual %(usual)s; chat did not "
        "follow."
    ),
    Kind.VIEWERS_RAMP: lambda: _(
        "Viewers have risen steadily to %(value)s, %(factor)s times the usual %(usual)s; chat did "
        "not follow. Noticed at %(time)s."
    ),
    Kind.VIEWERS_DROP: lambda: _(
        "%(value)s viewers since %(time)s, usually %(usual)s, and the broadcast goes on."
    ),
    Kind.CHAT_FLOOD: lambda: _(
        "%(value)s lines of chat per minute since %(time)s, %(factor)s times the usual %(usual)s, "
        "without more viewers or gifts."
    ),
    Kind.CHAT_SILENCE: lambda: _(
        "%(value)s lines of chat per minute since %(time)s, usually %(usual)s; viewers are still "
        "there."
    ),
    Kind.GIFTS_FEW_GIVERS: lambda: _(
        "%(value)s coins per minute since %(time)s, %(factor)s times the usual %(usual)s, from "
        "very few givers."
    ),
    Kind.GIFTS_FLOOD: lambda: _(
        "%(value)s gifts per minute since %(time)s, %(factor)s times the usual %(usual)s; neither "
        "chat nor viewers followed."
    ),
    Kind.GIFTS_STOPPED: lambda: _(
        "No gifts since %(time)s, usually %(usual)s per minute; viewers and chat go on as before."
    ),
}
