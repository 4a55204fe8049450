"""Where a host is, judged from what was told.

Pure: no clock, no network, no database; times are Unix seconds.

    seat list     who is on a seat now; the robot that streams for a host (OBS) stands for the host
                  there
    member list   up to 40 s old and names 1,000 people at most, so its silence proves little
    events        hints: anybody may send one twice, late, or falsely

What REST tells wins, with one exception that REST cannot tell: a lost heartbeat. A host whose
telephone died may keep the seat, so a lost heartbeat is believed until a member list younger than
it names the host again.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from liveapi.messages import MemberPage, Seat

# The robot of a host's OBS, as the vendor's own console names it: reference to its account, and to
# nobody else's.
OBS_ROBOT = "live_obs_"
LIST_AGE = 40  # seconds that a member list may be old: https://trtc.io/document/66908

UNKNOWN, SEATED, INSIDE, LOST, AWAY = "", "seated", "inside", "lost", "away"
BY_SEATS, BY_MEMBERS, BY_EVENT = "seats", "members", "event"


@dataclass(frozen=True, slots=True)
class Host:
    """What is known of the host of one broadcast. at: since when the state is so. read_at: when
    REST last told of it. started_at: first seen on a seat by REST. None: never."""

    state: str = UNKNOWN
    at: int | None = None
    source: str = ""
    read_at: int | None = None
    started_at: int | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """What a member list says of the host. everybody: it names all who are in the room. before: an
    earlier list of this broadcast named the host. at: when it was read."""

    host: bool
    everybody: bool
    before: bool
    at: int


def named(page: MemberPage, owner: str, at: int, before: Named | None = None) -> Named:
    """What this page of the member list says of the owner."""
    everybody = (
        page.member_count is not None and page.member_count <= len(page.accounts) and not page.next
    )
    was_named = before is not None and (before.host or before.before)
    return Named(owner in page.accounts, everybody, was_named, at)


def obs_robot(owner: str) -> str:
    """The account of the robot that streams for this host."""
    return OBS_ROBOT + owner


def on_seat(owner: str, seats: Iterable[Seat], robots: Collection[str] = ()) -> str:
    """The account that streams on a seat for this owner: the owner's, unless a robot, or the OBS
    robot's; "" for none.
    """
    seated = {seat.account for seat in seats if seat.account} if owner else set()
    if obs_robot(owner) in seated:
        return obs_robot(owner)
    return owner if owner in seated and owner not in robots else ""


def infer_host_state(
    owner: str,
    seats: Iterable[Seat],
    robots: Collection[str],
    members: Named | None,
    before: Host,
    now: int,
) -> tuple[str, str]:
    """(state, source) by what REST has just told. members: None when no list was read.

    INSIDE also says "on no seat" where the member list names too few to tell whether the host is in
    the room.
    """
    streaming = on_seat(owner, seats, robots)
    if streaming and streaming != owner:
        return SEATED, BY_SEATS
    lost_at = before.at or 0 if before.state == LOST else None
    is_missing = members is not None and members.everybody and not members.host
    if streaming:
        if lost_at is not None and (is_missing or now - lost_at < LIST_AGE):
            return LOST, BY_MEMBERS if is_missing else before.source
        if is_missing and members is not None and members.before and before.state == SEATED:
            return LOST, BY_MEMBERS
        return SEATED, BY_SEATS
    if owner in robots:
        return AWAY, BY_MEMBERS
    # On no seat. A list that is older than what was told of the host's coming or going overrules
    # nothing.
    is_younger = members is not None and members.at - (before.at or 0) >= LIST_AGE
    if is_missing:
        if lost_at is not None or (
            before.state == INSIDE and before.source == BY_EVENT and not is_younger
        ):
            return before.state, before.source
        return AWAY, BY_MEMBERS
    is_named = members is not None and members.host
    if before.state in {LOST, AWAY} and not (is_named and is_younger):
        return before.state, before.source
    return INSIDE, BY_MEMBERS if is_named else BY_SEATS


def read(before: Host, state: str, source: str, at: int) -> Host:
    """After REST told a state, asked at `at`; what an event told later than that stays."""
    if before.read_at is not None and at < before.read_at:
        return before
    if before.source == BY_EVENT and (before.at or 0) > at:
        return replace(before, read_at=at)
    started = before.started_at if before.started_at is not None or state != SEATED else at
    # A list that tells later that the host has left as well does not make the seat empty for a
    # shorter time.
    goes_on = state == before.state or (before.state, state) == (INSIDE, AWAY)
    since = before.at if goes_on and before.at is not None else at
    return Host(state, since, source, at, started)


def heard(before: Host, state: str, at: int) -> Host:
    """After an event told a state that began at `at`; one older than what is known changes
    nothing.
    """
    if state == before.state or at < (before.at or 0):
        return before
    return replace(before, state=state, at=at, source=BY_EVENT)
