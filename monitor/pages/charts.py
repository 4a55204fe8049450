"""Numbers over time as pictures: points of sparklines, and charts with axes, units and a readable
last value.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

Point = tuple[float, float | None]
SPARK_WIDTH, SPARK_HEIGHT = 76, 22
SPARK_STEP = 2  # pixels between two points: nobody sees more, and it is half of what a row weighs


@dataclass(frozen=True, slots=True)
class Spark:
    """A sparkline: the points of its line and of the area under it, and where the last value is."""

    line: str
    area: str
    last_x: str
    last_y: str


def spark(
    points: Sequence[Point], *, width: int = SPARK_WIDTH, height: int = SPARK_HEIGHT
) -> Spark | None:
    """A sparkline of (time, value) pairs, oldest first; None when there is no line to draw."""
    known = [(at, value) for at, value in points if value is not None]
    if len(known) < 2:
        return None
    begin, end = known[0][0], known[-1][0]
    low, high = min(value for _, value in known), max(value for _, value in known)
    wide, tall = (end - begin) or 1, (high - low) or 1
    # The newest value of each step: later ones take the place of earlier ones.
    steps = {int((at - begin) / wide * width) // SPARK_STEP: (at, value) for at, value in known}
    placed = [
        (
            f"{(at - begin) / wide * width:.1f}",
            f"{height - 2 - (value - low) / tall * (height - 4):.1f}",
        )
        for at, value in steps.values()
    ]
    line = " ".join(f"{x},{y}" for x, y in placed)
    return Spark(line, f"0,{height} {line} {width},{height}", *placed[-1])


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart: line points, the area under it, ticks (y, label) and (x, label), the last
    value and its place.
    """

    line: str
    area: str
    ups: list[tuple[str, str]]
    alongs: list[tuple[str, str]]
    last: int | None
    last_x: str
    last_y: str
    told: "Told | None" = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A value of a chart, and when it was read."""

    at: dt.datetime
    value: int


@dataclass(frozen=True, slots=True)
class Told:
    """What a chart says, for whoever does not see it: least, most, last; and a reading every EVERY
    minutes, oldest first.
    """

    least: Reading
    most: Reading
    last: Reading
    some: list[Reading]


EVERY = 5  # minutes
LEFT, TOP, WIDTH, HEIGHT = 44, 8, 560, 132


def chart(points: Sequence[Point], *, minutes: int, now: float, is_over: bool = False) -> Chart:
    """The last `minutes` before `now` (Unix seconds) in a box of WIDTH x HEIGHT. is_over: that is
    when the broadcast ended.
    """
    known = [(at, value) for at, value in points if value is not None and at >= now - minutes * 60]
    high = nice(max((value for _, value in known), default=1))
    placed = [
        (LEFT + (1 - (now - at) / (minutes * 60)) * WIDTH, TOP + HEIGHT * (1 - value / high))
        for at, value in known
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
    bottom = TOP + HEIGHT
    area = (
        f"{placed[0][0]:.1f},{bottom} {line} {placed[-1][0]:.1f},{bottom}"
        if len(placed) > 1
        else ""
    )
    ups = [(f"{TOP + HEIGHT * (1 - part):.1f}", short(high * part)) for part in (0, 0.5, 1)]
    marks = [back for back in (60, 45, 30, 15, 0) if back <= minutes]
    last_words = _("the end") if is_over else _("now")
    alongs = [
        (
            f"{LEFT + WIDTH * (1 - back / minutes):.1f}",
            _("−%(n)d min") % {"n": back} if back else last_words,
        )
        for back in marks
    ]
    return Chart(
        line if len(placed) > 1 else "",
        area,
        ups,
        alongs,
        round(known[-1][1]) if known else None,
        f"{placed[-1][0]:.1f}" if placed else "",
        f"{placed[-1][1]:.1f}" if placed else "",
        told=told(known) if len(placed) > 1 else None,
    )


def told(known: Sequence[tuple[float, float]]) -> Told:
    """The values of a chart in words.

    Of equal ones the latest counts; `some` has the last reading of each EVERY minutes.
    """
    readings = [Reading(dt.datetime.fromtimestamp(at, dt.UTC), round(value)) for at, value in known]
    newest_first = readings[::-1]
    steps = {
        int(at // (EVERY * 60)): reading
        for (at, _value), reading in zip(known, readings, strict=True)
    }
    return Told(
        least=min(newest_first, key=lambda one: one.value),
        most=max(newest_first, key=lambda one: one.value),
        last=readings[-1],
        some=list(steps.values()),
    )


def nice(value: float) -> float:
    """The next of 1, 2, 5 times a power of ten: a top of an axis that reads well."""
    step = 1.0
    while True:
        for factor in (1, 2, 5):
            if value <= step * factor:
                return step * factor
        step *= 10


def short(value: float) -> str:
    """1500 -> "1.5k"."""
    for limit, letter in ((1_000_000, "M"), (1_000, "k")):
        if value >= limit:
            return f"{value / limit:g}{letter}"
    return f"{value:g}"
