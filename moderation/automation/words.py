"""Rules about words: in chat, and in what hosts write of their rooms and themselves.

A line of chat is judged when it is told. A room's name, its notice and the host's name are judged
when they say something new, and once a rule and text: the signal may be lost, so the sweep looks
again at what has changed lately, and at every live room once a rule has.
"""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from moderation.automation import engine, frequency, matching, verification
from moderation.models import Rule, RuleHit
from moderation.values.evidence import CHAT, Said
from rooms.infra import database_time
from rooms.models import ChatLine, Room

Outcome = RuleHit.Outcome
# What the same account does again within these seconds is the same thing: its act is under way.
SAME_THING = dt.timedelta(seconds=60)
LATELY = dt.timedelta(seconds=30)  # the sweep is made every few seconds
MAX_LINES = 500  # of one room in one call
MAX_FINDINGS = 20  # of one rule in one call
MAX_ROOMS, MAX_A_SWEEP = 5000, 200  # rooms and findings in one sweep
QUOTED = 300  # characters
TEXTS = ("name", "notice", "owner_name")  # columns of Room; with chat, the places of a rule
SETTLED = engine.FINAL | {Outcome.FOUND, Outcome.REFUSED, Outcome.UNVERIFIED}


def rules_looking() -> list[Rule]:
    """The rules about words that are on, or in their shadow phase."""
    rules = Rule.objects.exclude(phase=Rule.Phase.OFF).filter(kind=Rule.Kind.WORDS)
    return list(rules.select_related("policy"))


def places_of(rule: Rule) -> tuple[str, ...]:
    """Where a rule looks: chat and columns of Room; chat alone where it does not say."""
    places = rule.settings.get("places", [CHAT])
    return tuple(place for place in (CHAT, *TEXTS) if place in places)


def word_in(rule: Rule, text: str) -> str | None:
    """The first of the rule's words that a text holds."""
    words = [str(word) for word in rule.settings.get("words", [])]
    return matching.first_of(words, text, alike=bool(rule.settings.get("alike")))


# --- Chat -----------------------------------------------------------------------------------------


def on_chat_said(
    sender: object, said: Sequence[tuple[Room, Sequence[ChatLine]]], **_: object
) -> None:
    """Somebody said what a rule looks for.

    The rules are asked for once, however many rooms talk.
    """
    for rule in rules_looking():
        if CHAT not in places_of(rule):
            continue
        for room, lines in said:
            for line, word in first_of_each(spoken(rule, lines[-MAX_LINES:]), room, rule):
                verification.found(
                    rule,
                    room=room,
                    account=line.account,
                    key=f"words:{rule.pk}:{room.pk}:{line.message_id}",
                    evidence=quoted(line, word),
                )


def spoken(rule: Rule, lines: Iterable[ChatLine]) -> Iterator[tuple[ChatLine, str]]:
    """The lines that hold one of the rule's words, each with the word."""
    for line in lines:
        if word := word_in(rule, line.text):
            yield line, word


def first_of_each(
    said: Iterable[tuple[ChatLine, str]], room: Room, rule: Rule
) -> list[tuple[ChatLine, str]]:
    """The first lines of each account about which the rule has not acted in this room just now: as
    many as let the rule act, at most MAX_FINDINGS in all.
    """
    count, _seconds = frequency.needed(rule)
    taken: Counter[str] = Counter()
    first: list[tuple[ChatLine, str]] = []
    for line, word in said:
        if taken[line.account] < count:
            taken[line.account] += 1
            first.append((line, word))
        if len(first) == MAX_FINDINGS:
            break
    if not first:
        return []
    since = database_time.now() - SAME_THING
    met = RuleHit.objects.filter(
        rule=rule, room=room, account__in=list(taken), at__gt=since, calls_for_act=True
    )
    known = set(met.values_list("account", flat=True))
    return [(line, word) for line, word in first if line.account not in known]


def quoted(line: ChatLine, word: str) -> Said:
    """What a hit keeps of a line."""
    words = f"“{line.text[:QUOTED]}”"
    return Said(words=words, word=word, message_id=line.message_id, at_ms=line.at_ms)


# --- Names and notices ----------------------------------------------------------------------------


def on_texts_changed(
    sender: object, changed: Sequence[tuple[Room, Collection[str]]], **_: object
) -> None:
    """Hosts wrote something new of their rooms or themselves."""
    for rule in rules_looking():
        judge(rule, changed)


def sweep() -> int:
    """Judges again what changed lately, and every live room for rules that changed; how many
    findings were new.
    """
    since = database_time.now() - LATELY
    count = 0
    for rule in rules_looking():
        if not set(places_of(rule)) & set(TEXTS):
            continue
        changed = Q() if rule.changed_at > since else Q(facts_changed_at__gt=since)
        rooms = Room.objects.live().filter(changed).order_by("-pk")[:MAX_ROOMS]
        texts = ((room, TEXTS) for room in rooms.iterator(chunk_size=500))
        count += judge(rule, texts, most=MAX_A_SWEEP)
    return count


def judge(
    rule: Rule, changed: Iterable[tuple[Room, Collection[str]]], *, most: int = MAX_FINDINGS
) -> int:
    """Looks for a rule's words in these columns of rooms; how many findings were new, at most
    `most`: the sweep takes the rest.
    """
    places = [place for place in places_of(rule) if place in TEXTS]
    found = {
        key_of(rule, room, place, text): (room, place, word)
        for room, columns in changed
        for place in places
        if place in columns and (text := str(getattr(room, place)))
        if (word := word_in(rule, text))
    }
    new = sorted(found.keys() - known_of(rule, found))[:most] if found else []
    for key in new:
        room, place, word = found[key]
        verification.found(
            rule,
            room=room,
            account=room.owner_account,
            key=key,
            evidence=written(room, place, word),
        )
    return len(new)


def key_of(rule: Rule, room: Room, place: str, text: str) -> str:
    """Names one fact: this text, in this place, under this rule."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return f"words:{rule.pk}:{room.pk}:{place}:{digest}"


def known_of(rule: Rule, keys: Iterable[str]) -> set[str]:
    """Those of these facts that are done with, or wait to be read back."""
    is_shadow = rule.phase == Rule.Phase.SHADOW
    wanted = list(keys)
    parts = (wanted[start : start + 500] for start in range(0, len(wanted), 500))
    settled = RuleHit.objects.filter(outcome__in=SETTLED | {Outcome.DRY} if is_shadow else SETTLED)
    return {
        key for part in parts for key in settled.filter(key__in=part).values_list("key", flat=True)
    }


@translation.override("en")  # what is stored is said again by `retold`
def written(room: Room, place: str, word: str) -> Said:
    """What a hit keeps of a name or a notice."""
    return Said(
        words=named_place(place, " ".join(str(getattr(room, place)).split())[:QUOTED]),
        word=word,
        place=place,
        at_ms=int(room.facts_changed_at.timestamp() * 1000),
    )


def named_place(place: str, text: str) -> str:
    """A text with where it stands, in words."""
    match place:
        case "name":
            return _("Room name: “%(text)s”") % {"text": text}
        case "notice":
            return _("Notice: “%(text)s”") % {"text": text}
        case "owner_name":
            return _("Host name: “%(text)s”") % {"text": text}
    return f"“{text}”"
