"""Where hosts are, who came, and what else happened in rooms: from what was told to rows and
signals.

The only writer of Room.host_*; judging is `rooms.ingest.host_state`. Two ways in, both in the
collector's thread for facts:

    take(events)    what webhooks told: kept as hints, and the rooms that are to be read at once are
                    named
    store(reads)    what the lane of seats read

read_host() asks at once, for a rule that is about to act, and stores nothing.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import orjson
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from liveapi import Call, LiveApiError, LiveClient, commands
from liveapi.budget.limits import Lane
from liveapi.messages import Seat
from liveapi.webhook_events import (
    AdminsChanged,
    Event,
    MembersChanged,
    MetadataChanged,
    OwnerChanged,
    RoomUpdated,
    SeatsChanged,
)
from rooms import event_details, signals
from rooms.infra import database_time, json_values
from rooms.infra.transactions import short_transaction
from rooms.ingest import fencing, host_state, notify, observers, room_writer
from rooms.ingest.host_state import Host, Named
from rooms.ingest.readings import clean
from rooms.live import push
from rooms.models import Room, RoomEvent

logger = logging.getLogger(__name__)

AT_ONCE = 200  # rooms, or events, in one transaction
MAX_OF_A_ROOM = 50  # events kept of one call of take()
MAX_NAMED = 100  # accounts or keys in one event
MAX_ENTERED = 1000  # accounts of one room
SECOND = 1000  # milliseconds
NO_SEATS, NOT_LIVE = (
    100251,
    100006,
)  # the vendor's codes for an empty seat list, and for a room that has no robots


_COLUMNS = ("host_state", "host_state_at", "host_state_source", "host_read_at", "host_started_at")

T = TypeVar("T")

KEPT = (
    *(MembersChanged, SeatsChanged, OwnerChanged, AdminsChanged),
    *(MetadataChanged, RoomUpdated),
)
RoomEventPair = tuple[int, Event]  # primary key of the live room that it is about


@dataclass(frozen=True, slots=True)
class SeatsRead:
    """What REST told of one room: who is on its seats, the robots (empty where nobody asked), the
    newest member list. at: Unix seconds."""

    seats: tuple[Seat, ...]
    robots: tuple[str, ...]
    members: Named | None
    at: int


@dataclass(slots=True)
class EventOutcome:
    """What follows from what was told. ask: rooms whose host is to be read by REST at once. moved:
    rooms whose host has another state. entered: pk -> accounts that are said to have come, the host
    left out."""

    ask: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)
    entered: dict[int, set[str]] = field(default_factory=dict)

    def send(self) -> None:
        """Sends host_changed and members_entered; for the thread of signals."""
        rooms = Room.objects.live().in_bulk(self.moved | self.entered.keys())
        for pk in self.moved & rooms.keys():
            notify.send_robustly(signals.host_changed, room=rooms[pk])
        entered = [
            (rooms[pk], frozenset(accounts)) for pk, accounts in self.entered.items() if pk in rooms
        ]
        if (
            entered
        ):  # all at once: one question about five hundred accounts, not five hundred questions
            notify.send_robustly(signals.members_entered, entered=entered)


@dataclass(frozen=True, slots=True)
class HostReading:
    """Where REST has just told the host to be. state: a Room.HostState, never UNKNOWN. at: Unix
    seconds. robots: accounts of the room's robots, which are no hosts; the OBS robot of the host on
    a seat is SEATED, though."""

    state: str
    at: int
    seats: tuple[Seat, ...]
    robots: tuple[str, ...]


def read_host(client: LiveClient, room: Room, lane: Lane = "poll") -> HostReading:
    """Reads seat list, robots and, where these leave a doubt, the member list: two or three calls.

    Nothing here says that the broadcast still lives, nor that it is the same one: get_room_info
    does. LOST is told only of a host whose heartbeat was lost by what is stored, when the member
    list does not contradict. Raises LiveApiError (100004: the room is gone).
    """
    at = int(database_time.unix())
    before, owner = host_of(room), room.owner_account
    seats = _unless(NO_SEATS, client, commands.get_seat_list(room.room_id), lane)
    robots = _unless(NOT_LIVE, client, commands.get_robot(room.room_id), lane)
    streaming = host_state.on_seat(owner, seats, robots)
    members = None
    if not streaming or (streaming == owner and before.state == host_state.LOST):
        page = client.call(commands.get_member_list(room.room_id), lane=lane).value
        members = host_state.named(page, owner, at)
    state, _source = host_state.infer_host_state(owner, seats, robots, members, before, at)
    return HostReading(state, at, seats, robots)


def host_of(room: Room) -> Host:
    """What is stored of a broadcast's host."""
    return Host(
        room.host_state,
        room.host_state_at,
        room.host_state_source,
        room.host_read_at,
        room.host_started_at,
    )


