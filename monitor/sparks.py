"""Sparklines as they were last drawn, kept by process.

One is drawn from sixty readings out of Redis, and 15 minutes are 72 pixels wide: for 15 seconds it looks the same.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence

from monitor import charts
from rooms.live import Reading

SPARK_SECONDS = 900
LOOKS_THE_SAME = 15.0  # seconds
MOST_KEPT = 8000

_lock = threading.Lock()
_drawn: OrderedDict[int, tuple[float, str]] = OrderedDict()  # pk -> when, points


def missing(pks: Iterable[int], now: float) -> list[int]:
    """The rooms whose readings are needed. now: Unix seconds."""
    return [pk for pk in pks if now - _drawn.get(pk, (0.0, ""))[0] >= LOOKS_THE_SAME]


def draw(recent: Mapping[int, Sequence[Reading]], now: float) -> None:
    """Draws these anew from their readings, oldest first."""
    for pk, readings in recent.items():
        points = charts.spark([(at, online) for at, online, _reward in readings if at > now - SPARK_SECONDS])
        with _lock:
            _drawn[pk] = (now, points)
            _drawn.move_to_end(pk)
            while len(_drawn) > MOST_KEPT:
                _drawn.popitem(last=False)


def get(pk: int) -> str:
    """The points of an SVG polyline; "" when nothing can be drawn."""
    return _drawn.get(pk, (0.0, ""))[1]


def forget() -> None:
    """As if nothing had been drawn yet; for tests."""
    with _lock:
        _drawn.clear()
