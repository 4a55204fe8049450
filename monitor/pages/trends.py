"""What the last minutes of a room look like: its sparkline and what to compare its figures with,
kept by process.

They come from sixty readings out of Redis, and 15 minutes are 76 pixels wide: for 15 seconds they
look the same.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from monitor.pages import charts
from rooms.live.encoding import Reading

SPARK_SECONDS = 900
TREND_SECONDS = 300
MIN_SECONDS = 20  # a rate of less would be noise
# A spike: in the last minute so many times the usual coins, and enough of them to look up for.
SPIKE_TIMES, SPIKE_COINS = 4, 100
LOOKS_THE_SAME = 15.0  # seconds
MAX_KEPT = 8000


@dataclass(frozen=True, slots=True)
class Trend:
    """spark: the sparkline as HTML, "" when nothing can be drawn.

    online, reward: the oldest known of the last five minutes; reward_at: when that was (Unix
    seconds). None: not known.
    """

    spark: SafeString
    online: int | None = None
    reward: int | None = None
    reward_at: int | None = None
    spike: int | None = (
        None  # how many times the usual coins came in the last minute; None: nothing unusual
    )

    def online_change(self, online: int | None) -> int | None:
        """How many more people than then."""
        return None if online is None or self.online is None else online - self.online

    def coins_a_minute(self, reward: int | None, statistics_at: int | None) -> float | None:
        """What came in a minute since then, by a total and when it was read."""
        if reward is None or statistics_at is None or self.reward is None or self.reward_at is None:
            return None
        seconds = statistics_at - self.reward_at
        return (reward - self.reward) / seconds * 60 if seconds >= MIN_SECONDS else None


_lock = threading.Lock()
_kept: OrderedDict[int, tuple[float, Trend]] = OrderedDict()  # pk -> when, what
_NOTHING = (0.0, Trend(SafeString()))


def missing(pks: Iterable[int], now: float) -> list[int]:
    """The rooms whose readings are needed. now: Unix seconds."""
    return [pk for pk in pks if now - _kept.get(pk, _NOTHING)[0] >= LOOKS_THE_SAME]


def learn(recent: Mapping[int, Sequence[Reading]], now: float) -> None:
    """Draws these anew from their readings, oldest first."""
    for pk, readings in recent.items():
        drawn = drawn_from(readings, now)
        with _lock:
            _kept[pk] = (now, drawn)
            _kept.move_to_end(pk)
            while len(_kept) > MAX_KEPT:
                _kept.popitem(last=False)


def drawn_from(readings: Sequence[Reading], now: float) -> Trend:
    """The past that these readings tell of."""
    line = charts.spark(
        [(at, online) for at, online, _reward in readings if at > now - SPARK_SECONDS]
    )
    spark = render_to_string("monitor/_spark.html", {"spark": line}) if line else SafeString()
    lately = [reading for reading in readings if reading[0] > now - TREND_SECONDS]
    online = next((online for _at, online, _reward in lately if online is not None), None)
    reward_at, reward = next(
        ((at, reward) for at, _online, reward in lately if reward is not None), (None, None)
    )
    rewards = [
        (at, reward)
        for at, _online, reward in readings
        if reward is not None and at > now - SPARK_SECONDS
    ]
    return Trend(spark, online, reward, reward_at, spike_of(rewards))


def spike_of(rewards: Sequence[tuple[int, int]]) -> int | None:
    """How many times the usual coins came in the last minute, from (Unix seconds, total) pairs,
    oldest first.
    """
    if not rewards or rewards[-1][0] - rewards[0][0] < TREND_SECONDS:
        return None  # what is usual is not known yet
    (first_at, first), (last_at, last) = rewards[0], rewards[-1]
    then_at, then = next((at, total) for at, total in reversed(rewards) if last_at - at >= 60)
    lately = (last - then) / (last_at - then_at) * 60
    usual = max(1.0, (then - first) / max(1, then_at - first_at) * 60)
    return (
        round(lately / usual) if lately >= SPIKE_COINS and lately >= SPIKE_TIMES * usual else None
    )


def of(pk: int) -> Trend:
    """What is known of a room's last minutes."""
    return _kept.get(pk, _NOTHING)[1]


def forget() -> None:
    """As if nothing had been drawn yet; for tests."""
    with _lock:
        _kept.clear()
