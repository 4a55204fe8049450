"""One room of the world: what the vendor keeps of it, and what is true of it beside that."""

from collections import deque
from dataclasses import dataclass, field

from simulator.bodies import Body
from simulator.world import figures
from simulator.world.incidents import COINS, Incident

MAX_KEPT_MESSAGES = 200
# Where the host of a room is: on a seat, inside without one, offline without having left, gone, not
# yet come.
SEATED, INSIDE, LOST, AWAY, NEVER = "seated", "inside", "lost", "away", "never"


@dataclass(frozen=True, slots=True)
class Reading:
    """The member list as it was read once: the named first, then a stretch of the circle without
    some accounts.
    """

    period: int
    named: tuple[str, ...]
    first: int
    count: int
    without: frozenset[str]
    total: int


@dataclass(slots=True)
class Room:
    """`info` holds the vendor's fields as they are sent; the rest is the world's.

    `now` is Unix seconds throughout.
    """

    info: Body
    shape: figures.Shape
    opened_at: float
    number: int
    host: int | None = None
    entered: int = 0
    opened_by: int = 1  # people who entered by opening it: the host, unless a backend made it
    quiet_since: float | None = None
    unsaid: int = 0
    chat_from: int = 0  # the first line of the crowd since everybody was muted
    sent_messages: int = 0
    extra_gifts: int = 0
    extra_coins: int = 0
    counted: figures.Counted = field(default_factory=figures.Counted)
    guests: set[str] = field(default_factory=set)
    banned: dict[str, float] = field(default_factory=dict)
    muted: dict[str, float] = field(default_factory=dict)
    admins: list[str] = field(default_factory=list)
    robots: list[str] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)
    seats: dict[int, str] = field(default_factory=dict)
    locks: dict[int, dict[str, bool]] = field(
        default_factory=dict
    )  # seat -> what is forbidden on it
    stubborn: bool = False  # by order; hosts of the world are by their number
    host_state: str = SEATED
    host_since: float = 0.0  # when that began
    host_came: bool = (
        False  # by an event of his own: such a host counts even in a room without an audience
    )
    empty_since: float | None = None  # nobody is in it any more
    streams: set[str] = field(default_factory=set)  # accounts on a seat that push over RTMP
    chat_told: int = 0  # lines of the crowd that a webhook told of, or that were too old for one
    messages: deque[Body] = field(default_factory=lambda: deque(maxlen=MAX_KEPT_MESSAGES))
    givers: dict[str, tuple[int, int]] = field(default_factory=dict)
    reading: Reading | None = None  # of the member list
    incidents: list[Incident] = field(default_factory=list)  # planted ones, over or not

    @property
    def room_id(self) -> str:
        return str(self.info["RoomId"])

    @property
    def owner(self) -> str:
        return str(self.info["Owner_Account"])

    @property
    def host_present(self) -> bool:
        return self.host_state in (SEATED, INSIDE)

    def seat_list(self) -> list[Body]:
        """The seats as the vendor tells them; an empty one has no Member_Account."""
        free = {"IsTakenDisabled": False, "IsVideoDisabled": False, "IsAudioDisabled": False}
        rows = []
        for index in range(self.info["MaxSeatCount"]):
            on = {"Member_Account": self.seats[index]} if index in self.seats else {}
            rows.append({"Index": index, **on, **free, **self.locks.get(index, {})})
        return rows

    def last_statistics(self, now: float) -> dict[str, int]:
        """What the end of a room tells: the totals without TotalMsgCount."""
        totals = self.statistics(now)
        del totals["TotalMsgCount"]
        return totals

    def crowd(self, now: float) -> int:
        """People in the room who are a number and not an account that acted by name."""
        usual = figures.online(self.shape, now - self.opened_at)
        for incident in self.incidents:
            usual = int(usual * incident.people(now))
        return usual

    def views(self, now: float) -> int:
        """Entries so far, every return counted again.

        Never falls, never below the people in the room.
        """
        return (
            figures.entries(self.shape, now - self.opened_at, self.counted)
            + self.entered
            + self.opened_by
        )

    def statistics(self, now: float) -> dict[str, int]:
        """The six totals of the statistics command. They never fall."""
        age = now - self.opened_at
        still = sum(incident.still(now)[1] for incident in self.incidents)
        number, coins = figures.gifts(self.shape, age - still, self.counted)
        added = [incident.added(now, self.shape.size) for incident in self.incidents]
        lines, gifts, givers = (sum(each[part] for each in added) for part in range(3))
        usual, coins = number + self.extra_gifts, coins + gifts * COINS
        number = usual + gifts
        return {
            "TotalViewers": self.views(now),
            "TotalGiftsSent": number,
            "TotalGiftCoins": coins + self.extra_coins,
            "TotalUniqueGiftSenders": max(int(usual**0.8), len(self.givers)) + givers,
            "TotalLikesReceived": int(figures.watched(self.shape, age) * 1.7),
            "TotalMsgCount": self.said(now) + self.sent_messages + lines,
        }

    def said(self, now: float) -> int:
        """Messages of the crowd so far: none are added while everybody is muted."""
        until = now if self.quiet_since is None else self.quiet_since
        still = sum(incident.still(until)[0] for incident in self.incidents)
        return figures.chat(self.shape, until - self.opened_at - still) - self.unsaid

    def mute_everybody(self, quiet: bool, now: float) -> None:
        """Stops the crowd's chat, or lets it go on from where it stopped."""
        if quiet and self.quiet_since is None:
            self.quiet_since = now
        elif not quiet and self.quiet_since is not None:
            said = self.said(now)
            self.quiet_since = None
            self.chat_from = figures.chat(self.shape, now - self.opened_at)
            self.unsaid = self.chat_from - said

    def drop_expired(self, now: float) -> None:
        """Bans and mutes whose time is over are gone, as with the vendor."""
        if self.banned:
            self.banned = {account: until for account, until in self.banned.items() if until > now}
        if self.muted:
            self.muted = {account: until for account, until in self.muted.items() if until > now}
