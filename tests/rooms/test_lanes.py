"""What each lane asks, and what it makes of the answers.

The vendor is in memory, the loop is real.
"""

import asyncio
import contextlib
import math
import time

import pytest

from liveapi import LiveApiError
from liveapi.accounts import Profile
from liveapi.messages import MemberPage, RoomInfo, RoomPage, RoomStatistics
from rooms.collector.host_profiles import ProfilePoller
from rooms.collector.lanes import Info, Members, Statistics, budget_of, survive
from rooms.collector.listing import ListingPoller
from rooms.collector.schedule import Schedule
from rooms.ingest.fencing import Fenced
from tests.rooms.asked import Vendor, gone, known, poll_context, refusal
from tests.support.waiting import comes_about


def plan(**options):
    return Schedule(**{"watched_interval": 60.0, "rest_interval": 60.0, **options})


async def run_until(lane, enough, seconds=5.0):
    """Runs a lane until `enough()` is true."""
    task = asyncio.create_task(lane.run() if hasattr(lane, "run") else survive("test", lane.step))
    try:
        await comes_about(
            f"{type(lane).__name__} has done what the test waits for", enough, seconds
        )
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def lane_of(kind, at, *arguments, **options):
    lane = kind(at, plan(**options), *arguments)
    at.registry.listen(lane.added, lane.removed)
    for room in at.registry.rooms.values():
        lane.added(room)
    return lane


def ignore(pk):
    raise AssertionError(f"nothing is to be confirmed, but {pk} was")


async def test_totals_go_into_the_batch():
    vendor = Vendor(
        {"get_room_stats": lambda body: RoomStatistics(total_gift_coins=int(body["RoomId"][-1]))}
    )
    at = poll_context(vendor, known(1), known(2))

    await run_until(lane_of(Statistics, at, ignore), lambda: len(at.batch.statistics) == 2)

    assert {pk: found.total_gift_coins for pk, (found, _) in at.batch.statistics.items()} == {
        1: 1,
        2: 2,
    }


async def test_a_room_without_statistics_is_confirmed_not_ended():
    confirmed = []
    at = poll_context(Vendor({"get_room_stats": gone("get_room_stats")}), known(1))

    await run_until(lane_of(Statistics, at, confirmed.append), lambda: confirmed)

    assert confirmed == [1]
    assert not at.batch.gone


async def test_totals_that_shrink_are_not_believed_before_the_room_is_confirmed():
    confirmed, answers = [], iter((500, 3))
    vendor = Vendor({"get_room_stats": lambda _: RoomStatistics(total_viewers=next(answers))})
    at = poll_context(vendor, known(1))

    await run_until(lane_of(Statistics, at, confirmed.append, rest_interval=0.0), lambda: confirmed)

    assert at.batch.statistics[1][0].total_viewers == 500


async def test_rooms_read_lately_wait_for_their_turn():
    at = poll_context(Vendor(), known(1, statistics_at=int(time.time())))

    lane = lane_of(Statistics, at, ignore)

    assert 55 < lane.schedule.wait(time.monotonic()) <= 60


async def test_only_get_room_info_ends_a_room_and_only_by_its_word():
    codes = iter((refusal(60008, "get_room_info"), gone("get_room_info")))
    at = poll_context(Vendor({"get_room_info": lambda _: next(codes)}), known(1))
    lane = lane_of(Info, at, rest_interval=math.inf)
    lane.prioritise(1)

    await run_until(lane, lambda: at.batch.gone)

    assert len(at.client.asked) == 2
    assert list(at.batch.gone) == [1]


async def test_it_learns_whether_answers_tell_people_online():
    at = poll_context(
        Vendor({"get_room_info": RoomInfo("room-1", online_count=5, online_field="OnlineCount")}),
        known(1),
    )
    lane = lane_of(Info, at)
    assert lane.reports_online is None

    await run_until(lane, lambda: at.batch.infos)

    assert lane.reports_online is True
    assert at.batch.infos["room-1"].whole


async def test_members_are_counted_only_where_that_is_the_source():
    at = poll_context(Vendor({"get_member_list": MemberPage(("ann", "bob"), 2, "")}), known(1))
    lane = lane_of(Members, at, lambda *_: None)
    lane.wanted = True

    await run_until(lane, lambda: lane.seen)

    assert lane.take_seen() == {1: frozenset({"ann", "bob"})}
    assert not at.batch.online
    lane.counting = True
    lane.prioritise(1)
    await run_until(lane, lambda: at.batch.online)
    assert (at.batch.online[1].count, at.batch.online[1].source) == (2, "members")


async def test_a_member_list_is_asked_for_at_most_once_in_forty_seconds():
    at = poll_context(Vendor({"get_member_list": MemberPage((), 2, "")}), known(1))
    lane = lane_of(Members, at, lambda *_: None, rest_interval=0.0, least_gap=40.0)
    lane.counting = True
    await run_until(lane, lambda: at.batch.online)

    lane.prioritise(1)
    await run_until(lane, lambda: lane.schedule.wait(time.monotonic()) > 30)

    assert len(at.client.asked) == 1


