"""What is asked of the collector, against a real Valkey; and that nothing is raised without one."""

from rooms.live import demand, health
from tests.rooms.loops import closed


async def test_watched_rooms_are_watched_for_a_while(hot):
    await demand.mark_watched_async([1, 2], seconds=10)
    await demand.mark_watched_async([], seconds=10)
    await demand.mark_watched_async([3], seconds=-1)

    assert await closed(demand.watched_async()) == {1, 2}


async def test_as_many_rooms_are_watched_as_are_marked(hot):
    for many in (499, 500, 501, 2100):
        hot.delete("lw:watched")
        await demand.mark_watched_async(range(1, many + 1))
        assert await demand.watched_async() == set(range(1, many + 1))
    await closed(demand.watched_async())


async def test_a_longer_mark_is_not_shortened(hot):
    await demand.mark_watched_async([1], seconds=1000)
    await demand.mark_watched_async([1], seconds=-1)

    assert await closed(demand.watched_async()) == {1}


async def test_refreshes_are_taken_once_each(hot):
    for pk in (5, 6, 5):
        demand.refresh(pk)

    assert await demand.take_refreshes_async() == [5, 6]
    assert await closed(demand.take_refreshes_async()) == []


async def test_members_are_wanted_for_as_long_as_somebody_asks(hot):
    assert not await demand.members_wanted_async()
    demand.want_members(60)

    assert await closed(demand.members_wanted_async())


async def test_nothing_is_raised_without_redis(no_redis, caplog):
    demand.refresh(1)
    demand.discover("r1")
    demand.want_members(5)
    demand.want_hosts(5)
    await demand.mark_watched_async([1])

    assert await demand.watched_async() == set()
    assert await demand.take_refreshes_async() == []
    assert not await demand.members_wanted_async()
    assert not await demand.hosts_wanted_async()
    assert health.read()["collecting"] is False


def test_rooms_to_be_looked_up_are_bounded(hot):
    for number in range(1010):
        demand.discover(f"room-{number}")

    assert hot.llen("lw:discover") == 1000
    assert hot.lindex("lw:discover", -1) == b"room-1009"
