"""Six moderators, 300 rooms and planted incidents: how long until each has been handled, and how
long any room goes unseen.

The whole console runs as `./run` starts it. Each moderator has a wall of the tour in sight (an
equal part of the live rooms, reported as the page reports looks) and works the queue over HTTP in
its own order: the first open alert whose room no colleague has claimed, five seconds to read it,
the act, which closes it. People see claims and nothing else of one another. An incident counts as
handled when the alert that it raised is closed; times are the database's.

Incidents come every few seconds in rooms drawn at random: words in chat that a rule names, labels
of a classifier over the API, and chat at many times what is usual in the room, which only the
anomaly rules can find. Those need five minutes to learn what is usual, during which nothing is
planted.
"""

import argparse
import asyncio
import datetime as dt
import itertools
import random
import re
import time
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import aiohttp

from benchmarks.act import Person
from benchmarks.environment import PASSWORD, BenchmarkEnvironment, benchmark_environment, eventually
from benchmarks.report import Goal, Report, percentile

TOKEN = "the-webhook-token-of-the-benchmarks"
PEOPLE, ROOMS = 6, 300
READING = 5.0  # seconds of a person before an act
LIMIT = 120.0  # seconds from the incident until its alert is closed
PATROL = 300.0  # seconds: the patrol interval of this floor
LOOK_AGAIN = 20.0
CROWD_LINES, CROWD_SECONDS = 40, 30.0  # a second, in a room with a few; how long they come
ALERT = re.compile(r'data-alert="(\d+)"([^>]*)>')
ROOM_OF = re.compile(r'data-room="(\d+)"')
WORDS, LABEL, CROWD = "words in chat", "label", "chat flood"


@dataclass(frozen=True, slots=True)
class Sizes:
    """rooms, seconds of learning, incidents, seconds between two of them, their kinds."""

    rooms: int = ROOMS
    learning: float = 345.0
    incidents: int = 24
    between: float = 9.0
    kinds: tuple[str, ...] = (WORDS, LABEL, WORDS, CROWD)


QUICK = Sizes(rooms=60, learning=15.0, incidents=6, between=4.0, kinds=(WORDS, LABEL))


@dataclass(slots=True)
class Incident:
    """at: Unix seconds at which it began."""

    kind: str
    room: int
    room_id: str
    at: float = 0.0


@dataclass(slots=True)
class Floor:
    """The people at work, and what stops them."""

    over: asyncio.Event = field(default_factory=asyncio.Event)
    did: Counter[str] = field(default_factory=Counter)

    async def rest(self, seconds: float) -> bool:
        """Waits so long; whether the floor is still open."""
        try:
            await asyncio.wait_for(self.over.wait(), seconds)
        except TimeoutError:
            return True
        return False


class Moderator(Person):
    """One of the six, with a session of a browser."""

    def __init__(self, address: str, name: str, part: list[int], floor: Floor) -> None:
        super().__init__(address)
        self.name, self.part, self.floor = name, part, floor

    async def patrol(self) -> None:
        """Keeps a part of the rooms on a wall, and reports looks as the page does."""
        url = f"{self.address}/ws/live"
        async with self.http.ws_connect(url, origin=self.address) as socket:
            reader = asyncio.create_task(_read(socket))
            seconds = 3
            while True:
                looks = [[pk, seconds, "wall"] for pk in self.part]
                await socket.send_json({"watch": self.part, "visible": True, "looks": looks})
                if not await self.floor.rest(LOOK_AGAIN):
                    break
                seconds += int(LOOK_AGAIN)
            reader.cancel()

    async def work(self) -> None:
        """Takes one alert after the other from the top of the queue."""
        while await self.floor.rest(1.0):
            for alert in open_alerts(await self.page("/queue")):
                if await self.handle(alert):
                    break

    async def handle(self, alert: int) -> bool:
        """Whether it was this person who handled it: a colleague's room is left alone."""
        case = await self.page(f"/queue/alerts/{alert}")
        found = ROOM_OF.search(case)
        if found is None or "/close" not in case:
            return False  # closed meanwhile
        room = int(found[1])
        if not await self.accepted(f"/rooms/{room}/claim", held="on"):
            self.floor.did["left to a colleague"] += 1
            return False
        await self.floor.rest(READING)
        done = await self.accepted(
            f"/rooms/{room}/warn", policy="violence", key=str(uuid.uuid4()), alert=str(alert)
        )
        if not done:
            done = await self.accepted(f"/alerts/{alert}/close", outcome="handled")
        await self.accepted(f"/rooms/{room}/claim")
        self.floor.did["handled" if done else "refused"] += 1
        return done

    async def page(self, path: str) -> str:
        async with self.http.get(f"{self.address}{path}") as answer:
            return await answer.text() if answer.status == 200 else ""

    async def accepted(self, path: str, **fields: str) -> bool:
        try:
            await self.post(path, **fields)
        except aiohttp.ClientResponseError:
            return False
        return True


