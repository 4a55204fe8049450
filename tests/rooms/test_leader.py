"""The end of a time of leading."""

import asyncio

from rooms.collector import leader
from rooms.collector.leader import Collector, Lost


class Shift:
    """Two loops, of which one finds the lease lost."""

    def __init__(self, of, fence):
        pass

    async def run(self):
        async def lose():
            await asyncio.sleep(0.01)
            raise Lost

        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(60))
            group.create_task(lose())


async def test_losing_the_lease_leaves_no_mark_of_a_cancellation(monkeypatch):
    monkeypatch.setattr(leader, "LeaderTerm", Shift)
    led = Collector()
    monkeypatch.setattr(led.lease, "release", lambda: None)
    await led._lead(1)
    assert asyncio.current_task().cancelling() == 0
    await led._pause(0.01)  # Python 3.11.2 would end the process here