def _unless(code: int, client: LiveClient, call: Call[tuple[T, ...]], lane: Lane) -> tuple[T, ...]:
    """The rows of an answer; none where the vendor says with this code that there are none."""
    try:
        return client.call(call, lane=lane).value
    except LiveApiError as error:
        if error.code != code:
            raise
        return ()


# --- The collector's ways in ----------------------------------------------------------------------


def apply_events(
    events: Iterable[RoomEventPair], *, fence: int, now_ms: int | None = None
) -> EventOutcome:
    """Keeps what webhooks told of members, seats, owners, administrators, facts and metadata; other
    events are passed over.

    Oldest first. What is stored is pushed; `ask` and `send()` of the answer are the caller's. An
    event told twice is kept once. Never raises for the database's sake: what it does not take is
    logged, and REST tells it again. Raises Fenced.
    """
    now_ms = now_ms or time.time_ns() // 1_000_000
    by_room: dict[int, list[Event]] = {}
    for pk, event in events:
        if isinstance(event, KEPT):
            by_room.setdefault(pk, []).append(event)
    outcome = EventOutcome()

    def work(row: _Row) -> None:
        for event in by_room[row.pk]:
            _take(row, event, outcome, now_ms)

    _in_steps(list(by_room), work, outcome, fence)
    return outcome


def apply_readings(reads: Mapping[int, SeatsRead], *, fence: int) -> EventOutcome:
    """Stores what REST told of hosts: pk -> reading. As take()."""
    outcome = EventOutcome()

    def work(row: _Row) -> None:
        read = reads[row.pk]
        state, source = host_state.infer_host_state(
            row.owner, read.seats, read.robots, read.members, row.host, read.at
        )
        row.move(host_state.read(row.host, state, source, read.at), read.at * SECOND)

    _in_steps(list(reads), work, outcome, fence)
    return outcome


class _Row:
    """A live room in one transaction: its host before and after, and the events to be kept."""

    def __init__(self, pk: int, owner: str, began: int, host: Host) -> None:
        self.pk, self.owner, self.began = pk, owner, began
        self.before = self.host = host
        self.events: list[RoomEvent] = []

    def move(self, after: Host, at_ms: int) -> None:
        """The host is somewhere else, or told of again."""
        if after.state != self.host.state:
            moved = event_details.HostMoved(
                state=after.state, before=self.host.state, source=after.source
            )
            self.note(at_ms, moved, self.owner)
        self.host = after

    def note(self, at_ms: int, change: event_details.Detail, account: str = "") -> None:
        """An event to be kept."""
        if len(self.events) >= MAX_OF_A_ROOM:
            return
        kind = event_details.kind_of(change)
        account, detail = clean(account, 128), _clean(json_values.write(change))
        said = hashlib.blake2s(orjson.dumps([account, detail]), digest_size=8).hexdigest()
        key = f"{kind}:{self.pk}:{at_ms}:{said}"
        self.events.append(
            RoomEvent(
                room_id=self.pk, at_ms=at_ms, kind=kind, account=account, detail=detail, key=key
            )
        )


