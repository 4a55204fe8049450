"""Hits that a worker reads back before anything is done about them: found, then ordered or not
confirmed.

The hit is the outbox: it is stored with the outcome `found`, its number goes to the queue of acts,
and the sweep queues again what was stranded.
"""

import datetime as dt
import logging

from django.db import transaction
from django.utils.translation import gettext as _

from liveapi import LiveApiError
from moderation.actions import queries
from moderation.actions.handlers.base import broadcast
from moderation.automation import engine
from moderation.core import broker
from moderation.core.leases import release_db_connection
from moderation.models import Ban, Rule, RuleHit
from moderation.values.evidence import Evidence, of_rule
from rooms.infra import database_time, vendor
from rooms.infra.transactions import write_turn
from rooms.models import Room

logger = logging.getLogger(__name__)
# What nobody could read back for so long is history: people are told, and nothing else is done
# about it.
GIVE_UP = dt.timedelta(minutes=10)


def found(
    rule: Rule, *, room: Room, account: str = "", key: str, evidence: Evidence
) -> RuleHit | None:
    """Acts on what was only told, not read: an alert at once, anything stronger once a worker has
    read it back.

    As engine.apply; None when the key is known and done with, or waits to be read back already.
    """
    if rule.act == Rule.Act.ALERT:
        return engine.apply(
            rule, room=room, room_id=room.room_id, account=account, key=key, evidence=evidence
        )
    with write_turn(priority=True):
        hit = engine.record_pending(rule, room=room, account=account, key=key, evidence=evidence)
        if hit is not None:
            pk = hit.pk
            transaction.on_commit(lambda: broker.enqueue_hit(pk))
    return hit


def check(hit_id: int) -> None:
    """Reads back what a hit is about, then acts. Told twice: engine.apply does it once.

    While the vendor does not answer the hit waits for the sweep.
    """
    hits = RuleHit.objects.select_related("rule__policy", "room")
    hit = hits.filter(pk=hit_id, outcome=RuleHit.Outcome.FOUND).first()
    if hit is None:
        return
    if database_time.now() - hit.at > GIVE_UP:
        give_up(hit)
        return
    release_db_connection()
    try:
        doubt = doubts(hit)
    except LiveApiError as error:
        logger.info("hit %s waits, the vendor does not tell: %s", hit.pk, error)
        return
    if doubt or hit.room is None:
        settle(hit, RuleHit.Outcome.UNVERIFIED, doubt)
        return
    done = engine.apply(
        hit.rule,
        room=hit.room,
        room_id=hit.room_key,
        account=hit.account,
        key=hit.key,
        evidence=of_rule(hit.rule.kind, hit.evidence),
        ban=ban_to_enforce(hit),
    )
    if done.pk is None:  # switched off meanwhile
        settle(hit, done.outcome, done.words)


def doubts(hit: RuleHit) -> str:
    """Reads whether the fact still is one: words against it, "" when it holds. Raises LiveApiError.

    The broadcast must live, with the CreateTime it had. Whether somebody is in a room cannot be
    read in time: the vendor's member list is up to 40 s old and names 1,000 at most.
    """
    if hit.room is None or not hit.room.is_live:
        return _("The broadcast is over.")
    if hit.rule.kind == Rule.Kind.BANNED_USER and ban_to_enforce(hit) is None:
        return _("The ban is no longer in force.")
    standing = broadcast(vendor.sync_client(), hit.room)
    if standing == "same":
        return ""
    return (
        _("The broadcast is over.")
        if standing == "gone"
        else _("Another broadcast is live under this RoomId.")
    )


def ban_to_enforce(hit: RuleHit) -> Ban | None:
    """The ban that a hit enforces, if it is in force."""
    if hit.rule.kind != Rule.Kind.BANNED_USER:
        return None
    return queries.active_ban(hit.account)


def settle(hit: RuleHit, outcome: str, words: str) -> bool:
    """Nothing is done about a hit, and why. False when somebody else has settled it."""
    waiting = RuleHit.objects.filter(pk=hit.pk, outcome=RuleHit.Outcome.FOUND)
    hit.outcome, hit.words = outcome, words
    return bool(waiting.update(outcome=outcome, words=words, at=database_time.now()))


def give_up(hit: RuleHit) -> None:
    """It could not be read back in time: people may still look, if there is anything to look at."""
    with write_turn():
        is_mine = settle(
            hit, RuleHit.Outcome.UNVERIFIED, _("The outcome could not be read back in time.")
        )
        if is_mine and hit.room is not None and hit.room.is_live:
            engine.raise_alert_for(hit.rule, hit, hit.room)


def stranded(before: dt.datetime, limit: int) -> list[int]:
    """Hits that wait to be read back since before then, oldest first."""
    waiting = RuleHit.objects.filter(outcome=RuleHit.Outcome.FOUND, at__lt=before)
    return list(waiting.order_by("at").values_list("pk", flat=True)[:limit])
