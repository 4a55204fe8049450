"""Numbers over time as pictures: points of sparklines, and charts with axes, units and a readable last value."""

from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float | None]
SPARK_WIDTH, SPARK_HEIGHT = 72, 20


def spark(points: Sequence[Point], *, width: int = SPARK_WIDTH, height: int = SPARK_HEIGHT) -> str:
    """The `points` of an SVG polyline from (time, value) pairs, oldest first; "" when there is no line to draw."""
    known = [(at, value) for at, value in points if value is not None]
    if len(known) < 2:
        return ""
    begin, end = known[0][0], known[-1][0]
    low, high = min(value for _, value in known), max(value for _, value in known)
    wide, tall = (end - begin) or 1, (high - low) or 1
    return " ".join(
        f"{(at - begin) / wide * width:.1f},{height - 1 - (value - low) / tall * (height - 2):.1f}"
        for at, value in known
    )


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart: line points, the area under it, ticks (y, label) and (x, label), the last value."""

    line: str
    area: str
    ups: list[tuple[float, str]]
    alongs: list[tuple[float, str]]
    last: float | None


LEFT, TOP, WIDTH, HEIGHT = 44, 8, 560, 132


def chart(points: Sequence[Point], *, minutes: int, now: float) -> Chart:
    """The last `minutes` before `now` (Unix seconds) in a box of WIDTH x HEIGHT."""
    known = [(at, value) for at, value in points if value is not None and at >= now - minutes * 60]
    high = nice(max((value for _, value in known), default=1))
    placed = [
        (LEFT + (1 - (now - at) / (minutes * 60)) * WIDTH, TOP + HEIGHT * (1 - value / high))
        for at, value in known
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
    bottom = TOP + HEIGHT
    area = f"{placed[0][0]:.1f},{bottom} {line} {placed[-1][0]:.1f},{bottom}" if len(placed) > 1 else ""
    ups = [(TOP + HEIGHT * (1 - part), short(high * part)) for part in (0, 0.5, 1)]
    marks = [back for back in (60, 45, 30, 15, 0) if back <= minutes]
    alongs = [(LEFT + WIDTH * (1 - back / minutes), f"−{back} min" if back else "0") for back in marks]
    return Chart(line if len(placed) > 1 else "", area, ups, alongs, known[-1][1] if known else None)


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