def _clean(value: object) -> object:
    """The same with every text such that a database takes it, and no longer than its account, key
    or value may be.
    """
    if isinstance(value, dict):
        return {clean(key, 128): _clean(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_clean(inner) for inner in value[:MAX_NAMED]]
    return clean(value, 200) if isinstance(value, str) else value


def _in_steps(
    pks: list[int], work: Callable[[_Row], None], outcome: EventOutcome, fence: int
) -> None:
    """Does `work` on every live room of these; then pushes what moved.

    Nobody else writes these columns, so rows are read before the short transaction, and most often
    (the audience comes and goes) there is nothing to write.
    """
    for start in range(0, len(pks), AT_ONCE):
        part = pks[start : start + AT_ONCE]
        try:
            live_rooms = Room.objects.live().filter(pk__in=part)
            names = ("pk", "owner_account", "create_time", *_COLUMNS)
            rows = [
                _Row(pk, owner, began, Host(*host))
                for pk, owner, began, *host in live_rooms.values_list(*names)
            ]
            for row in rows:
                work(row)
            if written := [row for row in rows if row.events or row.host != row.before]:
                with short_transaction():
                    fencing.check_fence(fence)
                    _write(written)
                time.sleep(room_writer.BREATHE_SECONDS)
        except (OperationalError, InterfaceError) as error:
            logger.warning("What was told of hosts is not kept: %s", error)
            connection.close()
        except DatabaseError as error:
            logger.error("The database refuses what was told of hosts: %s", error)
        else:
            outcome.moved |= {row.pk for row in rows if row.host.state != row.before.state}
    push.publish_hosts(outcome.moved)


def _write(rows: list[_Row]) -> None:
    changed = [row for row in rows if row.host != row.before]
    if changed:
        assignments = ", ".join(f"{name} = %s" for name in _COLUMNS)
        with connection.cursor() as cursor:
            cursor.executemany(
                # Column names are ours; the values are parameters.
                f"UPDATE rooms_room SET {assignments} WHERE id = %s AND ended_at IS NULL",  # noqa: S608
                [
                    (
                        row.host.state,
                        row.host.at,
                        row.host.source,
                        row.host.read_at,
                        row.host.started_at,
                        row.pk,
                    )
                    for row in changed
                ],
            )
    if events := [event for row in rows for event in row.events]:
        RoomEvent.objects.bulk_create(events, AT_ONCE, ignore_conflicts=True)


def _take(row: _Row, event: Event, outcome: EventOutcome, now_ms: int) -> None:
    at_ms = min(
        event.at_ms or now_ms, now_ms
    )  # a clock that runs ahead must not make later events old
    if at_ms < (row.began - 2) * SECOND:
        return  # of an earlier broadcast under the same RoomId
    match event:
        case MembersChanged():
            _members(row, event, outcome, at_ms)
        case SeatsChanged(seats=seats):
            on = {str(seat.index): seat.account for seat in seats if seat.account}
            row.note(at_ms, event_details.SeatsChanged(seats=on))
            if host_state.on_seat(row.owner, seats):
                row.move(host_state.heard(row.host, host_state.SEATED, at_ms // SECOND), at_ms)
                outcome.ask.add(row.pk)
            elif row.host.state in {host_state.SEATED, host_state.UNKNOWN}:
                outcome.ask.add(row.pk)  # an event may tell of some seats only
        case OwnerChanged(owner=owner):
            row.note(
                at_ms, event_details.OwnerChanged(before=event.before, by=event.operator), owner
            )
            outcome.ask.add(row.pk)
        case AdminsChanged():
            accounts = tuple(event.accounts)
            row.note(
                at_ms,
                event_details.AdminsChanged(
                    accounts=accounts, added=event.added, by=event.operator
                ),
            )
        case MetadataChanged():
            values, deleted = dict(event.values), tuple(event.deleted)
            row.note(
                at_ms, event_details.MetadataChanged(set=values, deleted=deleted, by=event.operator)
            )
        case RoomUpdated():
            row.note(
                at_ms, event_details.InfoChanged(fields=tuple(event.fields), by=event.operator)
            )


def _members(row: _Row, event: MembersChanged, outcome: EventOutcome, at_ms: int) -> None:
    accounts = {account for account in event.accounts if not observers.is_observer(account)}
    if row.owner in accounts:
        if not event.online:
            state = host_state.LOST if event.cause == "HeartbeatInterrupt" else host_state.AWAY
            row.move(host_state.heard(row.host, state, at_ms // SECOND), at_ms)
        elif row.host.state != host_state.SEATED:
            row.move(host_state.heard(row.host, host_state.INSIDE, at_ms // SECOND), at_ms)
    if accounts & {row.owner, host_state.obs_robot(row.owner)}:
        outcome.ask.add(row.pk)
    if event.online and (others := accounts - {row.owner}):
        entered = outcome.entered.setdefault(row.pk, set())
        entered |= set(sorted(others)[: max(0, MAX_ENTERED - len(entered))])
