"""Seeds the environment's database and Redis with rooms, as a collector would have stored them.

Needs `BenchmarkEnvironment.django()`.
"""

import random
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from rooms.live import push

NAMES = (
    "Late night songs",
    "深夜の歌枠",
    "聊天室 🎤",
    "Café <b>acoustic</b>",
    "غرفة الأغاني",
    "Speedrun & chat",
)
READING_SECONDS = 15


def fill(
    rooms: int, *, ended: int = 0, acts: int = 0, covers: str = "https://covers.invalid"
) -> list[int]:
    """Makes live and ended rooms with figures, an hour of readings and some acts; the pks of the
    live ones.

    covers: where their pictures are, an address that ends before `/covers/`.
    """
    from moderation.models import Action, Policy
    from rooms.live import health, hot_state
    from rooms.models import Room

    rng = random.Random(11)
    now = int(time.time())
    moment = datetime.fromtimestamp(now, UTC)
    made = [
        Room(
            room_id=f"room-{number:05}",
            create_time=now - rng.randrange(60, 36_000),
            name=f"{rng.choice(NAMES)} {number}",
            owner_account=f"host-{number:05}",
            owner_name=f"Host {number}",
            cover_url=f"{covers}/covers/stage-{number}.svg",
            online=int(rng.paretovariate(1.1) * 10),
            online_source="MemberCount",
            online_at=now,
            views=rng.randrange(10**6),
            reward=rng.randrange(10**6),
            gifts=1,
            likes=1,
            messages=1,
            statistics_at=now,
            first_seen_at=moment,
            facts_changed_at=moment,
            ended_at=moment - timedelta(seconds=number) if number >= rooms else None,
        )
        for number in range(rooms + ended)
    ]
    Room.objects.bulk_create(made, batch_size=500)
    alive = [room for room in made if room.ended_at is None]
    policy = Policy.objects.first()
    Action.objects.bulk_create(
        Action(
            verb="warn",
            room=room,
            policy=policy,
            by_name="Heron 12",
            status="done",
            attempts=1,
            due_at=moment,
            give_up_at=moment,
            finished_at=moment,
        )
        for room in rng.sample(alive, acts) + made[rooms:]
    )
    hot_state.reset({room.pk: state(room) for room in alive})
    remember([room.pk for room in alive], now, rng)
    ahead = (now + 3600) * 1000  # no collector runs here, and the strip shall look as if one did
    health.write(
        {"ok": 1, "since": now, "text": "", "leader": "benchmark", "tick_at": ahead, "budget": "{}"}
    )
    return [room.pk for room in alive]


def state(room: Any) -> dict[str, Any]:
    """The hot state of a stored room; see rooms.live.hot_state."""
    return {
        "o": room.online,
        "os": room.online_source,
        "oa": room.online_at,
        "r": room.reward,
        "g": room.gifts,
        "l": room.likes,
        "m": room.messages,
        "ra": room.statistics_at,
        "v": room.views,
        "n": room.name,
        "h": room.owner_name,
        "e": 0,
    }


def remember(pks: list[int], now: int, rng: random.Random) -> None:
    """The readings of the last 15 minutes that sparklines are drawn from."""

    for back in range(900, 0, -READING_SECONDS):
        readings = {pk: (now - back, rng.randrange(1000), rng.randrange(1000)) for pk in pks}
        push.publish_tick({}, {}, readings=readings)