def open_alerts(page: str) -> list[int]:
    """The alerts of the queue's page that are open, in its order."""
    return [int(pk) for pk, more in ALERT.findall(page) if "data-closed" not in more]


async def _read(socket: aiohttp.ClientWebSocketResponse) -> None:
    async for _ in socket:
        pass


def run(options: argparse.Namespace) -> Report:
    sizes = QUICK if options.quick else Sizes()
    tokens = {"LIVE_WEBHOOK_TOKEN": TOKEN, "SIMULATOR_WEBHOOK_TOKEN": TOKEN}
    patrol = f"{PATROL / 60:.0f}"
    with benchmark_environment(
        LIVEWARDEN_END_GRACE_SECONDS="0", LIVEWARDEN_PATROL_MINUTES=patrol, **tokens
    ) as env:
        env.valkey()
        env.prepare()
        vendor = env.simulator(
            "--rooms", str(sizes.rooms), "--viewers", str(sizes.rooms * 40), "--churn", "0"
        )
        address = env.console("web", "collector", "worker-acts", "worker-chores", "beat")
        env.django()
        token = opened()
        rooms = rooms_of(int(sizes.rooms * 0.9))
        floor = Floor()
        incidents = asyncio.run(staged(address, vendor, token, rooms, sizes, floor))
        return judged(env, incidents, rooms, floor)


def opened() -> str:
    """People and rules as the floor needs them; the text of a token that reports labels."""
    from django.contrib.auth.models import User

    from moderation.core.roles import make_person
    from moderation.models import Rule
    from moderation.staff import tokens

    for number in range(PEOPLE):
        make_person(name_of(number), "moderator", PASSWORD)
    rules = Rule.objects.filter(slug__in=("words-fraud", "label-violence"))
    rules.update(act=Rule.Act.ALERT, is_on=True, dry_only=False)
    by = User.objects.get(username="supervisor")
    return tokens.make(by=by, name="classifier", scopes=["labels:report"], expires_at=None)[1]


def name_of(number: int) -> str:
    return f"floor-{number + 1}"


def rooms_of(count: int) -> list[tuple[int, str, str]]:
    """(pk, RoomId, host) of the live rooms, once the collector has stored so many."""
    from django.db import connection

    from rooms.models import Room

    def stored() -> list[tuple[int, str, str]]:
        found = list(Room.objects.live().values_list("pk", "room_id", "owner_account"))
        connection.close()
        return found if len(found) >= count else []

    return list(eventually(stored))


async def staged(
    address: str,
    vendor: str,
    token: str,
    rooms: list[tuple[int, str, str]],
    sizes: Sizes,
    floor: Floor,
) -> list[Incident]:
    """The incidents as they were planted, while six people worked."""
    parts = [[pk for pk, *_ in rooms[number::PEOPLE]] for number in range(PEOPLE)]
    people = [Moderator(address, name_of(n), part, floor) for n, part in enumerate(parts)]
    drawn = random.Random(14).sample(rooms, sizes.incidents)
    incidents = [
        Incident(sizes.kinds[n % len(sizes.kinds)], pk, room_id)
        for n, (pk, room_id, _) in enumerate(drawn)
    ]
    async with aiohttp.ClientSession() as http:
        plant = Plant(http, vendor, address, token)
        try:
            await plant.order("webhooks", url=f"{address}/webhooks/live", loss=0.0)
            for person in people:
                await person.log_in(person.name)
            at_work = [asyncio.create_task(person.patrol()) for person in people]
            at_work += [asyncio.create_task(person.work()) for person in people]
            await asyncio.sleep(sizes.learning)
            for incident in incidents:
                incident.at = time.time()
                await plant.begin(incident)
                await asyncio.sleep(sizes.between)
            await asyncio.sleep(LIMIT)
            floor.over.set()
            await asyncio.gather(*at_work)
        finally:
            for person in people:
                await person.http.close()
    return incidents


