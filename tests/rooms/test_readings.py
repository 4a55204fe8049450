"""From what was told to rows: nothing told changes nothing, and a batch keeps the latest."""

import json

from hypothesis import given
from hypothesis import strategies as st

from liveapi.messages import RoomStatistics
from rooms.broadcasts import is_later_broadcast, is_same_broadcast
from rooms.ingest.readings import (
    Batch,
    InfoReading,
    OnlineReading,
    clean,
    is_older,
    new_row,
    state,
    take_info,
    take_online,
    take_statistics,
)
from tests.rooms.conftest import listed, room


def row(**fields):
    return new_row(InfoReading(room(**fields), 2000, whole=False))


def test_a_listed_room_is_public():
    assert row()["is_public_visible"] is True


def test_what_is_not_told_stays():
    kept = row(cover_url="https://a/b.png", categories=(1, 2), max_member_count=50)

    changed = take_info(kept, InfoReading(room(), 2001, whole=False))

    assert not changed
    assert kept["cover_url"] == "https://a/b.png"
    assert kept["categories"] == [1, 2]
    assert kept["max_member_count"] == 50


def test_get_room_info_can_empty_what_a_host_can_empty():
    kept = row(notice="hello", cover_url="https://a/b.png", owner_name="Nick")

    assert take_info(kept, InfoReading(room(), 2001, whole=True))

    assert (kept["notice"], kept["cover_url"], kept["owner_name"]) == ("", "", "Nick")


def test_a_room_without_create_time_takes_the_moment_it_was_seen():
    made = row(create_time=0)

    assert (made["create_time"], made["create_time_told"]) == (2000, False)
    assert row()["create_time_told"] is True


def test_create_times_a_moment_apart_or_not_told_are_one_broadcast():
    assert (
        is_same_broadcast(1000, 1002) and is_same_broadcast(0, 1000) and is_same_broadcast(1000, 0)
    )
    assert not is_same_broadcast(1000, 1003)


def test_only_a_told_create_time_makes_the_next_one_a_later_broadcast():
    assert is_later_broadcast(1003, 1000, row_told=True)
    assert not is_later_broadcast(1002, 1000, row_told=True)
    assert not is_later_broadcast(0, 1000, row_told=True)
    assert not is_later_broadcast(900, 1000, row_told=True)
    assert not is_later_broadcast(5000, 1000, row_told=False)


def test_a_reading_from_a_clock_that_ran_ahead_does_not_silence_the_next_leader():
    kept = row()
    take_online(kept, OnlineReading(9, "members", 9000))
    take_statistics(kept, RoomStatistics(total_gift_coins=1), 9000)

    take_online(kept, OnlineReading(4, "members", 2005))
    take_statistics(kept, RoomStatistics(total_gift_coins=2), 2005)

    assert (kept["online"], kept["online_at"]) == (4, 2005)
    assert (kept["reward"], kept["statistics_at"]) == (2, 2005)


def test_view_count_is_never_taken_for_people_online():
    kept = row(view_count=9000)

    assert kept["views"] == 9000
    assert kept["online"] is None


def test_an_online_count_carries_its_source_and_time():
    kept = row(online_count=7, online_field="MemberCount")

    assert (kept["online"], kept["online_source"], kept["online_at"]) == (7, "MemberCount", 2000)


def test_an_older_online_count_does_not_replace_a_newer_one():
    kept = row(online_count=7, online_field="OnlineCount")

    take_online(kept, OnlineReading(3, "members", 1990))

    assert kept["online"] == 7


def test_totals_that_are_not_told_stay():
    kept = row()
    take_statistics(kept, RoomStatistics(total_gift_coins=100, total_likes_received=5), 2001)

    take_statistics(kept, RoomStatistics(total_gift_coins=120), 2002)

    assert (kept["reward"], kept["likes"], kept["statistics_at"]) == (120, 5, 2002)


def test_the_last_totals_of_a_broadcast_never_fall():
    kept = row()
    take_statistics(
        kept, RoomStatistics(total_gift_coins=100, total_viewers=7, total_msg_count=3), 2001
    )

    take_statistics(
        kept,
        RoomStatistics(total_gift_coins=90, total_viewers=9, total_gifts_sent=2),
        2002,
        over=True,
    )

    assert (kept["reward"], kept["views"], kept["gifts"], kept["messages"]) == (100, 9, 2, 3)


def test_an_older_answer_does_not_replace_newer_totals():
    kept = row()
    take_statistics(kept, RoomStatistics(total_gift_coins=100), 2005)

    take_statistics(kept, RoomStatistics(total_gift_coins=90), 2001)

    assert kept["reward"] == 100


def test_a_state_calls_a_host_by_nick_else_by_account():
    assert state(row())["h"] == "host-1"
    assert state(row(owner_name="Nick"))["h"] == "Nick"


def test_a_state_is_json():
    assert json.loads(json.dumps(state(row(online_count=1, online_field="OnlineCount"))))["o"] == 1


def test_the_listing_does_not_replace_what_get_room_info_said_in_the_same_tick():
    batch = listed(room(notice="whole"), whole=True)

    batch.merge(listed(room(), at=2001))

    assert batch.infos["room-1"].whole


def test_a_newer_broadcast_in_the_listing_does():
    batch = listed(room(), whole=True)

    batch.merge(listed(room(create_time=1500), at=2001))

    assert batch.infos["room-1"].info.create_time == 1500


def test_a_merged_batch_never_loses_an_ending():
    batch = Batch(gone={1: 2000})

    batch.merge(Batch(gone={1: 2005, 2: 2006}))

    assert batch.gone == {1: 2000, 2: 2006}


@given(st.text(alphabet=st.characters(codec=None), max_size=300), st.integers(1, 255))
def test_clean_text_always_fits_and_can_be_stored(text, most):
    found = clean(text, most)

    assert len(found) <= most
    assert "\x00" not in found
    assert found.encode("utf-8").decode("utf-8") == found


def test_a_reading_is_older_by_a_second_and_by_a_minute_at_most():
    assert [is_older(1000, stored) for stored in (None, 1000, 1001, 1060, 1061)] == [
        False,
        False,
        True,
        True,
        False,
    ]
