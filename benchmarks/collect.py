"""`./run bench collect`: does the collector use its whole call budget, never more, and for the
right rooms?

A simulated platform of 100, 1,000 and 5,000 rooms, with a latency of 20 and of 100 ms, and the real
collector with the default share (half of the published limits) and intervals of zero, so that there
is always work. Forty rooms are on a screen. What is counted where:

*Calls over the rate limit.* Redis's clock stamps every grant of the shared budget; all stamps are
read back, and no window of one second may hold more of them than the budget allows. This is exact.
Two calls may bunch up on their way to the vendor, so only their sum is compared there: no call may
arrive without a grant, and none may be refused.

*Budget used* is the number of calls that arrived at the vendor, divided by what the whole budget
allows in that time: the reserve for actions counts against it. The lower of listing and statistics
counts.

*Age of figures on screen* is that of the older of online count and reward total, every half second,
as pages get them.

*Full refresh of unwatched rooms.* The theoretical minimum is the number of unwatched rooms divided
by the rest of the budget. Where several refreshes fit into the measurement, the time between two
readings of a room (p99) is compared with it; otherwise (5,000 rooms take 140 s) the time that a
refresh would take at the measured rate, and no room may have been read twice before all were read
once.

*CPU per call* is that of the collector process with everything (schedule, budget, parsing,
database, hot state, publishing). It is compared with `bare_calls` at the same rate and time, which
calls a second simulator of the same size.

*Browsers.* The first page of the list in 1, 50 and 200 browsers (websockets on a real daphne), in
turn, with the ordinary intervals. A room's calls a second are counted between its first and its
last, so that the edges of the measurement do not cut a round in two.
"""

import argparse
import itertools
from collections import Counter, defaultdict

from benchmarks.browsers import Browsers
from benchmarks.environment import benchmark_environment
from benchmarks.platform import WATCHED, Measured, Platform
from benchmarks.report import Goal, Report, percentile

STATISTICS, LISTING = "get_room_stats", "get_room_list"
BUDGET = {STATISTICS: 50, LISTING: 5}  # half of what is published
INTERVAL = 3.0  # seconds between two readings of a room on a screen


def run(options: argparse.Namespace) -> Report:
    sizes, seconds, browsing = (
        ((100,), 8.0, 14.0) if options.quick else ((100, 1000, 5000), 20.0, 18.0)
    )
    report = Report("collect")
    found: dict[str, list[float]] = defaultdict(list)
    for rooms in sizes:
        always = {"LIVEWARDEN_REST_INTERVAL": "0", "LIVEWARDEN_SWEEP_INTERVAL": "1"}
        with benchmark_environment(**always) as env:
            platform = Platform(env, rooms)
            for latency in (20, 100):
                measured = platform.measure(latency / 1000, seconds)
                summarise(measured, report, found, f"{rooms:,} rooms, {latency} ms")
            over, refused = platform.close()
            found["over"].append(over)
            found["refused"].append(refused)
    browsers(report, found, browsing)
    report.goals += [
        Goal(
            "call budget used, lowest of all configurations",
            min(found["used"]),
            0.95,
            at_least=True,
        ),
        Goal("calls over the rate limit", sum(found["over"]), 0),
        Goal("rate-limit refusals by the vendor (60007, 60011)", sum(found["refused"]), 0),
        Goal("age of figures on screen, p95 / reading interval", max(found["age"]), 2.0),
        Goal("full refresh of unwatched rooms / theoretical minimum", max(found["refresh"]), 1.2),
        Goal(
            "call rate with 50 and 200 browsers, relative difference to 1",
            max(found["browsers"]),
            0.02,
        ),
        Goal("CPU per call / bare aiohttp", max(found["cpu"]), 4.0),
    ]
    return report


def summarise(measured: Measured, report: Report, found: dict[str, list[float]], name: str) -> None:
    """Figures of one configuration, and what the goals are made of."""
    counts = Counter(call["command"] for call in measured.calls)
    parts = {
        command: counts[command] / measured.seconds / allowed for command, allowed in BUDGET.items()
    }
    cpu, bare = measured.cpu / len(measured.calls), measured.bare_cpu / measured.bare_calls
    age = percentile(measured.ages, 0.95)
    refresh_ratio = refresh_of_unwatched(measured)
    found["used"] += parts.values()
    found["age"].append(age / INTERVAL)
    found["refresh"].append(refresh_ratio)
    found["cpu"].append(cpu / bare)
    report.figures |= {
        f"{name}: calls per second": len(measured.calls) / measured.seconds,
        f"{name}: statistics budget used, share": parts[STATISTICS],
        f"{name}: listing budget used, share": parts[LISTING],
        f"{name}: age of figures on screen, p95, s": age,
        f"{name}: full refresh of unwatched rooms / theoretical minimum": refresh_ratio,
        f"{name}: CPU per call, ms": cpu * 1000,
        f"{name}: CPU per bare call, ms": bare * 1000,
    }


def refresh_of_unwatched(measured: Measured) -> float:
    """The time of a full refresh of the rooms on no screen, divided by the minimum that the budget
    allows.
    """
    reads: dict[str, list[float]] = defaultdict(list)
    for call in measured.calls:
        if call["command"] == STATISTICS and call["room_id"] not in measured.watched:
            reads[call["room_id"]].append(call["at"])
    rest = measured.rooms - WATCHED
    least = rest / (BUDGET[STATISTICS] - WATCHED / INTERVAL)
    if measured.seconds > 2 * least:
        rounds = [b - a for times in reads.values() for a, b in itertools.pairwise(times)]
        return percentile(rounds, 0.99) / least
    total = sum(map(len, reads.values()))
    if total > len(reads) and len(reads) < rest:
        raise AssertionError("a room was read twice before all were read once")
    return rest / (total / measured.seconds) / least


# --- Browsers -------------------------------------------------------------------------------------


def browsers(report: Report, found: dict[str, list[float]], seconds: float) -> None:
    """Calls a second with the same page in 1, 50 and 200 browsers, and in one again."""
    ordinary = {"LIVEWARDEN_REST_INTERVAL": "4", "LIVEWARDEN_SWEEP_INTERVAL": "1"}
    with benchmark_environment(**ordinary) as env:
        platform = Platform(env, 100, beside=False)
        address = env.console("web")
        with Browsers(env, address, platform.watched) as crowd:
            rates = [
                (number, call_rate(crowd, platform, number, seconds)) for number in (1, 50, 200, 1)
            ]
        platform.close()
    alone = sum(rate for number, rate in rates if number == 1) / 2
    for number, rate in rates[:3]:
        report.figures[f"{number} browsers: calls per second"] = alone if number == 1 else rate
        found["browsers"].append(abs(rate / alone - 1) if number > 1 else 0.0)


def call_rate(crowd: Browsers, platform: Platform, number: int, seconds: float) -> float:
    """The sum of all rooms' calls a second, each between its first and its last call."""
    crowd.open(number)
    platform.calls_since_last(6.0)  # until everybody has a page and the schedule has settled
    times: dict[tuple[str, str], list[float]] = defaultdict(list)
    for call in platform.calls_since_last(seconds):
        times[call["command"], call["room_id"]].append(call["at"])
    crowd.close()
    return sum((len(at) - 1) / (at[-1] - at[0]) for at in times.values() if len(at) > 2)
