"""When the collector's ticks come: the loop is real, so only what must not wait for ever is
timed.
"""

import asyncio

from rooms.collector import flush_timer
from rooms.collector.flush_timer import FlushTimer


async def test_a_hurried_tick_does_not_wait_for_its_turn(monkeypatch):
    monkeypatch.setattr(flush_timer, "MIN_GAP", 0.0)
    made = FlushTimer(1000)

    made.hurry()
    async with asyncio.timeout(5):
        await made.wait()


async def test_one_that_is_waited_for_already_is_hurried_too(monkeypatch):
    monkeypatch.setattr(flush_timer, "MIN_GAP", 0.0)
    made = FlushTimer(1000)
    waiting = asyncio.create_task(made.wait())
    await asyncio.sleep(0)

    made.hurry()
    async with asyncio.timeout(5):
        await waiting


async def test_a_hurry_is_for_one_tick(monkeypatch):
    monkeypatch.setattr(flush_timer, "MIN_GAP", 0.0)
    made = FlushTimer(1000)
    made.hurry()
    await made.wait()

    waiting = asyncio.create_task(made.wait())
    await asyncio.sleep(0.05)  # it does not come: of that there is no sign to wait for

    assert not waiting.done()
    waiting.cancel()


async def test_two_hurried_ticks_keep_their_distance(monkeypatch):
    monkeypatch.setattr(flush_timer, "MIN_GAP", 1000)
    made = FlushTimer(2000)
    made._last_at = made._due_at
    made.hurry()

    waiting = asyncio.create_task(made.wait())
    await asyncio.sleep(0.05)  # it does not come: of that there is no sign to wait for

    assert not waiting.done()
    waiting.cancel()


async def test_without_hurry_ticks_come_in_their_time():
    made = FlushTimer(0.001)

    async with asyncio.timeout(5):
        for _ in range(3):
            await made.wait()
