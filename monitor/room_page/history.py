"""The past of a room as charts: people online and coins a minute, over an hour, a day or a month.

A minute bucket is kept of every room; longer spans are reduced in the database to one value a step,
so that no page reads more than some hundred rows. Earlier broadcasts under the same RoomId belong
to it: that is what a month of a room is.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from django.db.models import Count, F, Max, Min, Q, Sum
from django.utils.translation import gettext_lazy as _

from moderation.alerts import alerts
from moderation.models import Action, Alert
from monitor.pages import charts
from monitor.pages.charts import Mark, Range, Value, moment
from rooms.infra import database_time
from rooms.live import hot_state
from rooms.models import Room, Sample

RANGES = (
    Range("1h", _("1 h"), _("one value a minute"), 60, 1, 30),
    Range("24h", _("24 h"), _("mean of 15 minutes"), 24 * 60, 15, 300),
    Range("30d", _("30 d"), _("mean of 6 hours"), 30 * 24 * 60, 6 * 60, 3600),
)
MAX_BROADCASTS = 200
MAX_MARKS = 60


@dataclass(slots=True)
class Step:
    """What the samples of one broadcast say in one step. people: the sum of `counts` readings."""

    broadcast: int
    number: int
    people: int | None
    counts: int
    highest: int | None
    least_reward: int | None
    reward: int | None


def of(room: Room, asked: str) -> dict[str, object]:
    """What `monitor/_charts.html` shows: two charts, and the ranges."""
    chosen = charts.asked_range(asked, RANGES)
    end = room.ended_at.timestamp() if room.ended_at else database_time.unix()
    begin = end - chosen.minutes * 60
    pks = broadcasts(room, begin)
    found = steps(pks, begin, end, chosen.step)
    marks = marks_of(pks, begin, end)
    draw = partial(charts.chart, begin=begin, end=end, step=chosen.step * 60, marks=marks)
    online = people(found, chosen.step)
    if chosen.step == 1 and room.is_live:
        online += fresh_readings(room.pk, online[-1].at if online else begin)
    return {
        "online_chart": draw(online),
        "coins_chart": draw(coins(found, chosen.step)),
        "ranges": RANGES,
        "range": chosen,
    }


def broadcasts(room: Room, begin: float) -> list[int]:
    """This broadcast and those before it under the same RoomId that reach into the time, at most
    MAX_BROADCASTS.
    """
    same = Room.objects.filter(room_id=room.room_id, create_time__lte=room.create_time)
    reaching = same.filter(Q(pk=room.pk) | Q(ended_at__gte=moment(begin)))
    return list(reaching.order_by("-create_time").values_list("pk", flat=True)[:MAX_BROADCASTS])


def steps(pks: Sequence[int], begin: float, end: float, step: int) -> list[Step]:
    """The samples of these broadcasts, one row a broadcast and `step` minutes, oldest first."""
    within = Sample.objects.filter(
        room_id__in=pks, minute__gte=int(begin) // 60, minute__lte=int(end) // 60
    )
    rows = (
        within.order_by()
        .annotate(number=F("minute") / step)
        .values("room_id", "number")
        .annotate(
            people=Sum("online"),
            counts=Count("online"),
            highest=Max("online"),
            least_reward=Min("reward"),
            latest_reward=Max("reward"),
        )
        .order_by("number", "room_id")
    )
    names = ("room_id", "number", "people", "counts", "highest", "least_reward", "latest_reward")
    return [Step(*row) for row in rows.values_list(*names)]


def people(found: Iterable[Step], step: int) -> list[Value]:
    """The mean count of people of each step, with its peak where a step is more than a minute."""
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in found:
        if one.people is not None and one.highest is not None:
            total = sums[one.number]
            total[0] += one.people
            total[1] += one.counts
            total[2] = max(total[2], one.highest)
    return [
        Value(begin_of(number, step), total / counts, highest=highest if step > 1 else None)
        for number, (total, counts, highest) in sums.items()
    ]


def coins(found: Iterable[Step], step: int) -> list[Value]:
    """Coins a minute in each step. A total counts from the one before it of the same broadcast; the
    first of a broadcast from the lowest of its own step.
    """
    before: dict[int, Step] = {}
    rates: dict[int, float] = defaultdict(float)
    for one in found:
        if one.reward is None or one.least_reward is None:
            continue
        last = before.get(one.broadcast)
        before[one.broadcast] = one
        if last and last.reward is not None:
            came, minutes = one.reward - last.reward, (one.number - last.number) * step
        elif step > 1:
            came, minutes = one.reward - one.least_reward, step
        else:
            continue  # one minute alone tells nothing of what came in it
        rates[one.number] += max(0, came) / minutes
    return [Value(begin_of(number, step), rate) for number, rate in sorted(rates.items())]


def begin_of(number: int, step: int) -> float:
    """When a step begins (Unix seconds); of a single minute when it ends, for its reading is its
    last.
    """
    return number * step * 60.0 + (59 if step == 1 else 0)


def fresh_readings(pk: int, after: float) -> list[Value]:
    """What was read since the newest minute that is stored."""
    recent = hot_state.recent([pk]).get(pk, [])
    return [
        Value(at, online) for at, online, _reward in recent if at > after and online is not None
    ]


def marks_of(pks: Sequence[int], begin: float, end: float) -> list[Mark]:
    """The newest acts and alerts of that time, at most MAX_MARKS of each, oldest first."""
    span = (moment(begin), moment(end))
    acts = Action.objects.filter(room_id__in=pks, requested_at__range=span)
    raised = Alert.objects.filter(room_id__in=pks, raised_at__range=span)
    found = [
        Mark(
            act.requested_at.timestamp(),
            "act",
            f"{act.get_verb_display()} ({act.status_label}), {act.by_name}",
        )
        for act in acts.order_by("-requested_at")[:MAX_MARKS]
    ]
    found += [
        Mark(alert.raised_at.timestamp(), "alert", str(alert.headline))
        for alert in alerts.named(raised.order_by("-raised_at")[:MAX_MARKS])
    ]
    return sorted(found, key=lambda mark: mark.at)
