"""How the installation did over an hour or a day as charts: of several minutes the worst counts."""

from collections.abc import Callable, Iterable
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitor.formatting import span
from monitor.pages import charts
from monitor.pages.charts import Mark, Range, Value
from rooms.infra import database_time
from rooms.live import system_history
from rooms.live.system_history import Minute

RANGES = (
    Range("1h", gettext_lazy("1 h"), gettext_lazy("one value a minute"), 60, 1, 60),
    Range("24h", gettext_lazy("24 h"), gettext_lazy("highest of 15 minutes"), 24 * 60, 15, 300),
)


def of(asked: str) -> dict[str, object]:
    """What `monitor/_system_charts.html` shows."""
    chosen = charts.asked_range(asked, RANGES)
    end = database_time.unix()
    begin = end - chosen.minutes * 60
    kept = system_history.read(chosen.minutes)
    draw = partial(charts.chart, begin=begin, end=end, step=chosen.step * 60, marks=outages(kept))
    return {
        "budget_chart": draw(
            worst(kept, chosen.step, lambda one: one.budget, lambda value: f"{value} %"), top=100
        ),
        "age_chart": draw(worst(kept, chosen.step, lambda one: one.age, span)),
        "waiting_chart": draw(worst(kept, chosen.step, lambda one: one.waiting, span)),
        "ranges": RANGES,
        "range": chosen,
    }


def worst(
    kept: Iterable[Minute],
    step: int,
    read: Callable[[Minute], int | None],
    write: Callable[[int], str],
) -> list[Value]:
    """The highest of each `step` minutes, oldest first; minutes without a value are left out."""
    highest: dict[int, int] = {}
    for one in kept:
        value, number = read(one), one.minute // step
        if value is not None:
            highest[number] = max(value, highest.get(number, 0))
    return [
        Value(number * step * 60, value, write(value)) for number, value in sorted(highest.items())
    ]


def outages(kept: Iterable[Minute]) -> list[Mark]:
    """When the vendor stopped answering."""
    found, was_ok = [], True
    for one in kept:
        if was_ok and not one.ok:
            found.append(Mark(one.minute * 60, "alert", _("The vendor did not answer.")))
        was_ok = one.ok
    return found
