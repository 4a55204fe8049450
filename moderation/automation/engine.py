"""What all rules have in common: the switches, the cap, the hit, and the order or the alert that
follows.

A rule finds something and calls `act` with a key that names the fact. The hit and what it orders
are stored in one transaction, so that a fact told twice, or by two processes, is acted upon once.
Reading back is the caller's: whoever calls `act` has read the fact by REST just now, or calls
`found` and has the hit read back by a worker.
"""

import datetime as dt
import hashlib
import uuid
from dataclasses import replace

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from moderation.actions import orders, preconditions
from moderation.actions.requests import ActionRequest
from moderation.alerts import alerts
from moderation.automation import frequency
from moderation.bans import enforcement
from moderation.core.errors import Refused
from moderation.core.limits import MAX_SECONDS
from moderation.core.rule_switch import all_off
from moderation.models import Action, Ban, Rule, RuleHit
from moderation.values.evidence import CHAT, Evidence, Said, of_rule
from rooms.infra import database_time, json_values
from rooms.infra.transactions import write_turn
from rooms.models import Room

Outcome = RuleHit.Outcome
# Told again, these stay as they are; the others are looked at anew: what stood in the way may be
# gone.
FINAL = frozenset({Outcome.ORDERED, Outcome.ALERTED})
KEY_LENGTH = 120
KEYS = uuid.UUID("b4a86f0c-6f0e-4f0b-9d55-5f1a4f2f5f0a")
MUTE_SECONDS = 3600
BAN_SECONDS = 86400
BANNED_USER = "banned-user"  # the rule that bans whoever has a platform ban from rooms


def rule(slug: str) -> Rule | None:
    """The rule, on or off."""
    return Rule.objects.select_related("policy").filter(slug=slug).first()


@translation.override("en")  # what is stored is said again by `retold`
def apply(
    rule: Rule,
    *,
    room: Room | None,
    room_id: str,
    account: str = "",
    key: str,
    evidence: Evidence,
    ban: Ban | None = None,
) -> RuleHit:
    """Does what the rule says about one fact, once a `key`; the hit tells what was done (`outcome`,
    `words`, `action`).

    room: the broadcast; None: whichever is live under `room_id`. evidence: the facts; its words are
    what the record tells people. ban: the act enforces this ban, for its reason and its time. A
    rule that is off leaves no hit (the one returned is not stored). A finding that is no more than
    worth a look, or not yet one of as many as the rule asks for, becomes an alert. While all rules
    are off, the rule is in its shadow phase or its cap is reached, the hit says so, and the same
    key acts once that is over.
    """
    with write_turn(priority=True):
        hit, now = get_or_create_hit(
            rule, room=room, room_id=room_id, account=account, key=key, evidence=evidence
        )
        if now is None or hit.outcome in FINAL:
            return hit
        room = room or Room.objects.live().filter(room_id=room_id).first()
        before = hit.outcome
        weigh(now, hit, evidence)
        if hit.outcome == Outcome.FOUND:
            carry_out(now, hit, room, ban)
        save_outcome(hit, now, room, evidence, before)
    return hit


@translation.override("en")
def record_pending(
    rule: Rule, *, room: Room, account: str, key: str, evidence: Evidence
) -> RuleHit | None:
    """Keeps a fact that must be read back before `act`: the hit, as `found`, to be called inside a
    transaction.

    None when there is nothing to read back: the rule is off or may not act, the fact is done with,
    calls for no more than an alert, or waits already.
    """
    hit, now = get_or_create_hit(
        rule, room=room, room_id=room.room_id, account=account, key=key, evidence=evidence
    )
    if now is None or hit.outcome in FINAL:
        return None
    if not hit.is_new and hit.outcome == Outcome.FOUND:
        return None
    before = Outcome.FOUND if hit.is_new else hit.outcome
    weigh(now, hit, evidence)
    if hit.outcome == Outcome.FOUND and not hit.calls_for_act:
        carry_out(now, hit, room, None)
    save_outcome(hit, now, room, evidence, before)
    return hit if hit.outcome == Outcome.FOUND else None


def get_or_create_hit(
    rule: Rule, *, room: Room | None, room_id: str, account: str, key: str, evidence: Evidence
) -> tuple[RuleHit, Rule | None]:
    """The hit of this key, made if need be, and the rule as it is now: None when it is off, and
    then no hit is made.
    """
    now, short = locked(rule), short_key(key)
    known = {
        "room": room,
        "room_key": room_id[:128],
        "account": account,
        "evidence": json_values.write(evidence),
    }
    if now is None or not now.is_looking:
        return RuleHit(
            rule=rule, key=short, outcome=Outcome.OFF, words=_("This rule is off."), **known
        ), None
    hit, made = RuleHit.objects.select_related("action").get_or_create(
        key=short, defaults=known | {"rule": now, "outcome": Outcome.FOUND}
    )
    hit.is_new = made
    return hit, now


def save_outcome(
    hit: RuleHit, rule: Rule, room: Room | None, evidence: Evidence, before: str
) -> None:
    """Stores what became of a hit, if it is something else than before.

    A rule at its cap tells people instead.
    """
    if hit.outcome == before:
        return
    if hit.outcome == Outcome.CAPPED and room is not None and rule.act != Rule.Act.ALERT:
        raise_alert_for(rule, hit, room)
    hit.rule, hit.room, hit.evidence, hit.at = (
        rule,
        room,
        json_values.write(evidence),
        database_time.now(),
    )
    hit.save()


def locked(rule: Rule) -> Rule | None:
    """The rule as it is now; nobody else counts towards its cap until the transaction ends."""
    rules = Rule.objects.select_related("policy").select_for_update(of=("self",), no_key=True)
    return rules.filter(pk=rule.pk).first()


