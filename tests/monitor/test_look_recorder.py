"""What is gathered of looks, and what becomes of it when it cannot be stored."""

import asyncio

from django.db import OperationalError

from moderation.patrol import looks
from moderation.patrol.looks import Seen
from monitor.realtime.look_recorder import LookRecorder


def stored(
    patrol: LookRecorder, monkeypatch, answers: list[Exception | None]
) -> list[dict[int, list[Seen]]]:
    """What each try gave to the database, which answers so."""
    given = []

    def record(kept):
        given.append(kept)
        if answer := answers[len(given) - 1]:
            raise answer
        return 1

    monkeypatch.setattr(looks, "record", record)

    async def tries() -> None:
        for _ in answers:
            await patrol._store()

    asyncio.run(tries())
    return given


def test_looks_that_the_database_refused_are_stored_with_the_next(monkeypatch):
    patrol = LookRecorder([])
    patrol._looks = {1: {7: Seen(7, 5, "list")}}
    given = stored(patrol, monkeypatch, [OperationalError("deadlock detected"), None])
    assert given == [{1: [Seen(7, 5, "list")]}] * 2
    assert patrol._looks == {}


def test_after_a_time_out_they_are_not_stored_twice(monkeypatch):
    patrol = LookRecorder([])
    patrol._looks = {1: {7: Seen(7, 5, "list")}}
    assert len(stored(patrol, monkeypatch, [TimeoutError(), None])) == 1


def test_what_goes_back_keeps_the_longer_look():
    patrol = LookRecorder([])
    patrol._looks = {1: {7: Seen(7, 9, "list"), 8: Seen(8, 1, "list")}}
    patrol._put_back(
        {1: {7: Seen(7, 5, "list"), 8: Seen(8, 4, "list")}, 2: {7: Seen(7, 2, "wall")}}
    )
    assert patrol._looks == {
        1: {7: Seen(7, 9, "list"), 8: Seen(8, 4, "list")},
        2: {7: Seen(7, 2, "wall")},
    }