async def test_a_lane_is_paced_and_spreads_its_calls():
    at = poll_context(
        Vendor({"get_room_stats": RoomStatistics()}), *(known(pk) for pk in range(500))
    )
    lane = lane_of(Statistics, at, ignore, rest_interval=0.0)
    began = time.monotonic()

    await run_until(lane, lambda: len(at.client.asked) >= 60)

    # 100 a second: 60 calls cannot have been made in less than half a second.
    assert time.monotonic() - began > 0.4


async def test_a_lane_survives_whatever_an_answer_does():
    def broken(body):
        if body["RoomId"] == "room-1":
            raise ZeroDivisionError
        return RoomStatistics(total_gift_coins=1)

    at = poll_context(Vendor({"get_room_stats": broken}), known(1), known(2))

    await run_until(lane_of(Statistics, at, ignore), lambda: at.batch.statistics)

    assert list(at.batch.statistics) == [2]


async def test_a_loop_ends_even_when_its_step_swallows_the_cancellation():
    async def step():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(60)

    loop = asyncio.create_task(survive("test", step))
    await asyncio.sleep(0)
    loop.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(loop, 5)


async def test_whoever_is_fenced_out_stops_at_once():
    async def step():
        raise Fenced("leader 7 writes now, this was 6")

    with pytest.raises(Fenced):
        await asyncio.wait_for(survive("test", step), 5)


async def test_a_removed_room_is_not_asked_for():
    at = poll_context(Vendor({"get_room_stats": RoomStatistics()}), known(1), known(2))
    lane = lane_of(Statistics, at, ignore)
    at.registry.drop(1)

    await run_until(lane, lambda: at.batch.statistics)

    assert at.client.bodies("get_room_stats") == [{"RoomId": "room-2"}]


async def test_the_statistics_lane_takes_turns_under_the_name_that_works():
    at = poll_context(Vendor({}, statistics_command="get_room_statistic"))

    assert Statistics(at, plan(), ignore).command == "get_room_statistic"
    assert "get_room_statistic" in budget_of(at)


# --- The listing ----------------------------------------------------------------------------------


def pages(*rooms_of_pages):
    """A listing of these pages; the cursor is the number of the page."""

    def answer(body):
        number = int(body["Next"] or 0)
        rooms = rooms_of_pages[number]
        if isinstance(rooms, Exception):
            raise rooms
        last = number + 1 == len(rooms_of_pages)
        return RoomPage(
            tuple(RoomInfo(name, 1000, view_count=5) for name in rooms),
            "" if last else str(number + 1),
        )

    return answer


def sweep_of(at, confirm=ignore):
    return ListingPoller(at, 0.0, confirm)


async def test_a_sweep_reads_every_page_and_each_room_once():
    at = poll_context(Vendor({"get_room_list": pages(["room-1", "room-2"], ["room-2", "room-3"])}))
    sweep = sweep_of(at)

    await run_until(sweep, lambda: sweep.done)

    assert sorted(at.batch.infos) == ["room-1", "room-2", "room-3"]
    assert sweep.reports_online is False


async def test_a_room_that_a_sweep_has_not_listed_is_confirmed_not_ended():
    confirmed = []
    at = poll_context(Vendor({"get_room_list": pages(["room-1"])}), known(1), known(2))
    sweep = sweep_of(at, confirmed.append)

    await sweep.step()

    assert confirmed == [2]
    assert not at.batch.gone


async def test_a_listing_that_a_room_has_left_is_walked_once_more():
    at = poll_context(
        Vendor({"get_room_list": pages(["room-1", "room-2"], ["room-3"])}),
        known(1),
        known(2),
        known(3),
    )
    confirmed = []
    sweep = sweep_of(at, confirmed.append)
    await sweep.step()
    assert sweep.done == 1

    # room-1 leaves after the first page was read, and room-3 moves up to it, where nobody looks any
    # more.
    shaken = iter([["room-1", "room-2"], [], ["room-2", "room-3"], []])
    cursor = {"": "1", "1": ""}

    def moving(body):
        if body["Next"] == "1":
            at.registry.drop(1)
        return RoomPage(tuple(RoomInfo(name, 1000) for name in next(shaken)), cursor[body["Next"]])

    at.client.answers["get_room_list"] = moving
    await sweep.step()

    assert sweep.done == 3
    assert confirmed == [3], "missed by the first walk, not by the second"


async def test_a_lost_page_is_asked_for_again():
    failures = iter([refusal(60008, "get_room_list")])
    listing = pages(["room-1"], ["room-2"])

    def flaky(body):
        if body["Next"] == "1" and (error := next(failures, None)):
            raise error
        return listing(body)

    at = poll_context(Vendor({"get_room_list": flaky}), known(1), known(2))
    sweep = sweep_of(at)

    await run_until(sweep, lambda: sweep.done)

    assert sorted(at.batch.infos) == ["room-1", "room-2"]


