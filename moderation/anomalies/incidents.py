"""Whether what is odd is an incident: rules over deviations, one for each direction of a figure.

What an audience does together moves its figures together. A raid brings people who write, a
birthday brings gifts of many and lines about them. A rise that the other figures do not follow is
an incident; a fall is one while the others go on. Each must last for a second reading.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log, log1p

from moderation.anomalies.kinds import THRESHOLDS, Finding, Kind
from moderation.anomalies.memory import FOLLOWED, OPEN, RoomMemory, Turn
from moderation.anomalies.readings import Figures, Odd, Window

SCORE = 5.0  # deviations in scales, at least
FOLLOWS = 0.4  # of a rise in logarithms: so much of it another figure must show
MIN_PEOPLE = 50  # more or fewer of them than usual, at least
MIN_LINES, MIN_GIFTS = 40, 10  # of an incident, before it is told
LEAST_LINES, LEAST_GIFTS = 5, 3  # in one window
NOTICE = log(1.25)  # so much more chat, and the room takes notice of gifts
SURE_LINES = 60.0  # usual lines after which that is sure
ANSWER_LINES = 8.0  # that chat would have if it followed: fewer tell nothing
HELD = 20.0  # seconds that a fall of viewers must last: a broadcast that ends is over by then
CALM = 60.0
NEW_NORMAL = 1800.0  # an incident that lasts so long is what is usual now
STOPPED = {"chat": 30.0, "gifts": 15.0}  # expected and not come, so many are a silence
STILL_THERE = log(1.5)  # viewers may have fallen by so much while something else stops
STALE = 120.0
APART = 120.0  # seconds between two incidents of a room: the second is part of the first


@dataclass(slots=True)
class Case:
    """A room at one look: what is kept, what was read, and its deviations; None: nothing new."""

    pk: int
    room: RoomMemory
    seen: Figures
    sensitivity: Mapping[Kind, float]
    platform: Mapping[str, float]
    viewers: Odd | None = None
    window: Window | None = None
    chat: Odd | None = None
    gifts: Odd | None = None
    coins: Odd | None = None

    def over(self, kind: Kind) -> float:
        """The threshold in logarithms."""
        return THRESHOLDS[kind] * self.sensitivity.get(kind, 1.0)

    def finding(self, kind: Kind, turn: Turn, odd: Odd, at: float, figure: str) -> Finding | None:
        """Tells an incident, unless one was just told in this room."""
        turn.state, turn.calm = OPEN, 0.0
        if self.room.told and at - self.room.told < APART:
            return None
        self.room.told = at
        return Finding(
            room=self.pk,
            kind=kind,
            since=turn.since,
            at=at,
            value=odd.value,
            usual=odd.usual,
            platform=exp(self.platform.get(figure, 0.0)),
        )


def judge(case: Case) -> list[Finding]:
    """The incidents that this look has settled: mostly none."""
    room = case.room
    if case.viewers is not None:
        room.odd_viewers = case.viewers.sure
    if case.chat is not None:
        room.odd_chat = case.chat.sure
    if case.gifts is not None:
        room.odd_gifts = case.gifts.sure
    found = (
        viewers_up(case),
        viewers_down(case),
        chat_up(case),
        chat_down(case),
        gifts_up(case),
        gifts_down(case),
    )
    return [finding for finding in found if finding is not None]


# --- Viewers --------------------------------------------------------------------------------------


def viewers_up(case: Case) -> Finding | None:
    """More people, and the chat does not follow: at once, or by and by."""
    turn, odd = case.room.viewers_up, case.viewers
    at = case.room.viewers_at
    if odd is not None:
        more = odd.value - odd.usual
        is_odd = (
            odd.off >= case.over(Kind.VIEWERS_JUMP) and odd.score >= SCORE and more >= MIN_PEOPLE
        )
        if not _goes_on(turn, is_odd, odd.off >= case.over(Kind.VIEWERS_JUMP) / 2, at):
            return None
        turn.peak = max(turn.peak, log1p(odd.value) - case.room.lately)
    if not turn.since or turn.state:
        return None
    window, chat = case.window, case.chat
    if window is not None and chat is not None and window.begins + window.seconds > turn.since + 8:
        turn.seen += window.messages
        turn.expected += chat.usual * window.seconds / 60.0
    rise = case.room.odd_viewers
    if turn.count < 2 or odd is None:
        return None
    if case.seen.is_muted or turn.expected * exp(FOLLOWS * rise) < ANSWER_LINES:
        return None
    if log((turn.seen + 1) / (turn.expected + 1)) >= FOLLOWS * rise:
        turn.state = FOLLOWED
        return None
    kind = Kind.VIEWERS_JUMP if turn.peak >= FOLLOWS * rise else Kind.VIEWERS_RAMP
    return case.finding(kind, turn, odd, at, "viewers")


def viewers_down(case: Case) -> Finding | None:
    """Most people are gone, and the broadcast and its host are still there."""
    turn, odd = case.room.viewers_down, case.viewers
    if odd is None:
        return None
    at, least = case.room.viewers_at, case.over(Kind.VIEWERS_DROP)
    fewer = odd.usual - odd.value
    is_odd = -odd.off >= least and -odd.score >= SCORE and fewer >= MIN_PEOPLE
    if not _goes_on(turn, is_odd, -odd.off >= least / 2, at) or turn.state:
        return None
    if case.seen.host_gone:
        turn.state = FOLLOWED  # they left with the host: that is another rule's
        return None
    if turn.count < 2 or at - turn.since < HELD:
        return None
    return case.finding(Kind.VIEWERS_DROP, turn, odd, at, "viewers")


# --- Chat -----------------------------------------------------------------------------------------


def chat_up(case: Case) -> Finding | None:
    """Far more lines, without more people and without gifts that they could be about."""
    turn, odd, window = case.room.chat_up, case.chat, case.window
    if odd is None or window is None:
        return None
    at, least = case.room.totals.at, case.over(Kind.CHAT_FLOOD)
    is_odd = odd.off >= least and odd.score >= SCORE and window.messages >= LEAST_LINES
    if not _goes_on(turn, is_odd, odd.off >= least / 2, at) or turn.state:
        return None
    turn.seen += window.messages
    room = case.room
    people = log1p(room.people) - room.viewers.value - case.platform.get("viewers", 0.0)
    if max(people, room.odd_gifts) >= FOLLOWS * odd.off or room.gifts_up.state == OPEN:
        turn.state = FOLLOWED
        return None
    if turn.count < 2 or turn.seen < MIN_LINES or not _knows_viewers(case, turn.since):
        return None
    return case.finding(Kind.CHAT_FLOOD, turn, odd, at, "chat")


def chat_down(case: Case) -> Finding | None:
    """Nobody writes any more, although people are there and may."""
    if case.window is None or case.chat is None or case.seen.is_muted:
        return None
    expected = case.chat.usual * case.window.seconds / 60.0
    few = case.window.messages <= expected * exp(-case.over(Kind.CHAT_SILENCE))
    return _stops(case, Kind.CHAT_SILENCE, case.room.chat_down, case.chat, expected, few)


# --- Gifts ----------------------------------------------------------------------------------------


def gifts_up(case: Case) -> Finding | None:
    """Far more gifts, all of a few accounts; or of many, and nobody in the room takes notice."""
    turn, gifts, coins, window = case.room.gifts_up, case.gifts, case.coins, case.window
    if gifts is None or coins is None or window is None:
        return None
    at = case.room.totals.at
    least = min(case.over(Kind.GIFTS_FLOOD), case.over(Kind.GIFTS_FEW_GIVERS))
    is_odd = (
        gifts.off >= least
        and gifts.score >= SCORE
        and window.gifts >= LEAST_GIFTS
        and coins.off >= least / 2
    )
    if not _goes_on(turn, is_odd, gifts.off >= least / 2, at) or turn.state:
        return None
    turn.seen += window.gifts
    turn.expected += window.givers if window.givers is not None else window.gifts
    if case.chat is not None:
        turn.lines += window.messages
        turn.lines_due += case.chat.usual * window.seconds / 60.0
    if turn.count < 2 or turn.seen < MIN_GIFTS:
        return None
    if turn.expected <= max(2.0, 0.1 * turn.seen):
        if coins.off < case.over(Kind.GIFTS_FEW_GIVERS):
            return None
        return case.finding(Kind.GIFTS_FEW_GIVERS, turn, coins, at, "coins")
    if case.room.odd_viewers >= NOTICE or turn.lines_due < ANSWER_LINES or case.seen.is_muted:
        return None
    answer = log((turn.lines + 1) / (turn.lines_due + 1))
    if answer >= NOTICE:
        if turn.lines_due >= SURE_LINES:
            turn.state = FOLLOWED
        return None
    if gifts.off < case.over(Kind.GIFTS_FLOOD) or not _knows_viewers(case, turn.since):
        return None
    return case.finding(Kind.GIFTS_FLOOD, turn, gifts, at, "gifts")


def gifts_down(case: Case) -> Finding | None:
    """No gift any more, although people are there and write as before."""
    gifts, window = case.gifts, case.window
    if gifts is None or window is None:
        return None
    expected = gifts.usual * window.seconds / 60.0
    stopped = window.gifts == 0 and case.room.odd_chat > -log(2)
    return _stops(case, Kind.GIFTS_STOPPED, case.room.gifts_down, gifts, expected, stopped)


# --- What they share ------------------------------------------------------------------------------


def _goes_on(turn: Turn, is_odd: bool, is_half: bool, at: float) -> bool:
    """Counts an odd reading. One that is usual again ends the turn: at once while it is untold,
    else once it has lasted.
    """
    if is_odd:
        turn.since, turn.count, turn.calm = turn.since or at, turn.count + 1, 0.0
        return True
    if is_half and turn.since:
        return False
    turn.calm = turn.calm or at
    if turn.since and (not turn.state or at - turn.calm >= CALM):
        forget(turn)
    return False


def _stops(
    case: Case, kind: Kind, turn: Turn, odd: Odd, expected: float, is_quiet: bool
) -> Finding | None:
    """Adds up what should have come, while hardly anything comes and people are there."""
    at, figure = case.room.totals.at, "chat" if kind is Kind.CHAT_SILENCE else "gifts"
    there = case.room.odd_viewers > -STILL_THERE and not case.seen.host_gone
    if not (is_quiet and there):
        _goes_on(turn, False, False, at)
        return None
    window = case.window
    assert window is not None
    turn.since, turn.count, turn.calm = turn.since or window.begins, turn.count + 1, 0.0
    turn.expected += expected
    if turn.state or turn.count < 2 or turn.expected < STOPPED[figure]:
        return None
    if not _knows_viewers(case, turn.since):
        return None
    return case.finding(kind, turn, odd, at, figure)


def _knows_viewers(case: Case, since: float) -> bool:
    """Whether the count of people is of the time of the incident, or nobody counts any."""
    return case.room.viewers_at >= since or case.seen.totals_at - since > STALE


def forget(turn: Turn) -> None:
    turn.since = turn.calm = turn.seen = turn.expected = turn.peak = 0.0
    turn.lines = turn.lines_due = 0.0
    turn.count = turn.state = 0
