"""What a rule would have done over the stored past, with the settings of its form.

Reads, and changes nothing.

Newest first, so that a bound leaves out what is longest ago: at most MAX_READ rows and LONGEST
seconds. What is read is said. Who entered a room is not stored, so there is nothing over which a
rule about that could run.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import NamedTuple, TypeVar

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from moderation.anomalies import detector, kinds
from moderation.automation import frequency, receivers, words
from moderation.core.long_reads import Breather
from moderation.lifecycle.host_clock import GONE, grace_of
from moderation.models import Ban, Rule, TimeLimit
from moderation.values.evidence import ACT, CHAT
from rooms import event_details
from rooms.infra import database_time
from rooms.models import ChatLine, Room, RoomEvent, Sample

Row = TypeVar("Row")

MAX_READ = 200_000
LONGEST = 8.0  # seconds: a person waits for it
MAX_FOUND = 5_000
SHOWN = 50
AT_ONCE = 200  # rows read in one go
DAY = 86_400


class Finding(NamedTuple):
    """One thing the rule would have found. at: Unix seconds; counts: False for what is only worth
    a look.
    """

    at: float
    room: int
    account: str
    words: str
    counts: bool = True


@dataclass(slots=True)
class DryRun:
    """What came out. read: how many rows of `what`; is_whole: all there were. found: all findings,
    newest first; acts: how many acts would have followed, the same account at once being one, and
    the cap counted; capped: beyond the cap; looks: how many findings would have raised no more than
    an alert.
    """

    what: str | Promise
    hours: int
    read: int = 0
    is_whole: bool = True
    found: list[Finding] = field(default_factory=list)
    acts: int = 0
    capped: int = 0
    looks: int = 0
    rooms: dict[int, Room] = field(default_factory=dict)

    @property
    def shown(self) -> list[tuple[Finding, Room | None]]:
        return [(finding, self.rooms.get(finding.room)) for finding in self.found[:SHOWN]]

    @property
    def rooms_met(self) -> int:
        return len({finding.room for finding in self.found})


class _Reader:
    """Counts what is read, says when it is enough, and leaves others their turn of the
    interpreter.
    """

    def __init__(self, run: DryRun, clock: Callable[[], float]) -> None:
        self.run, self.clock, self.until = run, clock, clock() + LONGEST
        self.breather = Breather()

    def read(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            if (
                self.run.read >= MAX_READ
                or len(self.run.found) >= MAX_FOUND
                or self.clock() > self.until
            ):
                self.run.is_whole = False
                return
            self.run.read += 1
            yield row
            self.breather.rest()


def run(rule: Rule, hours: int, *, clock: Callable[[], float] = monotonic) -> DryRun:
    """Runs a rule, stored or not, over the last hours."""
    what, search = SEARCHES[rule.kind]
    if rule.kind == Rule.Kind.WORDS and words.places_of(rule) != (CHAT,):
        what = _("lines of chat, names and notices")
    result = DryRun(what, hours)
    since = database_time.now() - dt.timedelta(hours=hours)
    for finding in search(rule, since, _Reader(result, clock)):
        result.found.append(finding)
    result.found.sort(key=lambda finding: -finding.at)
    count(result, rule)
    result.rooms = Room.objects.in_bulk({finding.room for finding in result.found[:SHOWN]})
    return result


def count(result: DryRun, rule: Rule) -> None:
    """How many acts the findings come to, and how many of them to no more than an alert."""
    last: dict[tuple[int, str], float] = {}
    taken: list[float] = []
    cap = rule.daily_cap
    for finding, is_act in weighed(reversed(result.found), *frequency.needed(rule)):
        same = (finding.room, finding.account)
        if finding.at - last.get(same, -DAY) < words.SAME_THING.total_seconds():
            continue
        if not is_act:
            result.looks += 1
            continue
        last[same] = finding.at
        taken = [at for at in taken if at > finding.at - DAY] if len(taken) >= cap else taken
        if len(taken) >= cap:
            result.capped += 1
        else:
            taken.append(finding.at)
            result.acts += 1


def weighed(found: Iterable[Finding], needed: int, seconds: int) -> Iterator[tuple[Finding, bool]]:
    """Findings, oldest first, each with whether the rule acts on it: as many as are `needed` within
    `seconds`, see `frequency`.
    """
    before: dict[tuple[int, str], list[int]] = {}
    for finding in found:
        if not finding.counts:
            yield finding, False
            continue
        at_ms, times = (
            int(finding.at * 1000),
            before.setdefault((finding.room, finding.account), []),
        )
        yield finding, frequency.is_enough(times, at_ms, needed, seconds)
        times.append(at_ms)
        del times[:-needed]


def texts(rule: Rule, since: dt.datetime, reader: _Reader) -> Iterator[Finding]:
    """What is said in chat, and what is written of rooms that were live meanwhile."""
    if CHAT in words.places_of(rule):
        yield from chat(rule, since, reader)
    places = [place for place in words.places_of(rule) if place in words.TEXTS]
    live = Room.objects.filter(Q(ended_at=None) | Q(ended_at__gte=since)).order_by("-pk")
    for room in reader.read(live.iterator(chunk_size=AT_ONCE) if places else ()):
        at = max(room.facts_changed_at, since).timestamp()
        for place in places:
            if words.word_in(rule, str(getattr(room, place))):
                said = words.written(room, place, "").words
                yield Finding(at, room.pk, room.owner_account, said)


def chat(rule: Rule, since: dt.datetime, reader: _Reader) -> Iterator[Finding]:
    lines = ChatLine.objects.filter(at_ms__gte=since.timestamp() * 1000).order_by("-at_ms")
    stored = lines.values_list("at_ms", "room_id", "account", "text").iterator(chunk_size=AT_ONCE)
    for at_ms, room, account, text in reader.read(stored):
        if words.word_in(rule, text):
            yield Finding(at_ms / 1000, room, account, text[: words.QUOTED])


def labels(rule: Rule, since: dt.datetime, reader: _Reader) -> Iterator[Finding]:
    events = RoomEvent.objects.filter(
        kind=RoomEvent.Kind.LABEL, at_ms__gte=since.timestamp() * 1000
    )
    for label in reader.read(events.order_by("-at_ms").iterator(chunk_size=AT_ONCE)):
        if level := receivers.level_of(rule, label):
            reported = receivers.reported(label).words
            at = label.at_ms / 1000
            yield Finding(at, label.room_id, label.account, reported, level == ACT)


def gone_hosts(rule: Rule, since: dt.datetime, reader: _Reader) -> Iterator[Finding]:
    """Every time a host was gone for the grace, as far as its coming and going is stored; then who
    never came.
    """
    grace, now = grace_of(rule), database_time.now().timestamp()
    events = RoomEvent.objects.filter(kind=RoomEvent.Kind.HOST, at_ms__gte=since.timestamp() * 1000)
    stored = events.order_by("-at_ms", "-pk").values_list(
        "at_ms", "room_id", "detail", "room__ended_at"
    )
    next_at: dict[int, float] = {}
    for at_ms, room, detail, ended_at in reader.read(stored.iterator(chunk_size=AT_ONCE)):
        until = next_at.get(room, ended_at.timestamp() if ended_at else now)
        next_at[room] = at_ms / 1000
        state = event_details.host_moved(detail).state
        if state in GONE and until - at_ms / 1000 >= grace:
            yield Finding(at_ms / 1000 + grace, room, "", state)
    never = Room.objects.filter(host_started_at=None, first_seen_at__gte=since, host_state__in=GONE)
    without = (
        room
        for room in never.order_by("-first_seen_at").iterator(chunk_size=AT_ONCE)
        if room.pk not in next_at
    )
    for broadcast in reader.read(without):
        began = broadcast.first_seen_at.timestamp()
        end = broadcast.ended_at.timestamp() if broadcast.ended_at else now
        if end - began >= grace:
            yield Finding(began + grace, broadcast.pk, "", broadcast.host_state)


def time_limits(rule: Rule, since: dt.datetime, reader: _Reader) -> Iterator[Finding]:
    """The broadcasts that went on over a limit as it is stored now."""
    now = database_time.now()
    over = TimeLimit.objects.filter(ends_at__gte=since, ends_at__lte=now).order_by("-ends_at")
    for limit in reader.read(over.iterator(chunk_size=AT_ONCE)):
        assert limit.ends_at is not None
        until = min(now, limit.closed_at or now)
        went_on = Q(ended_at=None) | Q(ended_at__gt=limit.ends_at)
        for room in Room.objects.filter(went_on, room_id=limit.room_id, first_seen_at__lt=until)[
            :20
        ]:
            at = max(limit.ends_at, room.first_seen_at)
            yield Finding(at.timestamp(), room.pk, "", limit.note)


def banned_hosts(rule: Rule, since: dt.datetime, reader: _Reader) -> Iterator[Finding]:
    """The broadcasts that were opened while their owner was banned."""
    bans: dict[str, list[Ban]] = {}
    stored = Ban.objects.filter(
        Q(lifted_at=None) | Q(lifted_at__gte=since), Q(expired_at=None) | Q(expired_at__gte=since)
    )
    for ban in stored.order_by("-pk")[:MAX_READ].iterator(chunk_size=AT_ONCE):
        bans.setdefault(ban.account, []).append(ban)
    opened = (
        Room.objects.filter(first_seen_at__gte=since)
        .order_by("-first_seen_at")
        .only("owner_account", "first_seen_at")
    )
    for room in reader.read(opened.iterator(chunk_size=AT_ONCE)):
        for ban in bans.get(room.owner_account, ()):
            ends = [end for end in (ban.lifted_at, ban.expired_at, ban.until) if end is not None]
            if ban.created_at <= room.first_seen_at and all(
                end > room.first_seen_at for end in ends
            ):
                yield Finding(room.first_seen_at.timestamp(), room.pk, "", ban.note)
                break


def anomalies(rule: Rule, since: dt.datetime, reader: _Reader) -> Iterator[Finding]:
    """What the rule would have found in the minute samples, oldest first: each is judged by those
    before it. Who gave is not stored, so many givers are taken to be many.
    """
    kind = kinds.of_slug(rule.slug)
    stored = Sample.objects.filter(minute__gte=int(since.timestamp()) // 60)
    beyond = stored.order_by("-minute").values_list("minute", flat=True)[MAX_READ : MAX_READ + 1]
    if too_old := list(beyond):
        reader.run.is_whole = False
        stored = stored.filter(minute__gt=too_old[0])
    figures = stored.order_by("minute").values_list(
        *("minute", "room_id", "online", "messages", "gifts", "reward")
    )
    factor = kinds.SENSITIVITIES.get(str(rule.settings.get("sensitivity")), 1.0)
    rows = reader.read(figures.iterator(chunk_size=AT_ONCE))
    for found in detector.replay(rows, {kind: factor} if kind else {}):
        if found.kind == kind:
            seen_and_usual = f"{round(found.value):,} / {round(found.usual):,}"
            yield Finding(found.at, found.room, "", seen_and_usual)


def nobody(rule: Rule, since: dt.datetime, reader: _Reader) -> Iterator[Finding]:
    return iter(())


Search = Callable[[Rule, dt.datetime, _Reader], Iterator[Finding]]
# kind -> what is read, and how.
SEARCHES: dict[str, tuple[str | Promise, Search]] = {
    Rule.Kind.WORDS: (_("lines of chat"), texts),
    Rule.Kind.LABEL: (_("labels"), labels),
    Rule.Kind.HOST_GONE: (_("comings and goings of hosts, and broadcasts without any"), gone_hosts),
    Rule.Kind.TIME_LIMIT: (_("limits that were over"), time_limits),
    Rule.Kind.BANNED_HOST: (_("broadcasts that were opened"), banned_hosts),
    Rule.Kind.ANOMALY: (_("minute samples"), anomalies),
    Rule.Kind.BANNED_USER: (_("nothing: who enters a room is not stored"), nobody),
}
