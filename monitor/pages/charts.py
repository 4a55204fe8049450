"""Numbers over time as pictures: sparklines, and charts with axes, marks and their values as text.

All charts of the console are drawn here and by `monitor/_chart.html`; static/js/core/charts.js
shows the value under the pointer and at the arrow keys, from the table that each of them has.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.utils import timezone
from django.utils.functional import Promise

from monitor.formatting import amount, time_text

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


# --- Charts ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Value:
    """What is drawn at a moment. at: Unix seconds. words: the value as it is read, else the number.
    highest: of a value that stands for a span of time, its peak.
    """

    at: float
    value: float
    words: str = ""
    highest: float | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened, in words. at: Unix seconds."""

    at: float
    kind: Literal["act", "alert"]
    words: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A value or mark with its place. x, y: per cent of the plot, from the left and from the top.
    time: as one reads it. left, width, height: of a bar, in the box.
    """

    x: str
    y: str
    time: str
    words: str
    kind: str = ""
    highest: str = ""
    left: str = ""
    width: str = ""
    height: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """Lowest, highest and last value of a chart."""

    least: Drawn
    most: Drawn
    last: Drawn


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart. lines, areas: points in a box of WIDTH x HEIGHT, a line for each stretch
    without a hole. ups: (y, label), alongs: (x, label), in per cent.
    """

    is_bars: bool = False
    lines: list[str] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    ups: list[tuple[str, str]] = field(default_factory=list)
    alongs: list[tuple[str, str]] = field(default_factory=list)
    values: list[Drawn] = field(default_factory=list)
    marks: list[Drawn] = field(default_factory=list)
    summary: Summary | None = None
    has_peaks: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """How far back charts go. name: as in the address. minutes: so many. step: minutes of one
    value, in words too. again: seconds after which the charts are asked for again.
    """

    name: str
    words: str | Promise
    step_words: str | Promise
    minutes: int
    step: int
    again: int


def asked_range(name: str, ranges: Sequence[Range]) -> Range:
    """Of these; nonsense counts as the first."""
    return next((one for one in ranges if one.name == name), ranges[0])


WIDTH, HEIGHT = 1000, 100  # of the box that is stretched over the plot
BAR = 0.86  # of the place of a bar; the rest is the gap to the next
HOLE = 2.5  # so many steps without a value are no line
DAY = dt.timedelta(days=1)
# A span of at most so many seconds has a label every so often.
TICKS = (
    (3600, dt.timedelta(minutes=15)),
    (8 * 3600, dt.timedelta(hours=1)),
    (86400, dt.timedelta(hours=4)),
    (3 * 86400, dt.timedelta(hours=12)),
    (8 * 86400, DAY),
)
LONG_TICK = 5 * DAY


def chart(
    values: Iterable[Value],
    *,
    begin: float,
    end: float,
    step: float,
    marks: Iterable[Mark] = (),
    top: float | None = None,
    is_bars: bool = False,
) -> Chart:
    """Values between two moments (Unix seconds), oldest first. step: seconds between two of them,
    or how long a bar stands for. top: of the axis, when it does not follow from the values.
    """
    known = [one for one in values if begin <= one.at <= end]
    high = top or nice(max((one.value for one in known), default=1))
    scale = Scale(begin, end, high)
    drawn = [scale.placed(one, step if is_bars else 0) for one in known]
    stretches = [] if is_bars else [line for line in scale.stretches(known, step) if len(line) > 1]
    return Chart(
        is_bars=is_bars,
        lines=[" ".join(line) for line in stretches],
        areas=[scale.area(line) for line in stretches],
        ups=[(f"{100 * (1 - part):g}", short(high * part)) for part in (0, 0.5, 1)],
        alongs=alongs(begin, end),
        values=drawn,
        marks=[scale.marked(one) for one in marks if begin <= one.at <= end],
        # Of one value there is no line, but a bar.
        summary=summary(known, drawn) if len(known) > (0 if is_bars else 1) else None,
        has_peaks=any(one.highest is not None for one in known),
    )


@dataclass(frozen=True, slots=True)
class Scale:
    """From moments and values to places. begin, end: Unix seconds; high: the value at the top."""

    begin: float
    end: float
    high: float

    def x(self, at: float) -> float:
        """Between 0 and 1."""
        return (at - self.begin) / max(1.0, self.end - self.begin)

    def y(self, value: float) -> float:
        """Between 0 at the top and 1; what is higher than the top is drawn at the top."""
        return 1 - min(1.0, max(0.0, value / self.high))

    def placed(self, one: Value, wide: float) -> Drawn:
        left, width = self.x(one.at), wide / max(1.0, self.end - self.begin)
        middle = min(1.0, left + width / 2)
        return Drawn(
            x=f"{100 * middle:.2f}",
            y=f"{100 * self.y(one.value):.1f}",
            time=text_of(one.at),
            words=one.words or amount(round(one.value)),
            highest="" if one.highest is None else amount(round(one.highest)),
            left=f"{WIDTH * left:.1f}",
            width=f"{WIDTH * width * BAR:.1f}",
            height=f"{HEIGHT * (1 - self.y(one.value)):.1f}",
        )

    def marked(self, one: Mark) -> Drawn:
        return Drawn(f"{100 * self.x(one.at):.2f}", "0", text_of(one.at), one.words, one.kind)

    def stretches(self, known: Sequence[Value], step: float) -> list[list[str]]:
        """Points of lines; where values are missing, one ends."""
        found: list[list[str]] = []
        before = float("-inf")
        for one in known:
            if one.at - before > HOLE * step:
                found.append([])
            found[-1].append(f"{WIDTH * self.x(one.at):.1f},{HEIGHT * self.y(one.value):.1f}")
            before = one.at
        return found

    def area(self, line: Sequence[str]) -> str:
        first, last = line[0].partition(",")[0], line[-1].partition(",")[0]
        return f"{first},{HEIGHT} {' '.join(line)} {last},{HEIGHT}"


def summary(known: Sequence[Value], drawn: Sequence[Drawn]) -> Summary:
    """Lowest, highest, last; of equal ones the latest counts."""
    newest_first = sorted(range(len(known)), reverse=True)
    least = min(newest_first, key=lambda number: known[number].value)
    most = max(newest_first, key=lambda number: known[number].value)
    return Summary(drawn[least], drawn[most], drawn[-1])


def alongs(begin: float, end: float) -> list[tuple[str, str]]:
    """Labels of the time axis: round times of the day, or days, in the person's zone."""
    tick = next((tick for most, tick in TICKS if end - begin <= most), LONG_TICK)
    at = timezone.localtime(moment(begin)).replace(hour=0, minute=0, second=0, microsecond=0)
    if tick == LONG_TICK:  # counted back from the newest midnight
        today = timezone.localtime(moment(end)).replace(hour=0, minute=0, second=0, microsecond=0)
        at = today - (today - at) // tick * tick
    found = []
    while (unix := at.timestamp()) <= end:
        if unix >= begin:
            words = f"{at:%m-%d}" if tick >= DAY else f"{at:%H:%M}"
            found.append((f"{100 * (unix - begin) / max(1.0, end - begin):.2f}", words))
        at += tick
    return found


def moment(unix: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(unix, dt.UTC)


def text_of(unix: float) -> str:
    """A moment as it is read beside a value."""
    return time_text(moment(unix))


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
