"""Whether alerts about unusual figures are right, soon and cheap: generated histories with planted
incidents, benign waves and the faults of a wire."""

import argparse
import time
from collections import Counter
from statistics import median

from benchmarks.histories import BEGIN, BENIGN, STEP, World
from benchmarks.report import Figure, Goal, Report
from moderation.anomalies import detector
from moderation.anomalies.kinds import Finding
from moderation.anomalies.memory import Memory, pack, unpack

SEEDS, QUICK_SEEDS = (1, 2, 3), (1,)
ROOMS, MINUTES = 600, 50
QUICK_ROOMS, QUICK_MINUTES = 150, 40
MANY, QUICK_MANY = 5000, 300
MANY_STEPS = 36
VIEWERS_EVERY, TOTALS_EVERY = 10.0, 15.0  # seconds: a platform of 1,000 rooms
MANY_VIEWERS_EVERY, MANY_TOTALS_EVERY = 25.0, 50.0  # of 5,000 rooms, within the published limits
ASKED = 30  # suspects that are read at once, a look
LATER = 30.0  # seconds after its end in which an incident may still be told
SHARE = 0.9


def run(options: argparse.Namespace) -> Report:
    seeds = QUICK_SEEDS if options.quick else SEEDS
    rooms, minutes = (QUICK_ROOMS, QUICK_MINUTES) if options.quick else (ROOMS, MINUTES)
    planted, found = Counter[str](), Counter[str]()
    delays: list[float] = []
    false = Counter[str]()
    for seed in seeds:
        world = World(
            rooms=rooms,
            minutes=minutes,
            seed=seed,
            viewers_every=VIEWERS_EVERY,
            totals_every=TOTALS_EVERY,
        )
        judge(world, watched(world), planted, found, delays, false)
    share, size = cost(QUICK_MANY if options.quick else MANY)
    told = sum(found.values())
    report = Report("alerts")
    figures: dict[str, Figure] = {
        "incidents": sum(planted.values()),
        "alerts": told + sum(false.values()),
        **{f"{kind}, found of": f"{found[kind]} of {planted[kind]}" for kind in sorted(planted)},
        **{f"false, {what}": count for what, count in sorted(false.items())},
        "kept of a room, bytes": size,
    }
    report.figures = figures
    report.goals = [
        Goal("precision", told / max(1, told + sum(false.values())), SHARE, at_least=True),
        Goal("recall", told / max(1, sum(planted.values())), SHARE, at_least=True),
        Goal("median delay, s", median(delays) if delays else float("inf"), 60),
        Goal("CPU with 5,000 rooms, share of one core", share, 0.2, of_machine=True),
    ]
    return report


def watched(world: World) -> list[Finding]:
    """What is found while a world goes by; the memory goes through its JSON at every look."""
    memory, asked, found = Memory(), frozenset[int](), list[Finding]()
    while world.now < world.length:
        world.step()
        world.read(asked)
        looked = detector.look(memory, world.figures(), BEGIN + world.now)
        memory = unpack(pack(memory))
        found += looked.found
        asked = frozenset(looked.ask[:ASKED])
    return found


def judge(
    world: World,
    alerts: list[Finding],
    planted: Counter[str],
    found: Counter[str],
    delays: list[float],
    false: Counter[str],
) -> None:
    """Compares alerts with what was planted; adds to what is counted."""
    events = {room.pk: room.event for room in world.rooms if room.event is not None}
    planted.update(event.what for event in events.values() if event.what not in BENIGN)
    met: set[int] = set()
    for alert in alerts:
        event, at = events.get(alert.room), alert.at - BEGIN
        is_right = (
            event is not None
            and event.what == alert.kind.value
            and event.start <= at <= event.end + LATER
        )
        if event is not None and is_right and alert.room not in met:
            met.add(alert.room)
            found[event.what] += 1
            delays.append(at - event.start)
        else:
            false[f"{alert.kind.value} in {event.what if event else 'an ordinary room'}"] += 1


def cost(rooms: int) -> tuple[float, float]:
    """(share of a core that looks take, bytes kept of a room)."""
    world = World(
        rooms=rooms,
        minutes=60,
        seed=9,
        viewers_every=MANY_VIEWERS_EVERY,
        totals_every=MANY_TOTALS_EVERY,
    )
    stored, used = pack(Memory()), 0.0
    for _ in range(MANY_STEPS):
        world.step()
        world.read(frozenset())
        figures = world.figures()
        began = time.process_time()
        memory = unpack(stored)
        detector.look(memory, figures, BEGIN + world.now)
        stored = pack(memory)
        used += time.process_time() - began
    return used / (MANY_STEPS * STEP), len(stored) / max(1, len(memory.rooms))
