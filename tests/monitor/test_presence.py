"""Who is on which room, as several web processes write it."""

import orjson
import pytest

from monitor import presence
from rooms import redis


def said(name: str, rooms: list[int], at: float = 100) -> bytes:
    return presence.entry(name, rooms, at)


def test_people_of_all_processes_are_told_once_a_room():
    stored = {b"3:web1": said("Heron", [1, 2]), b"3:web2": said("Heron", [2]), b"4:web2": said("Wren", [2])}
    assert presence.people(stored, 101) == {1: [[3, "Heron"]], 2: [[3, "Heron"], [4, "Wren"]]}


@pytest.mark.parametrize("value", [said("Heron", [1], 80), b"", b"[]", b"{}", b"\xff"])
def test_what_nobody_renews_and_what_is_no_entry_is_over(value):
    assert presence.people({b"3:web1": value}, 101) == {}


def test_only_rooms_with_other_people_than_before_are_told():
    before = {1: [[3, "Heron"]], 2: [[3, "Heron"]]}
    assert presence.changed(before, {1: [[3, "Heron"]], 3: [[4, "Wren"]]}) == {2: [], 3: [[4, "Wren"]]}


async def test_it_is_written_and_read_in_one_go_and_the_old_is_taken_away(hot):
    hot.hset(redis.key("here"), "9:gone", said("Ghost", [1], 1))
    here = await presence.renew("web1", {3: ("Heron", frozenset({1, 2}))})
    assert here == {1: [[3, "Heron"]], 2: [[3, "Heron"]]} == presence.stored_people()
    assert set(hot.hkeys(redis.key("here"))) == {b"3:web1"}
    assert orjson.loads(hot.hget(redis.key("here"), "3:web1"))["r"] == [1, 2]


async def test_what_is_announced_counts_at_once_beside_what_tabs_show(hot):
    presence.announce(4, "Wren", [2, 3])
    here = await presence.renew("web1", {4: ("Wren", frozenset({1}))})
    assert here == {1: [[4, "Wren"]], 2: [[4, "Wren"]], 3: [[4, "Wren"]]}


async def test_without_redis_nobody_is_known(settings):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    assert await presence.renew("web1", {}) is None
    presence.announce(4, "Wren", [2, 3])
    assert presence.stored_people() == {}
