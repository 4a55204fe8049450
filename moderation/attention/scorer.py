"""Keeps the scores of all live rooms up to date, a tick at a time.

A tick asks what has changed (a handful of questions, however many rooms), scores those rooms anew
and the ones whose time has come, and stores and pushes the scores that are others than before.
Every FULL_SECONDS all facts are read anew: what a tick has missed is made up for then.
"""

import datetime as dt
from dataclasses import dataclass, field

from moderation.attention import facts, store, weights
from moderation.attention.scoring import RoomFacts, Scored, scored
from moderation.values.risk import DEFAULTS, Weights
from rooms.infra import database_time

FULL_SECONDS = 60.0
# A look is stored with the moment before its transaction: one that was slow is met by the next
# tick all the same.
OVERLAP = dt.timedelta(seconds=10)


@dataclass(slots=True)
class Ticked:
    """What a tick has done: how many rooms there are, were scored anew, have another score."""

    rooms: int
    scored: int
    changed: int


@dataclass(slots=True)
class Scorer:
    """The facts and scores of all live rooms, in memory. One at a time writes: see the loop in
    moderation.worker.
    """

    facts: dict[int, RoomFacts] = field(default_factory=dict)
    scores: dict[int, Scored] = field(default_factory=dict)
    weights: Weights = field(default_factory=lambda: dict(DEFAULTS))
    _version: int = -1
    _read_at: float = 0.0
    _looked_at: dt.datetime | None = None
    _entry: int = 0
    _is_first: bool = True
    _online: dict[int, int | None] = field(default_factory=dict)

    def tick(self) -> Ticked:
        """Brings all scores up to date.

        Raises what the database raises. Then nobody knows what is stored: go on with a new Scorer,
        which begins by writing all.
        """
        now = database_time.now()
        at = now.timestamp()
        touched: set[int] = set()
        if at - self._read_at >= FULL_SECONDS or at < self._read_at:
            touched |= self._read_all(now)
            self._read_at = at
        touched |= self._live(now)
        touched |= self._findings(at)
        touched |= self._looks(now)
        touched |= self._strikes(now)
        touched |= self._weights()
        due = {pk for pk, score in self.scores.items() if score.due <= at}
        return self._store(touched | due, now)

    def _read_all(self, now: dt.datetime) -> set[int]:
        """All facts anew, as a new process does it; the rooms of which any is another."""
        self._entry = facts.newest_entry()
        self._looked_at = now - OVERLAP
        before, self._online = self.facts, facts.online()
        read = facts.of_rooms(list(facts.known(self._online).values()), now)
        for pk, room in read.items():
            room.online = self._online[pk]
            if old := before.get(pk):
                room.raised, room.labelled = old.raised, old.labelled
        self.facts = read
        return {pk for pk, room in read.items() if before.get(pk) != room}

    def _live(self, now: dt.datetime) -> set[int]:
        """Rooms that were opened, and those with another number of people."""
        online, before = facts.online(), self._online
        self._online = online
        touched = {pk for pk, people in online.items() if before.get(pk, -1) != people}
        if opened := [pk for pk in touched if pk not in self.facts]:
            self.facts |= facts.of_rooms(list(facts.known(opened).values()), now)
        for pk in self.facts.keys() - online.keys():
            del self.facts[pk]
        for pk in touched:
            if room := self.facts.get(pk):
                room.online = online[pk]
        return touched

    def _findings(self, at: float) -> set[int]:
        """Rooms with other open alerts or labels than before."""
        raised, labelled, touched = facts.raised(), facts.labelled(at), set()
        for pk, room in self.facts.items():
            mine, seen = raised.get(pk, ()), labelled.get(pk, ())
            if mine != room.raised or seen != room.labelled:
                room.raised, room.labelled = mine, seen
                touched.add(pk)
        return touched

    def _looks(self, now: dt.datetime) -> set[int]:
        """Rooms that somebody has looked at."""
        since, self._looked_at = self._looked_at or now - OVERLAP, now - OVERLAP
        touched = set()
        for pk, last in facts.looks_since(since).items():
            room = self.facts.get(pk)
            if room is not None and (room.last_look is None or room.last_look < last):
                room.last_look = last
                touched.add(pk)
        return touched

    def _strikes(self, now: dt.datetime) -> set[int]:
        """After an act: rooms whose hosts have other strikes than before."""
        before, self._entry = self._entry, facts.newest_entry()
        if before >= self._entry or not facts.has_struck(before, self._entry):
            return set()
        rooms = facts.known(self.facts)
        struck, touched = facts.strikes_of({room.owner for room in rooms.values()}, now), set()
        for pk, known in rooms.items():
            if (count := struck.get(known.owner, 0)) != self.facts[pk].strikes:
                self.facts[pk].strikes = count
                touched.add(pk)
        return touched

    def _weights(self) -> set[int]:
        """All rooms, when the weights are others."""
        current = weights.current()
        if current.version == self._version:
            return set()
        self._version, self.weights = current.version, current.points
        return set(self.facts)

    def _store(self, touched: set[int], now: dt.datetime) -> Ticked:
        at, changed, count = now.timestamp(), dict[int, Scored](), 0
        gone = self.scores.keys() - self.facts.keys()
        for pk in gone:
            del self.scores[pk]
        for pk in touched:
            if (room := self.facts.get(pk)) is None:
                continue
            count += 1
            before, score = self.scores.get(pk), scored(room, self.weights, at)
            self.scores[pk] = score
            if before is None or before.terms != score.terms:
                changed[pk] = score
        store.write(changed, now)
        if gone or self._is_first:
            store.forget_ended()
            self._is_first = False
        return Ticked(len(self.facts), count, len(changed))
