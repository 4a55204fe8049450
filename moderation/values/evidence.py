"""What raised an alert or made a rule act: the only spelling of RuleHit.evidence and
Alert.evidence.

Built where a fact is found, read by pages, by the record and by whoever acts on a hit later. See
`rooms.infra.json_values` for what old rows become. `words` of each are for people; `not_done`: why
a rule did not do what it says.
"""

from dataclasses import dataclass

from rooms.infra import json_values

CHAT = "chat"  # Said.place
LOOK, ACT = "look", "act"  # Labelled.level


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What every kind has, and all that a page shows."""

    words: str = ""
    not_done: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BanBehind(Evidence):
    """A ban in force on somebody who opened or entered a room. until: ISO time, or permanent."""

    ban: int | None = None
    account: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Evidence):
    """A line of chat, or another text, and the word of the rule that it holds. place: CHAT or a
    column of Room; at_ms: Unix milliseconds.
    """

    word: str = ""
    place: str = CHAT
    message_id: str = ""
    at_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled(Evidence):
    """A classifier's label with its score, 0 to 100, and who reports it. level: what the rule's
    thresholds make of the score, look or act; at_ms: Unix milliseconds.
    """

    label: str = ""
    score: float | None = None
    source: str = ""
    level: str = ACT
    at_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HostGone(Evidence):
    """Since when (Unix seconds) the host is gone, the grace in seconds, and what was read back
    when.
    """

    since: int = 0
    grace: int = 0
    state: str = ""
    read_at: int = 0
    robots: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OverLimit(Evidence):
    """The time limit that was over, and when (ISO time)."""

    limit: int | None = None
    ends_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined(Evidence):
    """The quarantine that somebody must decide about. reason: its code."""

    action: int | None = None
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated(Evidence):
    """Somebody called for a decision. reason: its code."""

    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomaly(Evidence):
    """A figure that is far from what is usual in the room. anomaly: its kind, see
    moderation.anomalies.kinds. value, usual: people, or messages, gifts or coins a minute; usual
    counts what the whole platform does (`platform`, a factor). factor: value over usual. since:
    Unix seconds.
    """

    anomaly: str = ""
    value: float = 0.0
    usual: float = 0.0
    factor: float = 0.0
    platform: float = 1.0
    since: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreAnomalies(Evidence):
    """Anomalies beyond the hourly cap are counted on one alert. cap: alerts an hour."""

    cap: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureTrouble(Evidence):
    """A black, frozen or missing picture (`state`), since when (Unix seconds). error: why none
    came. digest: names the picture.
    """

    state: str = ""
    since: int = 0
    error: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePicture(Evidence):
    """A live room shows the picture of another broadcast (room, room_id, account: its host). kept,
    own: the KeptStill of each. bits: of 128, how many differ.
    """

    kept: int | None = None
    own: int | None = None
    room: int | None = None
    room_id: str = ""
    account: str = ""
    bits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported(Evidence):
    """What users report of somebody: how many different ones, what they call it, and what they
    wrote last, newest first.
    """

    reporters: int = 0
    categories: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


# By Rule.Kind.
OF_RULES: dict[str, type[Evidence]] = {
    "time_limit": OverLimit,
    "host_gone": HostGone,
    "banned_host": BanBehind,
    "banned_user": BanBehind,
    "label": Labelled,
    "words": Said,
    "anomaly": Anomaly,
}


def of_rule(kind: str, kept: object) -> Evidence:
    """What a hit of a rule of this kind keeps, all of it."""
    return json_values.read(OF_RULES.get(kind, Evidence), kept)


def shown(kept: object) -> Evidence:
    """What pages show of any."""
    return json_values.read(Evidence, kept)
