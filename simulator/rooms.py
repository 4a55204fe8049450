"""One room of the world: what the vendor keeps of it, and what is true of it beside that."""

from dataclasses import dataclass, field
from typing import Any

from simulator import figures

GIFT_STEP = 30.0


@dataclass(slots=True)
class Sent:
    """Gifts and coins, counted up to a half minute so that no reading has to start from the beginning."""

    step: int = 0
    number: int = 0
    coins: int = 0


@dataclass(slots=True)
class Room:
    """`info` holds the vendor's fields as they are sent; the rest is the world's."""

    info: dict[str, Any]
    shape: figures.Shape
    opened_at: float
    closes_at: float
    number: int
    entries_before: int = 0
    guests: set[str] = field(default_factory=set)
    banned: dict[str, float] = field(default_factory=dict)
    muted: dict[str, float] = field(default_factory=dict)
    admins: list[str] = field(default_factory=list)
    robots: list[str] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)
    seats: dict[int, str] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    extra_gifts: int = 0
    extra_coins: int = 0
    sent: Sent = field(default_factory=Sent)
    givers: dict[str, tuple[int, int]] = field(default_factory=dict)
    listed_members: tuple[float, list[str], int] | None = None

    @property
    def room_id(self) -> str:
        return str(self.info["RoomId"])

    @property
    def owner(self) -> str:
        return str(self.info["Owner_Account"])

    def online(self, now: float) -> int:
        """People in the room: the crowd, those entered by name, and the host."""
        crowd = figures.online(self.shape, now - self.opened_at)
        return crowd + len(self.guests) + (1 if self.shape.size or self.guests else 0)

    def views(self, now: float) -> int:
        """Entries so far, every return counted again."""
        age = now - self.opened_at
        return int(figures.growth(self.shape, age) * 0.35) + self.shape.size // 3 + self.entries_before

    def statistics(self, now: float) -> dict[str, int]:
        """The six totals of the statistics command. They never fall."""
        age = max(0.0, now - self.opened_at)
        sent = self.sent
        for step in range(sent.step, int(age // GIFT_STEP)):
            coins = figures.gift_in(self.shape, step)
            sent.number += bool(coins)
            sent.coins += coins
            sent.step = step + 1
        watched = figures.growth(self.shape, age)
        number = int(watched * 0.02) + sent.number + self.extra_gifts
        return {
            "TotalViewers": self.views(now),
            "TotalGiftsSent": number,
            "TotalGiftCoins": int(watched * self.shape.generosity) + sent.coins + self.extra_coins,
            "TotalUniqueGiftSenders": min(number, int(number**0.8)),
            "TotalLikesReceived": int(watched * 1.7),
            "TotalMsgCount": int(watched * 0.4) + len(self.messages),
        }

    def drop_expired(self, now: float) -> None:
        """Bans and mutes whose time is over are gone, as with the vendor."""
        self.banned = {account: until for account, until in self.banned.items() if until > now}
        self.muted = {account: until for account, until in self.muted.items() if until > now}
