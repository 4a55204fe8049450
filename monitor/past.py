"""What the last minutes of a room look like: its sparkline and what to compare its figures with, kept by process.

They come from sixty readings out of Redis, and 15 minutes are 76 pixels wide: for 15 seconds they look the same.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from monitor import charts
from rooms.live import Reading

SPARK_SECONDS = 900
TREND_SECONDS = 300
LEAST_SECONDS = 20  # a rate of less would be noise
LOOKS_THE_SAME = 15.0  # seconds
MOST_KEPT = 8000


@dataclass(frozen=True, slots=True)
class Past:
    """spark: the sparkline as HTML, "" when nothing can be drawn. then: the reading of about five minutes ago."""

    spark: SafeString
    then: Reading | None


@dataclass(frozen=True, slots=True)
class Trend:
    """The figures of a few minutes ago (`at`: Unix seconds) and what came of them. None: not known."""

    at: int | None = None
    online: int | None = None
    reward: int | None = None
    online_change: int | None = None
    coins_a_minute: float | None = None


_lock = threading.Lock()
_kept: OrderedDict[int, tuple[float, Past]] = OrderedDict()  # pk -> when, what
_NOTHING = (0.0, Past(SafeString(), None))


def missing(pks: Iterable[int], now: float) -> list[int]:
    """The rooms whose readings are needed. now: Unix seconds."""
    return [pk for pk in pks if now - _kept.get(pk, _NOTHING)[0] >= LOOKS_THE_SAME]


def learn(recent: Mapping[int, Sequence[Reading]], now: float) -> None:
    """Draws these anew from their readings, oldest first."""
    for pk, readings in recent.items():
        line = charts.spark([(at, online) for at, online, _reward in readings if at > now - SPARK_SECONDS])
        spark = render_to_string("monitor/_spark.html", {"spark": line}) if line else SafeString()
        then = next((reading for reading in readings if reading[0] > now - TREND_SECONDS), None)
        with _lock:
            _kept[pk] = (now, Past(spark, then))
            _kept.move_to_end(pk)
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)


def of(pk: int) -> Past:
    """What is known of a room's last minutes."""
    return _kept.get(pk, _NOTHING)[1]


def trend(
    then: Reading | None, *, online: int | None, reward: int | None, statistics_at: int | None
) -> Trend:
    """What became of a reading until these figures."""
    if then is None:
        return Trend()
    at, online_then, reward_then = then
    seconds = (statistics_at or at) - at
    is_rate = reward is not None and reward_then is not None and seconds >= LEAST_SECONDS
    return Trend(
        at=at,
        online=online_then,
        reward=reward_then,
        online_change=None if online is None or online_then is None else online - online_then,
        coins_a_minute=((reward or 0) - (reward_then or 0)) / seconds * 60 if is_rate else None,
    )


def forget() -> None:
    """As if nothing had been drawn yet; for tests."""
    with _lock:
        _kept.clear()