async def test_a_sweep_that_breaks_off_confirms_nobody():
    broken = pages(["room-1"], LiveApiError("no", kind="vendor", code=70009))
    at = poll_context(Vendor({"get_room_list": broken}), known(1), known(2))
    sweep = sweep_of(at, ignore)

    for _ in range(3):
        with pytest.raises(LiveApiError):
            await sweep.step()


async def test_a_listing_that_goes_round_in_circles_ends():
    def circle(body):
        return RoomPage((RoomInfo("room-1", 1000),), "again")

    at = poll_context(Vendor({"get_room_list": circle}), known(2))
    sweep = sweep_of(at, ignore)

    await sweep.step()

    assert sweep.done == 0


async def test_an_empty_listing_says_nothing_of_people_online():
    at = poll_context(Vendor({"get_room_list": pages([])}))
    sweep = sweep_of(at)

    await sweep.step()

    assert (sweep.done, sweep.reports_online) == (1, None)


# --- Rooms said to be over ------------------------------------------------------------------------


async def test_the_last_totals_that_were_told_come_with_the_end():
    hurried = []
    at = poll_context(Vendor({"get_room_info": gone("get_room_info")}), known(1))
    at.hurry = lambda: hurried.append(1)
    at.final_statistics[1] = RoomStatistics(total_gift_coins=70), time.monotonic()
    info = lane_of(Info, at)
    info.prioritise(1)

    await run_until(info, lambda: hurried)

    assert list(at.batch.gone) == [1]
    assert at.batch.statistics[1][0].total_gift_coins == 70
    assert at.final_statistics == {}


async def test_last_totals_of_a_room_that_lives_are_a_lie():
    at = poll_context(Vendor({"get_room_info": RoomInfo("room-1", 1000)}), known(1))
    at.final_statistics[1] = RoomStatistics(total_gift_coins=10**9), time.monotonic()
    info = lane_of(Info, at)
    info.prioritise(1)

    await run_until(info, lambda: at.batch.infos)

    assert at.final_statistics == {}
    assert not at.batch.statistics


async def test_an_answer_from_before_the_end_does_not_contradict_it():
    final = RoomStatistics(total_gift_coins=70)
    at = poll_context(Vendor(), known(1))

    def answers_late(body):
        at.final_statistics[1] = final, time.monotonic()
        return RoomInfo("room-1", 1000)

    at.client.answers["get_room_info"] = answers_late
    info = lane_of(Info, at)
    info.prioritise(1)

    await run_until(info, lambda: at.batch.infos)

    assert at.final_statistics[1][0] == final


# --- Names ----------------------------------------------------------------------------------------


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr("rooms.collector.host_profiles.GATHER_SECONDS", 0.01)


def names_of(at):
    lane = ProfilePoller(at)
    at.registry.listen(lane.added, lane.removed)
    for room in at.registry.rooms.values():
        lane.added(room)
    return lane


async def test_hosts_are_asked_for_a_hundred_at_a_time(hurried):
    def profiles(body):
        return tuple(Profile(account, account.upper(), "") for account in body["To_Account"])

    at = poll_context(
        Vendor({"portrait_get": profiles}), *(known(pk, f"host-{pk}") for pk in range(250))
    )

    await run_until(names_of(at), lambda: len(at.batch.names) == 250)

    assert [len(body["To_Account"]) for body in at.client.bodies("portrait_get")] == [100, 100, 50]
    assert at.batch.names[7] == ("HOST-7", "")


async def test_answers_in_another_letter_case_are_understood(hurried):
    at = poll_context(
        Vendor({"portrait_get": (Profile("HOST", "Nick", ""),)}), known(1, "Host"), known(2, "Host")
    )

    await run_until(names_of(at), lambda: at.batch.names)

    assert set(at.batch.names) == {1, 2}


async def test_hosts_whom_the_listing_names_cost_no_call(hurried):
    at = poll_context(
        Vendor({"portrait_get": ()}), known(1, "named", name="Nick"), known(2, "nameless")
    )

    await run_until(names_of(at), lambda: at.client.asked)

    assert at.client.bodies("portrait_get")[0]["To_Account"] == ["nameless"]


async def test_one_account_that_is_refused_does_not_keep_the_others_nameless(hurried):
    def picky(body):
        if "host-5" in body["To_Account"]:
            raise LiveApiError("no such account", kind="vendor", code=70107)
        return tuple(Profile(account, "Nick", "") for account in body["To_Account"])

    at = poll_context(
        Vendor({"portrait_get": picky}), *(known(pk, f"host-{pk}") for pk in range(8))
    )

    await run_until(names_of(at), lambda: len(at.batch.names) == 7, seconds=30)

    assert 5 not in at.batch.names
