"""The stored lines that fit a query, newest first, in bounded time.

The index is asked bucket by bucket (rooms.infra.chat_index), so that what is found newest costs
least, and a search that took its time stops between two of them: it says how far it has looked, and
goes on from there when it is asked to. What the index names is compared with the line itself.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from rooms.chat_search.query import Query
from rooms.chat_terms import by_account, in_room
from rooms.infra import chat_index
from rooms.infra.chat_index import Term
from rooms.models import ChatLine

SHOWN = 50
SECONDS = 0.12  # of looking; one more bucket may follow
AT_ONCE = 200  # lines that are compared in one turn
NEWEST = 2**63 - 1
MOST_ROOMS = 50
# Lines are stored as they come, and one may come so much later than it was said.
LATE_MS = 10 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """query: its words. rooms: primary keys, None: of any. account: exactly; "": of anybody.

    from_ms, until_ms: Unix milliseconds, when it was said; None: not bounded.
    """

    query: Query = field(default_factory=Query)
    rooms: tuple[int, ...] | None = None
    account: str = ""
    from_ms: int | None = None
    until_ms: int | None = None

    def fits(self, line: ChatLine) -> bool:
        return (
            (self.rooms is None or line.room_id in self.rooms)
            and (not self.account or line.account == self.account)
            and (self.from_ms is None or line.at_ms >= self.from_ms)
            and (self.until_ms is None or line.at_ms <= self.until_ms)
            and self.query.fits(line.text)
        )


@dataclass(frozen=True, slots=True)
class Found:
    """lines: newest first. before: where the next page begins, 0: nothing is left.

    is_cut: the time was over before the page was full.
    """

    lines: list[ChatLine]
    before: int
    is_cut: bool = False


def find(wanted: Wanted, before: int = NEWEST, *, seconds: float = SECONDS) -> Found:
    """A page of the lines that fit. before: primary key; only lines stored earlier."""
    if wanted.rooms == ():
        return Found([], 0)
    lowest, highest = _bounds(wanted)
    before = min(before, highest + 1)
    every = wanted.query.terms
    if wanted.account:
        every = [*every, Term(by_account(wanted.account))]
    any_of = [Term(in_room(pk)) for pk in (wanted.rooms or ())[:MOST_ROOMS]]
    until = time.monotonic() + seconds
    found: list[ChatLine] = []
    while before > lowest:
        bottom = max(lowest, chat_index.bucket_of(before - 1) << chat_index.BUCKET_BITS)
        pks = _candidates(every, any_of, bottom, before)
        lines = ChatLine.objects.select_related("room").in_bulk(pks)
        for pk in pks:
            if (line := lines.get(pk)) is not None and pk >= bottom and wanted.fits(line):
                found.append(line)
                if len(found) == SHOWN:
                    return Found(found, pk)
        before = pks[-1] if len(pks) == AT_ONCE else bottom
        if before > lowest and time.monotonic() > until:
            return Found(found, before, is_cut=True)
    return Found(found, 0)


def _candidates(
    every: Sequence[Term], any_of: Sequence[Term], bottom: int, before: int
) -> list[int]:
    """At most AT_ONCE primary keys from `bottom` up to `before`, the newest first."""
    if every or any_of:
        bucket = chat_index.bucket_of(bottom)
        return chat_index.newest_with(bucket, every, any_of, before, AT_ONCE)
    near = ChatLine.objects.filter(pk__gte=bottom, pk__lt=before).order_by("-pk")
    return list(near.values_list("pk", flat=True)[:AT_ONCE])


def _bounds(wanted: Wanted) -> tuple[int, int]:
    """The lowest and the highest primary key that may fit; (0, -1) when none does."""
    by_pk = ChatLine.objects.order_by("pk").values_list("pk", flat=True)
    lowest, highest = by_pk.first(), by_pk.last()
    by_time = ChatLine.objects.order_by("at_ms", "pk").values_list("pk", flat=True)
    if lowest is not None and wanted.from_ms is not None:
        lowest = by_time.filter(at_ms__gte=wanted.from_ms - LATE_MS).first()
    if highest is not None and wanted.until_ms is not None:
        highest = by_time.filter(at_ms__lte=wanted.until_ms + LATE_MS).last()
    if lowest is None or highest is None:
        return 0, -1
    return lowest, highest
