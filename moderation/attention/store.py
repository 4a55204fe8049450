"""Writes the scores of live rooms, and reads them for pages. The only writer of `RoomRisk`."""

import datetime as dt
from collections.abc import Collection, Mapping

import orjson
from django.conf import settings
from django.db import connection
from django.db.models import Case, F, IntegerField, Value, When
from django.db.models.expressions import Combinable, OrderBy

from moderation.attention.scoring import Scored
from moderation.models import RoomRisk
from moderation.values.risk import write_terms
from rooms.infra import database_time, redis
from rooms.infra.transactions import write_turn
from rooms.live import push

UPSERT = """
    INSERT INTO moderation_roomrisk (room_id, score, terms, at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (room_id) DO UPDATE
    SET score = excluded.score, terms = excluded.terms, at = excluded.at
"""
LATE_SECONDS = 15
Mark = list[object]  # [score, [[code, points, number], ...]]


def write(changed: Mapping[int, Scored], at: dt.datetime) -> None:
    """Stores and pushes these scores: one short transaction, in the order of the rooms."""
    if not changed:
        return
    moment = connection.ops.adapt_datetimefield_value(at)
    terms = {pk: orjson.dumps(write_terms(score.terms)).decode() for pk, score in changed.items()}
    rows = [(pk, changed[pk].score, terms[pk], moment) for pk in sorted(changed)]
    with write_turn(), connection.cursor() as cursor:
        cursor.executemany(UPSERT, rows)
    push.publish_risk(
        {pk: [score.score, write_terms(score.terms)] for pk, score in changed.items()}
    )


def forget_ended() -> int:
    """Takes rows of broadcasts that have ended away; how many."""
    return RoomRisk.objects.filter(room__ended_at__isnull=False).delete()[0]


# --- For pages ------------------------------------------------------------------------------------


def of(pks: Collection[int]) -> dict[int, Mark]:
    """Room -> its score and terms, as pages are pushed them; without one it is left out."""
    rows = RoomRisk.objects.filter(room_id__in=pks).values_list("room_id", "score", "terms")
    return {pk: [score, terms] for pk, score, terms in rows}


def highest_first() -> tuple[OrderBy | str, ...]:
    """The order of rooms by risk; those without a score last, by people online.

    Of equal scores the older room first; as monitor.pages.queries.part reads all of them.
    """
    return (
        F("risk__score").desc(nulls_last=True),
        "risk__room_id",
        F("online").desc(nulls_last=True),
        "id",
    )


def due_first() -> tuple[Combinable | str, ...]:
    """The order of a tour: of the rooms that nobody has looked at for the patrol's time the one of
    the highest risk, then all others, the longest unseen first. So the tour comes round to every
    room, and to those that matter first.
    """
    since = database_time.now() - dt.timedelta(minutes=settings.PATROL_MINUTES)
    is_seen = Case(
        When(last_look__at__gte=since, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    risk = Case(When(last_look__at__gte=since, then=Value(0)), default=F("risk__score"))
    return (
        is_seen,
        risk.desc(nulls_last=True),
        F("last_look__at").asc(nulls_first=True),
        "create_time",
        "id",
    )


@redis.quiet(lambda: None)
def tell_alive() -> None:
    """Says that all scores are up to date now."""
    redis.sync_client().set(redis.key("risk:alive"), 1, ex=LATE_SECONDS)


@redis.quiet(lambda: False)
def is_late() -> bool:
    """Whether nobody keeps the scores up to date; False when Redis, who knows, does not answer."""
    return not redis.sync_client().exists(redis.key("risk:alive"))
