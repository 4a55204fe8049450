"""Who is on which room, as several web processes write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.realtime import presence
from monitor.realtime.presence import PresenceRegistry
from rooms.infra import redis
from tests.rooms.loops import closed


def said(name: str, *rooms: int, person: int = 3) -> bytes:
    return presence.text({person: (name, frozenset(rooms))})


def test_people_of_all_processes_are_told_once_a_room():
    texts = [said("Heron", 1, 2), said("Heron", 2), said("Wren", 2, person=4)]
    assert presence.people(texts) == {1: [[3, "Heron"]], 2: [[3, "Heron"], [4, "Wren"]]}
    assert presence.people(texts, [1, 9]) == {1: [[3, "Heron"]]}


@pytest.mark.parametrize(
    "value", [presence.entry(b"[]", 80), b"", b"[]", b"{}", b"\xff", b"x []", "٣ []".encode()]
)
def test_what_nobody_renews_and_what_is_no_entry_is_over(value):
    assert dict(presence.fresh({b"web1": value, b"web2": b"100 [5]"}, 101)) == {b"web2": b"[5]"}


@given(
    st.binary()
    | st.sampled_from([b"[5]", b"{}", b"null", b"[[1]]", b'[[1,"x",5]]', b'[["a",1,[]]]'])
)
def test_nothing_that_stands_there_raises(text):
    good = said("Heron", 1)
    assert presence.people([text, good])[1][-1] == [3, "Heron"]


def test_only_rooms_with_other_people_than_before_are_told():
    before = {1: [[3, "Heron"]], 2: [[3, "Heron"]]}
    assert presence.changed(before, {1: [[3, "Heron"]], 3: [[4, "Wren"]]}) == {
        2: [],
        3: [[4, "Wren"]],
    }


async def test_it_is_written_and_read_in_one_go_and_the_old_is_taken_away(hot):
    hot.hset(redis.key("here"), "gone", presence.entry(said("Ghost", 1), 1))
    told = await closed(PresenceRegistry("web1").renew({3: ("Heron", frozenset({1, 2}))}))
    assert told == {1: [[3, "Heron"]], 2: [[3, "Heron"]]} == presence.stored_people()
    assert hot.hkeys(redis.key("here")) == [b"web1"]


async def test_two_processes_hear_of_each_other_and_only_of_what_is_new(hot, monkeypatch):
    one, two = PresenceRegistry("web1"), PresenceRegistry("web2")
    await one.renew({3: ("Heron", frozenset({1, 2}))})
    assert await two.renew({4: ("Wren", frozenset({2}))}) == {
        1: [[3, "Heron"]],
        2: [[3, "Heron"], [4, "Wren"]],
    }
    assert await one.renew({3: ("Heron", frozenset({1, 2}))}) == {2: [[3, "Heron"], [4, "Wren"]]}
    with monkeypatch.context() as nothing_new:
        nothing_new.setattr(presence, "people", None)
        nothing_new.setattr(presence, "text", None)
        assert await one.renew({3: ("Heron", frozenset({1, 2}))}) == {}
    assert await two.renew({}) == {2: [[3, "Heron"]]}
    assert hot.hkeys(redis.key("here")) == [b"web1"], "who shows nothing is not there"
    assert await closed(one.renew({3: ("Heron", frozenset({1}))})) == {2: []}


async def test_what_is_announced_counts_at_once_beside_what_tabs_show(hot):
    presence.announce(4, "Wren", [2, 3])
    told = await closed(PresenceRegistry("web1").renew({4: ("Wren", frozenset({1}))}))
    assert told == {1: [[4, "Wren"]], 2: [[4, "Wren"]], 3: [[4, "Wren"]]}


async def test_without_redis_nobody_is_known(settings):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    assert await PresenceRegistry("web1").renew({3: ("Heron", frozenset({1}))}) == {}
    presence.announce(4, "Wren", [2, 3])
    assert presence.stored_people() == {}
