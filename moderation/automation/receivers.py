"""What follows from facts without a person: the rules, as the signals of `rooms` call for them.

Receivers run in the collector, or in the process of the API: they look quickly, ask the database
little, and leave the reading back to a worker (`verification`). What the vendor was asked itself
just now (a new room, a member list) is acted upon at once (`engine`).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from moderation.actions import queries
from moderation.alerts import alerts
from moderation.audit import audit_log
from moderation.automation import engine, matching, verification, words
from moderation.bans import enforcement
from moderation.collaboration import claims
from moderation.models import Action, Ban, Rule
from moderation.values.evidence import ACT, BanBehind, Labelled
from rooms import event_details, signals
from rooms.infra import database_time
from rooms.models import Room, RoomEvent
from rooms.retention import Pruned

# The vendor's member list is up to 40 s old: an account may still be on it just after it was
# banned.
LISTED_STILL = dt.timedelta(seconds=90)
# Accounts in one question; the vendor names 1,000 at most, a database takes some thousand
# parameters.
AT_ONCE = 2000
BANNED_HOST = "banned-host"  # the rule that ends the rooms of whoever has a platform ban
MAX_FINDINGS = 20  # of one rule in one call


def connect() -> None:
    """Receive the signals of `rooms`."""
    signals.room_opened.connect(
        on_room_opened, dispatch_uid="moderation.automation.receivers.room_opened"
    )
    signals.room_ended.connect(
        on_room_ended, dispatch_uid="moderation.automation.receivers.room_ended"
    )
    signals.members_seen.connect(
        on_members_seen, dispatch_uid="moderation.automation.receivers.members_seen"
    )
    signals.members_entered.connect(
        on_members_entered, dispatch_uid="moderation.automation.receivers.members_entered"
    )
    signals.chat_said.connect(
        words.on_chat_said, dispatch_uid="moderation.automation.receivers.chat_said"
    )
    signals.texts_changed.connect(
        words.on_texts_changed, dispatch_uid="moderation.automation.receivers.texts_changed"
    )
    signals.pruned.connect(on_pruned, dispatch_uid="moderation.automation.receivers.pruned")
    signals.labelled.connect(on_labelled, dispatch_uid="moderation.automation.receivers.labelled")


def on_room_opened(sender: object, room: Room, **_: object) -> None:
    """A banned host opened a room: it is ended."""
    for ban in banned([room.owner_account]):
        enforce(ban, room)


def on_room_ended(sender: object, room: Room, **_: object) -> None:
    """Nobody needs to look any more."""
    alerts.close_with(room)
    claims.end_with(room)


def on_pruned(sender: object, done: Pruned, **_: object) -> None:
    """What was forgotten, in numbers: that it is gone is itself a fact of the record."""
    counts = {name: count for name, count in asdict(done).items() if name != "longest" and count}
    audit_log.record(by="system:prune", verb="prune", outcome="done", after=counts)


def on_members_seen(sender: object, room: Room, accounts: frozenset[str], **_: object) -> None:
    """The vendor's list of members names banned accounts: they are banned from the room."""
    for ban in not_enforced(room, banned(accounts)):
        enforce(ban, room)


def on_members_entered(
    sender: object, entered: Sequence[tuple[Room, frozenset[str]]], **_: object
) -> None:
    """Webhooks say that banned accounts have entered: read back, then banned from the room."""
    bans = {
        ban.account: ban for ban in banned({account for _room, came in entered for account in came})
    }
    rule = engine.rule(engine.BANNED_USER) if bans else None
    if rule is None:
        return
    for room, came in entered:
        found = [bans[account] for account in sorted(came & bans.keys() - {room.owner_account})]
        for ban in not_enforced(room, found):
            verification.found(
                rule,
                room=room,
                account=ban.account,
                key=key_of(rule, ban, room),
                evidence=evidence_of(ban),
            )


# --- Bans -----------------------------------------------------------------------------------------


