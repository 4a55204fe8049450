"""What follows from facts without a person: the rules, as the signals of `rooms` call for them.

Receivers run in the collector, or in the process of the API: they look quickly, ask the database
little, and leave the reading back to a worker (`verification`). What the vendor was asked itself
just now (a new room, a member list) is acted upon at once (`engine`).
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

from moderation.actions import queries
from moderation.alerts import alerts
from moderation.audit import audit_log
from moderation.automation import engine, matching, verification
from moderation.bans import enforcement
from moderation.collaboration import claims
from moderation.models import Action, Ban, Rule, RuleHit
from moderation.values.evidence import BanBehind, Labelled, Said
from rooms import event_details, signals
from rooms.infra import database_time
from rooms.models import ChatLine, Room, RoomEvent
from rooms.retention import Pruned
from rooms.text import fold_words

# The vendor's member list is up to 40 s old: an account may still be on it just after it was
# banned.
LISTED_STILL = dt.timedelta(seconds=90)
# Accounts in one question; the vendor names 1,000 at most, a database takes some thousand
# parameters.
AT_ONCE = 2000
# What the same account does again within these seconds is the same thing: its act is under way.
SAME_THING = dt.timedelta(seconds=60)
BANNED_HOST = "banned-host"  # the rule that ends the rooms of whoever has a platform ban
MAX_LINES = 500  # of one room in one call
MAX_FINDINGS = 20  # of one rule in one call
QUOTED = 300  # characters


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
        on_chat_said, dispatch_uid="moderation.automation.receivers.chat_said"
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


# --- Words and labels -----------------------------------------------------------------------------


def on_chat_said(
    sender: object, said: Sequence[tuple[Room, Sequence[ChatLine]]], **_: object
) -> None:
    """Somebody said what a rule looks for.

    The rules are asked for once, however many rooms talk.
    """
    for rule in rules_of(Rule.Kind.WORDS):
        for room, lines in said:
            for line, word in first_of_each(spoken(rule, lines[-MAX_LINES:]), room, rule):
                verification.found(
                    rule,
                    room=room,
                    account=line.account,
                    key=f"words:{rule.pk}:{room.pk}:{line.message_id}",
                    evidence=quoted(line, word),
                )


def on_labelled(sender: object, room: Room, labels: Sequence[RoomEvent], **_: object) -> None:
    """A classifier reported what a rule looks for."""
    for rule in rules_of(Rule.Kind.LABEL):
        matched = [label for label in labels if is_label_of(rule, label)]
        for label in matched[:MAX_FINDINGS]:
            verification.found(
                rule,
                room=room,
                account=label.account,
                key=f"label:{rule.pk}:{label.pk}",
                evidence=reported(label),
            )


def rules_of(kind: str) -> list[Rule]:
    """The rules of a kind that are on."""
    return list(Rule.objects.filter(kind=kind, is_on=True).select_related("policy"))


def spoken(rule: Rule, lines: Iterable[ChatLine]) -> Iterator[tuple[ChatLine, str]]:
    """The lines that hold one of the rule's words, each with the word."""
    words = [str(word) for word in rule.settings.get("words", [])]
    for line in lines:
        if word := matching.first_of(words, line.text, alike=bool(rule.settings.get("alike"))):
            yield line, word


def first_of_each(
    said: Iterable[tuple[ChatLine, str]], room: Room, rule: Rule
) -> list[tuple[ChatLine, str]]:
    """The first line of each account that the rule has not met in this room just now, at most
    MAX_FINDINGS.
    """
    first: dict[str, tuple[ChatLine, str]] = {}
    for line, word in said:
        first.setdefault(line.account, (line, word))
        if len(first) == MAX_FINDINGS:
            break
    if not first:
        return []
    since = database_time.now() - SAME_THING
    met = RuleHit.objects.filter(rule=rule, room=room, account__in=list(first), at__gt=since)
    known = set(met.values_list("account", flat=True))
    return [found for account, found in first.items() if account not in known]


def is_label_of(rule: Rule, label: RoomEvent) -> bool:
    """Whether a rule looks for this label with this score."""
    wanted = {fold_words(str(name)) for name in rule.settings.get("labels", [])}
    min_score = float(rule.settings.get("score") or 0)
    found = event_details.label_of(label)
    return fold_words(found.label) in wanted and (found.score or 0) >= min_score


def quoted(line: ChatLine, word: str) -> Said:
    """What a hit keeps of a line."""
    words = f"“{line.text[:QUOTED]}”"
    return Said(words=words, word=word, message_id=line.message_id, at_ms=line.at_ms)


def reported(label: RoomEvent) -> Labelled:
    """What a hit keeps of a label."""
    found = event_details.label_of(label)
    words = f"{found.label} {found.score} % · {found.words or found.source}"
    return Labelled(
        words=words, label=found.label, score=found.score, source=found.source, at_ms=label.at_ms
    )