class Plant:
    """Makes incidents happen, at the simulated platform and over the console's API."""

    def __init__(self, http: aiohttp.ClientSession, vendor: str, web: str, token: str) -> None:
        self.http, self.vendor, self.web, self.token = http, vendor, web, token
        self.crowds: set[asyncio.Task[None]] = set()

    async def order(self, what: str, **fields: object) -> None:
        async with self.http.post(f"{self.vendor}/_simulator/{what}", json=fields) as answer:
            answer.raise_for_status()

    async def begin(self, incident: Incident) -> None:
        room_id = incident.room_id
        if incident.kind == WORDS:
            viewer = f"seller-{incident.room}"
            await self.order("enter", room_id=room_id, account=viewer)
            for line in ("free coins, write to me", "get your free coins here"):
                await self.order("say", room_id=room_id, account=viewer, text=line)
        elif incident.kind == LABEL:
            for number in range(2):  # an alert needs one; acts need more
                await self.label(room_id, f"{incident.room}-{number}")
        else:
            crowd = asyncio.create_task(self.crowd(room_id))
            self.crowds.add(crowd)
            crowd.add_done_callback(self.crowds.discard)

    async def crowd(self, room_id: str) -> None:
        await self.order("chatter", room_id=room_id, lines=CROWD_LINES)
        await asyncio.sleep(CROWD_SECONDS)
        await self.order("chatter", room_id=room_id, lines=0)

    async def label(self, room_id: str, name: str) -> None:
        found = {"id": name, "room_id": room_id, "label": "violence", "score": 97.0}
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": str(uuid.uuid4()),
        }
        url = f"{self.web}/api/v1/labels"
        async with self.http.post(url, json={"labels": [found]}, headers=headers) as answer:
            answer.raise_for_status()


def judged(
    env: BenchmarkEnvironment,
    incidents: Iterable[Incident],
    rooms: list[tuple[int, str, str]],
    floor: Floor,
) -> Report:
    from moderation.models import Alert

    report = Report("floor")
    planted, times = Counter[str](), list[float]()
    handled = Counter[str]()
    for incident in incidents:
        planted[incident.kind] += 1
        since = dt.datetime.fromtimestamp(incident.at - 1, dt.UTC)
        raised = Alert.objects.filter(room_id=incident.room, raised_at__gte=since)
        closed = raised.filter(outcome__in=("handled", "dismissed")).order_by("closed_at").first()
        if closed is not None and closed.closed_at is not None:
            handled[incident.kind] += 1
            times.append(closed.closed_at.timestamp() - incident.at)
    for kind, number in planted.items():
        report.figures[f"{kind}: planted"] = number
        report.figures[f"{kind}: handled"] = handled[kind]
    report.figures |= {f"acts of people: {what}": count for what, count in floor.did.items()}
    report.figures["alerts raised in all"] = Alert.objects.count()
    report.figures["incident to closed alert, median, s"] = percentile(times or [0.0], 0.5)
    report.goals = [
        Goal("incidents handled, share", len(times) / planted.total(), 1.0, at_least=True),
        Goal("incident to closed alert, slowest, s", max(times, default=0.0), LIMIT),
        Goal("longest time that a room was unseen, s", unseen(rooms), PATROL),
    ]
    return report


def unseen(rooms: list[tuple[int, str, str]]) -> float:
    """Seconds that passed at most without a look at one of these rooms."""
    from moderation.models import Look

    looked: dict[int, list[float]] = {pk: [] for pk, *_ in rooms}
    for pk, at in Look.objects.filter(room__in=looked).order_by("at").values_list("room_id", "at"):
        looked[pk].append(at.timestamp())
    moments = [at for times in looked.values() for at in times]
    begun, over = min(moments), max(moments)
    return max(longest_gap([begun, *times, over]) for times in looked.values())


def longest_gap(times: list[float]) -> float:
    """The longest time between two moments that follow each other, in seconds."""
    return max((later - earlier for earlier, later in itertools.pairwise(times)), default=0.0)