def not_enforced(room: Room, found: Sequence[Ban]) -> list[Ban]:
    """Those of these bans that were not enforced in this room just now."""
    if not found:
        return []
    lately = Action.objects.filter(
        room=room,
        ban__in=found,
        verb__in=[Action.Verb.ROOM_BAN, Action.Verb.END],
        requested_at__gt=database_time.now() - LISTED_STILL,
    )
    done = set(lately.values_list("ban_id", flat=True))
    return [ban for ban in found if ban.pk not in done]


def banned(accounts: Iterable[str]) -> list[Ban]:
    """The bans in force on these accounts: one question for so many accounts, however many the
    registry holds.
    """
    named, bans = sorted(accounts), Ban.objects.in_force().select_related("policy")
    parts = (named[start : start + AT_ONCE] for start in range(0, len(named), AT_ONCE))
    return [ban for part in parts for ban in bans.filter(account__in=part)]


def enforce(ban: Ban, room: Room) -> None:
    """What the rules say about a banned account in a room that the vendor has just told of."""
    what = enforcement.enforcement_for(ban, room)
    if what is None:
        return
    rule = engine.rule(BANNED_HOST if what.verb == Action.Verb.END else engine.BANNED_USER)
    if rule is not None:
        engine.apply(
            rule,
            room=room,
            room_id=room.room_id,
            account=what.account,
            key=key_of(rule, ban, room),
            evidence=evidence_of(ban),
            ban=ban,
        )


def key_of(rule: Rule, ban: Ban, room: Room) -> str:
    """Names one enforcement: once an act of it is over, whatever became of it, the same fact is a
    new one.
    """
    over = Action.objects.filter(room=room, ban=ban).exclude(status__in=Action.OPEN)
    last = over.order_by("-pk").values_list("pk", flat=True).first()
    return f"{rule.slug}:{ban.pk}.{ban.version}:{room.pk}:{last or 0}"


def evidence_of(ban: Ban) -> BanBehind:
    """What the hit keeps of the ban."""
    until = ban.until.isoformat() if ban.until else "permanent"
    return BanBehind(ban=ban.pk, account=ban.account, until=until, words=ban.note)


def enforce_owned(limit: int = 500) -> int:
    """The end of every live room whose owner is banned and whose end is not ordered; how many were
    found.

    The signal of a new room may have been lost, or an end given up; this finds what is left.
    """
    banned_now = Ban.objects.in_force().values("account")
    rooms = list(
        queries.without_end(Room.objects.live().filter(owner_account__in=banned_now))[:limit]
    )
    bans = {ban.account: ban for ban in banned({room.owner_account for room in rooms})}
    for room in rooms:
        if ban := bans.get(room.owner_account):
            enforce(ban, room)
    return len(rooms)


# --- Labels -----------------------------------------------------------------------------


def on_labelled(sender: object, room: Room, labels: Sequence[RoomEvent], **_: object) -> None:
    """A classifier reported what a rule looks for."""
    rules = Rule.objects.exclude(phase=Rule.Phase.OFF).filter(kind=Rule.Kind.LABEL)
    for rule in rules.select_related("policy"):
        levels = ((label, level_of(rule, label)) for label in labels)
        matched = [(label, level) for label, level in levels if level]
        for label, level in matched[:MAX_FINDINGS]:
            verification.found(
                rule,
                room=room,
                account=label.account,
                key=f"label:{rule.pk}:{label.pk}",
                evidence=reported(label, level),
            )


def level_of(rule: Rule, label: RoomEvent) -> str:
    """What a rule makes of a label: LOOK, ACT or "" by the thresholds of its category."""
    found = event_details.label_of(label)
    return matching.level_of(matching.categories_of(rule.settings), found.label, found.score or 0)


def reported(label: RoomEvent, level: str = ACT) -> Labelled:
    """What a hit keeps of a label."""
    found = event_details.label_of(label)
    words = f"{found.label} {found.score} % · {found.words or found.source}"
    return Labelled(
        words=words,
        label=found.label,
        score=found.score,
        source=found.source,
        level=level,
        at_ms=label.at_ms,
    )
