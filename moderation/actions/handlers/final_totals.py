"""The final totals of a broadcast that is about to be ended: read before the end, for afterwards
nobody tells them.

An end must not wait for them. They are read where what is known is older than FRESH, a turn in the
call budget is free this moment, and the answer comes within WAIT; else what was read last is kept,
under other names, so that nobody takes it for the final figures.
"""

import dataclasses
import functools
import logging
from concurrent import futures
from typing import cast

from liveapi import LiveApiError, LiveClient, commands
from liveapi.messages import RoomStatistics
from moderation.models import Action
from moderation.values.acts import Result
from rooms.infra import database_time
from rooms.models import Room

logger = logging.getLogger(__name__)
# Seconds. Rooms on a screen are read more often than that; of a hundred ends at once the budget
# would grant fifty a second.
FRESH = 15
WAIT = 0.3
READERS = 16  # ends that wait for an answer at once; the others go without


def keep(client: LiveClient, action: Action) -> None:
    """Puts what the vendor tells before the end into the act's result, where a lost answer leaves
    it too.
    """
    room = action.room
    if room.statistics_at is not None and abs(database_time.unix() - room.statistics_at) <= FRESH:
        return
    answer = readers().submit(read, client, room.room_id)
    try:
        totals = answer.result(timeout=WAIT)
    except futures.TimeoutError:
        answer.cancel()
        return
    if totals:
        found: Result = {**action.kept, **totals, "totals_at": int(database_time.unix())}
        action.result = found


def of(action: Action, answered: RoomStatistics | None = None) -> Result:
    """The totals of an end: the last ones known, what was read before it, what its own answer told.

    Coins and counts.
    """
    found = (
        Room.objects.filter(pk=action.room.pk).values("reward", "gifts", "likes", "views").first()
    )
    known = dict(found) if found else {}
    last = {f"last_{name}": value for name, value in known.items() if value is not None}
    kept = {name: value for name, value in action.kept.items() if name.startswith("total")}
    final = kept | figures(answered)
    return cast(Result, final or last)


def read(client: LiveClient, room_id: str) -> Result:
    """What get_room_stats tells; nothing when it cannot be asked at once."""
    try:
        return figures(
            client.call(commands.get_room_statistics(room_id), lane="act", wait=0.0).value
        )
    except LiveApiError as error:
        logger.info("no totals of %s before its end: %s", room_id, error)
        return {}


def figures(answered: RoomStatistics | None) -> Result:
    """Those that were told, by name."""
    values = dataclasses.asdict(answered) if answered else {}
    return cast(Result, {name: value for name, value in values.items() if value is not None})


@functools.cache
def readers() -> futures.ThreadPoolExecutor:
    """Their calls may take as long as any; whoever waits for them does not."""
    return futures.ThreadPoolExecutor(READERS, thread_name_prefix="totals")