def weigh(rule: Rule, hit: RuleHit, evidence: Evidence) -> None:
    """Sets what a hit calls for, and its outcome and words as far as they are known before anything
    is done: `found` when nothing stands in the way.
    """
    few = frequency.short_of(rule, hit, evidence)
    hit.calls_for_act = not few
    hit.outcome, hit.words = blocked_by(rule, is_act=not few) or (Outcome.FOUND, few)


def blocked_by(rule: Rule, *, is_act: bool = True) -> tuple[str, str] | None:
    """What keeps a rule that is on from acting: the outcome and its words; None: nothing.

    is_act: it is about the rule's own act, to which the cap applies.
    """
    if all_off():
        return Outcome.OFF, _("All rules are switched off.")
    if rule.phase == Rule.Phase.SHADOW:
        return Outcome.DRY, shadow_words(rule, is_act=is_act)
    if is_act and taken_lately(rule) >= rule.daily_cap:
        return Outcome.CAPPED, _("The cap of %(cap)s in 24 hours is reached.") % {
            "cap": rule.daily_cap
        }
    return None


def shadow_words(rule: Rule, *, is_act: bool) -> str:
    """What a rule in its shadow phase would have done."""
    if is_act and rule.act != Rule.Act.ALERT:
        return _("Shadow phase: the rule would have acted.")
    return _("Shadow phase: the rule would have raised an alert.")


def taken_lately(rule: Rule) -> int:
    """How often a rule has acted in the last 24 hours; alerts in place of its act are none."""
    day = database_time.now() - dt.timedelta(hours=24)
    own = RuleHit.objects.filter(rule=rule, at__gt=day, outcome__in=FINAL)
    return own.filter(calls_for_act=True).count()


def carry_out(rule: Rule, hit: RuleHit, room: Room | None, ban: Ban | None) -> None:
    """The order or the alert; what cannot be ordered is shown to people. Sets the hit's outcome."""
    if room is None:
        hit.outcome, hit.words = Outcome.REFUSED, _("No broadcast is live under this RoomId.")
        return
    try:
        if rule.act == Rule.Act.ALERT or not hit.calls_for_act:
            preconditions.require_live(room)
            raise_alert_for(rule, hit, room)
            hit.outcome = Outcome.ALERTED
        else:
            hit.action = order(rule, hit, room, ban)
            hit.outcome, hit.words = Outcome.ORDERED, ""
    except Refused as refusal:
        hit.outcome, hit.words = Outcome.REFUSED, refusal.message
        if room.is_live:
            raise_alert_for(rule, hit, room)


def order(rule: Rule, hit: RuleHit, room: Room, ban: Ban | None) -> Action:
    """Orders the rule's act, in its name or that of the ban it enforces. Raises Refused."""
    policy, by = (ban.policy, enforcement.ACTOR) if ban else (rule.policy, rule.actor)
    key = uuid.uuid5(KEYS, hit.key)
    basis = Action.Basis.UNVERIFIED_LINE if is_line(rule, hit) else ""
    note = hit.told.words or rule.title
    enforced = enforcement.enforcement_for(ban, room) if ban else None
    if enforced is not None and enforced.verb == rule.act:
        return orders.submit(replace(enforced, key=key, note=note, rests_on=basis), by=by)
    request = ActionRequest(
        verb=rule.act, room=room, policy=policy, key=key, note=note, grace=0.0, rests_on=basis
    )
    match rule.act:
        case Rule.Act.END:
            request = replace(request, ban=ban)
        case Rule.Act.MUTE | Rule.Act.ROOM_BAN:
            request = replace(request, account=hit.account, seconds=length(rule, ban), ban=ban)
        case Rule.Act.QUARANTINE:
            pass
        case _:
            raise Refused(_("This rule has no action that could be ordered."))
    return orders.submit(request, by=by)


def is_line(rule: Rule, hit: RuleHit) -> bool:
    """Whether it is about a line of chat, which nobody can verify; names are read from the
    vendor.
    """
    found = of_rule(rule.kind, hit.evidence)
    return isinstance(found, Said) and found.place == CHAT


def length(rule: Rule, ban: Ban | None) -> int:
    """Seconds of a mute or room ban: what is left of the ban behind it, else the rule's own."""
    if ban is not None:
        return ban.seconds_left(MAX_SECONDS)
    usual = MUTE_SECONDS if rule.act == Rule.Act.MUTE else BAN_SECONDS
    return int(rule.settings.get("seconds") or usual)


def raise_alert_for(rule: Rule, hit: RuleHit, room: Room) -> None:
    """The alert of a rule, or in place of an act that it may not or cannot order."""
    found = of_rule(rule.kind, hit.evidence)
    if hit.words:
        found = replace(found, not_done=hit.words)
    alerts.raise_alert(
        room=room,
        source=rule.actor,
        title=rule.title,
        account=hit.account,
        evidence=found,
        severity=int(rule.settings.get("severity") or 2),
    )


def short_key(key: str) -> str:
    """A key as it is stored: one that is too long by its digest."""
    return key if len(key) <= KEY_LENGTH else hashlib.sha256(key.encode()).hexdigest()


def forget(limit: int = 250) -> int:
    """Deletes hits older than broadcasts are kept; how many, a step at a time.

    What was done stays in the record.
    """
    total = 0
    old = RuleHit.objects.filter(
        at__lt=database_time.now() - dt.timedelta(days=settings.KEEP_ROOM_DAYS)
    )
    while True:
        with write_turn():
            count, _each = RuleHit.objects.filter(
                pk__in=list(old.values_list("pk", flat=True)[:limit])
            ).delete()
        total += count
        if count < limit:
            return total
