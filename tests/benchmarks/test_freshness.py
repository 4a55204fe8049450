"""What the benchmarks of webhooks make of frames, and what they send."""

import asyncio
import json

import pytest

from benchmarks import freshness, webhook_sender
from benchmarks.freshness import follow, marked_by
from liveapi import webhooks
from liveapi.webhook_events import MembersChanged, MessageSent


class Socket:
    """Frames as a page gets them, one whenever it is asked."""

    def __init__(self, frames):
        self.frames = iter(frames)

    async def recv(self):
        await asyncio.sleep(0.01)
        return json.dumps(next(self.frames, {"k": "tick"}))


def test_a_room_is_marked_by_the_frame_that_says_when_it_ended():
    read = marked_by({1: "a", 2: "b"})

    assert read({"k": "tick", "rooms": [[1, "o", 5], [2, "o", 3, "e", 0]]}) == set()
    assert read({"k": "tick", "rooms": [[2, "e", 1_700_000_000]]}) == {"b"}
    assert read({"k": "act"}) == set()


async def test_each_room_has_the_delay_of_its_own_frame_and_one_never_announced_has_none(
    monkeypatch,
):
    monkeypatch.setattr(freshness, "SWEEP", 0.1)
    monkeypatch.setattr(freshness, "WALK", 0.0)
    happened = []

    async def happens(room_id):
        happened.append(room_id)

    socket = Socket([{"announced": []}] * 3 + [{"announced": ["a"]}, {"announced": ["b"]}])
    delays = await follow(
        socket, ["a", "b", "c"], 0.0, happens, lambda frame: set(frame.get("announced", ()))
    )

    assert sorted(happened) == ["a", "b", "c"]
    assert delays.keys() == {"a", "b"}
    assert 0 < delays["a"] < delays["b"]


@pytest.mark.parametrize(("number", "kind"), [(0, MessageSent), (1, MembersChanged)])
def test_what_is_sent_is_what_the_vendor_sends(number, kind):
    command, body = webhook_sender.written(number, ["a", "b"])

    event = webhooks.parse({"CallbackCommand": command}, body)

    assert isinstance(event, kind)
    assert event.room_id == ["a", "b"][number]


def test_no_event_is_another_one_again():
    bodies = {webhook_sender.written(number, ["a"])[1] for number in range(100)}

    assert len(bodies) == 100
