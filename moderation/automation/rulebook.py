"""The rules as people set them: made, changed, switched; each with its entry in the record.

Keyword-only. Raises Refused in words for people. What rules do is in `rules` and `engine`.
"""

import hashlib
from typing import TypedDict, Unpack

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from moderation.audit import audit_log
from moderation.core.errors import Refused
from moderation.models import Policy, Rule, RuleSwitch
from rooms.infra import database_time

Kind, Act = Rule.Kind, Rule.Act
# What a rule of a kind may do.
ACTS: dict[str, tuple[str, ...]] = {
    Kind.TIME_LIMIT: (Act.END, Act.ALERT),
    Kind.HOST_GONE: (Act.END, Act.ALERT),
    Kind.BANNED_HOST: (Act.END, Act.QUARANTINE, Act.ALERT),
    Kind.BANNED_USER: (Act.ROOM_BAN, Act.MUTE, Act.ALERT),
    Kind.LABEL: (Act.ALERT, Act.MUTE, Act.ROOM_BAN, Act.QUARANTINE, Act.END),
    Kind.WORDS: (Act.ALERT, Act.MUTE, Act.ROOM_BAN, Act.QUARANTINE, Act.END),
    Kind.ANOMALY: (Act.ALERT,),  # figures prove nothing about anybody
}
# The kinds of which people make rules of their own; of the others there is one each.
OWN = (Kind.WORDS, Kind.LABEL)
BANS = (Kind.BANNED_HOST, Kind.BANNED_USER)


class Fields(TypedDict):
    """What people set of a rule."""

    title: str
    act: str
    policy: Policy
    settings: dict[str, object]
    phase: str
    daily_cap: int


FIELDS = tuple(Fields.__annotations__)


def make(*, by: User, kind: str, **fields: Unpack[Fields]) -> Rule:
    """A new rule.

    The same form sent twice is one rule; another rule of that name is refused. fields: FIELDS.
    """
    if kind not in OWN:
        raise Refused(
            _("Only one rule of this kind can exist, and there is one already."), status=422
        )
    slug = slug_of(kind, fields["title"])
    try:
        with transaction.atomic():
            rule = Rule.objects.create(
                slug=slug, kind=kind, changed_by_name=by.get_username(), **fields
            )
            _record(rule, by=by, verb="make_rule", before={}, after=state(rule))
    except IntegrityError:
        first = Rule.objects.get(slug=slug)
        if (
            state(first) == state(Rule(kind=kind, **fields))
            and first.changed_by_name == by.get_username()
        ):
            return first
        raise Refused(_("A rule with this name exists already.")) from None
    return rule


def slug_of(kind: str, title: str) -> str:
    """The name under which the record knows a rule: its kind and its title, in letters that an
    address takes.
    """
    words = slugify(title) or hashlib.sha256(title.encode()).hexdigest()[:8]
    return f"{kind}-{words}"[:40].rstrip("-")


def change(*, by: User, rule: Rule, version: int, **fields: Unpack[Fields]) -> Rule:
    """Changes a rule, if it still is as the person saw it.

    Nothing is recorded when nothing differs.
    """
    with transaction.atomic():
        now = Rule.objects.select_related("policy").get(pk=rule.pk)
        before, wanted = state(now), state(Rule(kind=now.kind, **fields))
        different = {name for name in wanted if wanted[name] != before[name]}
        if not different:
            return now
        seen = Rule.objects.filter(pk=rule.pk, version=version)
        stamp = {
            "version": version + 1,
            "changed_at": database_time.now(),
            "changed_by_name": by.get_username(),
        }
        if not seen.update(**fields, **stamp):
            raise Refused(_("Somebody has changed this rule meanwhile. Look at it again."))
        rule.refresh_from_db()
        _record(
            rule,
            by=by,
            verb="edit_rule",
            before={name: before[name] for name in different},
            after={name: wanted[name] for name in different},
        )
    return rule


def state(rule: Rule) -> dict[str, object]:
    """What the record tells of a rule."""
    known = {name: getattr(rule, name) for name in FIELDS if name != "policy"}
    return known | {"policy": rule.policy.code}


def switch() -> RuleSwitch:
    """The switch for all rules."""
    return RuleSwitch.objects.order_by("pk").first() or RuleSwitch()


def switch_all(*, by: User, off: bool, note: str) -> RuleSwitch:
    """Switches all rules off, or lets them act again as each of them is set.

    Twice the same: the first counts.
    """
    if not note.strip():
        raise Refused(_("Explain why."), status=422)
    RuleSwitch.objects.get_or_create(pk=switch().pk or 1)
    with transaction.atomic():
        other = RuleSwitch.objects.filter(all_off=not off)
        if other.update(
            all_off=off,
            note=note,
            changed_by_name=by.get_username(),
            changed_at=database_time.now(),
        ):
            audit_log.record(
                by=by,
                verb="rules_off" if off else "rules_on",
                outcome="done",
                note=note,
                before={"all_off": not off},
                after={"all_off": off},
            )
    return switch()


def _record(
    rule: Rule, *, by: User, verb: str, before: dict[str, object], after: dict[str, object]
) -> None:
    audit_log.record(
        by=by,
        verb=verb,
        outcome="done",
        reason=rule.policy.code,
        before={"rule": rule.slug} | before,
        after={"rule": rule.slug} | after,
    )
