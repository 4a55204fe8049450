"""From answers to rows, in a real database: what opens, what ends, what is told, and what is
refused.
"""

from datetime import UTC, datetime

import pytest
from django.db import DataError, OperationalError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liveapi.messages import RoomStatistics
from rooms.ingest import fencing, notify, room_writer
from rooms.ingest.readings import Batch, OnlineReading
from rooms.ingest.room_writer import Fenced
from rooms.models import Room
from rooms.signals import room_ended, room_opened
from tests.rooms.conftest import listed, room

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def stored(fence):
    """A stored live room."""
    room_writer.store(listed(room()), fence=fence)
    return Room.objects.get()


@pytest.fixture
def heard():
    """Signals as they are heard: (name, RoomId)."""
    found = []

    def opened(room, **_):
        found.append(("opened", room.room_id))

    def ended(room, **_):
        found.append(("ended", room.room_id))

    room_opened.connect(opened)
    room_ended.connect(ended)
    yield found
    room_opened.disconnect(opened)
    room_ended.disconnect(ended)


def test_a_room_seen_for_the_first_time_is_stored_and_opened(fence):
    changes = room_writer.store(
        listed(room(online_count=5, online_field="OnlineCount")), fence=fence
    )

    found = Room.objects.get()
    assert (found.room_id, found.name, found.online, found.is_live) == ("room-1", "A room", 5, True)
    assert changes.opened == [found.pk]
    assert changes.full[found.pk]["o"] == 5
    assert changes.known[found.pk].room_id == "room-1"


def test_a_room_seen_again_is_not_opened_again(fence, stored):
    changes = room_writer.store(listed(room(), at=2001), fence=fence)

    assert changes.opened == []
    assert changes.changed == {}
    assert Room.objects.count() == 1


def test_only_what_differs_is_told(fence, stored):
    changes = room_writer.store(
        Batch(statistics={stored.pk: (RoomStatistics(total_gift_coins=50), 2005)}), fence=fence
    )

    assert changes.changed == {stored.pk: {"r": 50, "ra": 2005}}
    assert changes.totals == {stored.pk: (2005, 50, None, None)}
    stored.refresh_from_db()
    assert (stored.reward, stored.statistics_at) == (50, 2005)


def test_a_count_of_members_is_stored_with_its_source(fence, stored):
    changes = room_writer.store(
        Batch(online={stored.pk: OnlineReading(9, "members", 2005)}), fence=fence
    )

    assert changes.changed == {stored.pk: {"o": 9, "os": "members", "oa": 2005}}
    assert changes.online == {stored.pk: (2005, 9)}


def test_facts_and_the_time_they_changed_are_stored(fence, stored):
    room_writer.store(listed(room(room_name="Another name"), at=2001), fence=fence)

    again = Room.objects.get()
    assert again.name == "Another name"
    assert again.facts_changed_at > stored.facts_changed_at


def test_figures_do_not_count_as_changed_facts(fence, stored):
    room_writer.store(listed(room(view_count=77), at=2001), fence=fence)

    again = Room.objects.get()
    assert again.views == 77
    assert again.facts_changed_at == stored.facts_changed_at


def test_a_name_that_is_known_is_no_change(fence, stored):
    nick = Batch(names={stored.pk: ("Nick", "https://a/b.png")})
    room_writer.store(nick, fence=fence)
    before = Room.objects.get().facts_changed_at

    assert not room_writer.store(nick, fence=fence).changed
    assert Room.objects.get().facts_changed_at == before
    room_writer.store(Batch(names={stored.pk: ("Nick", "https://a/c.png")}), fence=fence)
    assert Room.objects.get().owner_avatar == "https://a/c.png"


def test_names_of_hosts_are_stored_and_told(fence, stored):
    changes = room_writer.store(Batch(names={stored.pk: ("Nick", "https://a/b.png")}), fence=fence)

    assert changes.changed == {stored.pk: {"h": "Nick"}}
    assert Room.objects.get().owner_avatar == "https://a/b.png"


def test_only_the_vendors_word_ends_a_room(fence, stored):
    changes = room_writer.store(Batch(gone={stored.pk: 3000}), fence=fence)

    stored.refresh_from_db()
    assert stored.ended_at == datetime.fromtimestamp(3000, UTC)
    assert stored.end_cause == Room.EndCause.GONE
    assert changes.ended == [stored.pk]
    assert changes.changed[stored.pk]["e"] == 3000


def test_a_room_ends_once(fence, stored):
    room_writer.store(Batch(gone={stored.pk: 3000}), fence=fence)

    assert room_writer.store(Batch(gone={stored.pk: 3001}), fence=fence).ended == []


def test_the_same_room_id_opened_again_replaces_the_older_broadcast(fence, stored):
    changes = room_writer.store(listed(room(create_time=1500), at=2500), fence=fence)

    stored.refresh_from_db()
    newer = Room.objects.live().get()
    assert stored.end_cause == Room.EndCause.REPLACED
    assert newer.create_time == 1500
    assert (changes.ended, changes.opened) == ([stored.pk], [newer.pk])


def test_a_stale_page_with_an_older_broadcast_changes_nothing(fence, stored):
    changes = room_writer.store(
        listed(room(create_time=900, room_name="Old"), at=2500), fence=fence
    )

    assert Room.objects.get().name == "A room"
    assert not changes.opened and not changes.ended


@pytest.mark.parametrize("whole", [True, False])
def test_a_create_time_told_late_is_taken_and_ends_nothing(fence, whole):
    room_writer.store(listed(room(create_time=0), at=2000), fence=fence)

    changes = room_writer.store(
        listed(room(create_time=1500, view_count=7), at=2001, whole=whole), fence=fence
    )

    found = Room.objects.get()
    assert (found.create_time, found.create_time_told, found.views) == (1500, True, 7)
    assert not changes.opened and not changes.ended


def test_a_vendors_clock_ahead_of_ours_ends_nothing(fence):
    room_writer.store(listed(room(create_time=0), at=2000), fence=fence)

    room_writer.store(listed(room(create_time=5600), at=2001), fence=fence)

    assert Room.objects.get().create_time == 5600


def test_a_room_whose_create_time_is_never_told_goes_on(fence):
    for at in (2000, 2001, 2100):
        room_writer.store(listed(room(create_time=0, view_count=at), at=at), fence=fence)

    found = Room.objects.get()
    assert (found.create_time, found.views, found.is_live) == (2000, 2100, True)


def test_create_times_a_second_apart_are_the_same_broadcast(fence, stored):
    changes = room_writer.store(listed(room(create_time=1001, view_count=5), at=2001), fence=fence)
    room_writer.store(listed(room(create_time=1000, view_count=6), at=2002), fence=fence)

    assert Room.objects.get().views == 6
    assert not changes.opened and not changes.ended


def test_an_earlier_create_time_by_get_room_info_corrects_ours(fence, stored):
    room_writer.store(listed(room(create_time=400, view_count=5), at=2001, whole=True), fence=fence)

    found = Room.objects.get()
    assert (found.pk, found.create_time, found.views) == (stored.pk, 400, 5)


def test_a_late_answer_about_the_broadcast_before_changes_nothing(fence, stored):
    room_writer.store(listed(room(create_time=1500), at=2500), fence=fence)

    room_writer.store(
        listed(room(create_time=1000, view_count=5), at=2501, whole=True), fence=fence
    )

    newer = Room.objects.live().get()
    assert (newer.create_time, newer.views) == (1500, None)


def test_a_stale_page_does_not_bring_an_ended_room_back(fence, stored):
    room_writer.store(Batch(gone={stored.pk: 3000}), fence=fence)

    changes = room_writer.store(listed(room(), at=3001), fence=fence)

    assert changes.opened == []
    assert not Room.objects.live().exists()


def test_an_ended_room_takes_no_figures(fence, stored):
    room_writer.store(Batch(gone={stored.pk: 3000}), fence=fence)

    room_writer.store(
        Batch(statistics={stored.pk: (RoomStatistics(total_gift_coins=5), 3001)}), fence=fence
    )

    assert Room.objects.get().reward is None


def test_an_older_leader_writes_nothing(fence):
    fencing.raise_fence("the next")

    with pytest.raises(Fenced):
        room_writer.store(listed(room()), fence=fence)

    assert not Room.objects.exists()


def test_a_large_batch_is_stored_in_several_transactions(fence, django_assert_max_num_queries):
    batch = listed(*(room(f"room-{number}") for number in range(600)))

    changes = room_writer.store(batch, fence=fence)

    assert Room.objects.live().count() == 600
    assert len(changes.opened) == len(changes.known) == 600


def test_what_a_locked_database_cannot_take_is_handed_back(fence, stored, monkeypatch):
    def locked(*_):
        raise OperationalError("database is locked")

    batch = listed(*(room(f"other-{number}") for number in range(300)))
    batch.gone[stored.pk] = 3000
    with monkeypatch.context() as patch:
        patch.setattr(room_writer, "_store", locked)
        patch.setattr(room_writer.connection, "close", lambda: None)
        changes = room_writer.store(batch, fence=fence)
    assert changes.left == batch

    changes = room_writer.store(changes.left, fence=fence)

    assert changes.ended == [stored.pk]
    assert len(changes.opened) == 300
    assert not changes.left


def test_what_was_stored_before_the_lock_is_told(fence, monkeypatch):
    real, calls = room_writer._store, []

    def second_fails(*arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise OperationalError("database is locked")
        real(*arguments)

    monkeypatch.setattr(room_writer, "_store", second_fails)
    monkeypatch.setattr(room_writer.connection, "close", lambda: None)
    batch = listed(*(room(f"room-{number}") for number in range(room_writer.CHUNK + 10)))

    changes = room_writer.store(batch, fence=fence)

    assert len(changes.opened) == room_writer.CHUNK
    assert len(changes.left.infos) == 10


def test_one_room_that_the_database_refuses_costs_that_room_only(fence, monkeypatch):
    real = room_writer._insert

    def picky(work):
        if any(row["room_id"] == "room-7" for row in work.new):
            raise DataError("no such character")
        real(work)

    monkeypatch.setattr(room_writer, "_insert", picky)

    changes = room_writer.store(
        listed(*(room(f"room-{number}") for number in range(20))), fence=fence
    )

    assert len(changes.opened) == 19
    assert not Room.objects.filter(room_id="room-7").exists()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(alphabet=st.characters(codec=None), max_size=600),
    number=st.one_of(st.none(), st.integers(0, 2**80)),
)
def test_whatever_the_vendor_says_is_stored_or_left_out(fence, text, number):
    told = room(room_name=text, owner_name=text, notice=text, cover_url=text, view_count=number)

    changes = room_writer.store(listed(told, whole=True), fence=fence)

    found = Room.objects.get()
    assert len(found.name) <= 255
    assert not changes.left
    Room.objects.all().delete()


def test_signals_are_sent_for_what_opened_and_ended(hot, fence, heard):
    notify.tell(room_writer.store(listed(room()), fence=fence))
    notify.tell(room_writer.store(listed(room(create_time=1500), at=2500), fence=fence))

    assert heard == [("opened", "room-1"), ("ended", "room-1"), ("opened", "room-1")]


def test_a_receiver_that_fails_does_not_silence_the_others(hot, fence, heard, caplog):
    def broken(**_):
        raise ValueError("on purpose")

    room_opened.connect(broken)
    try:
        notify.tell(room_writer.store(listed(room()), fence=fence))
    finally:
        room_opened.disconnect(broken)

    assert heard == [("opened", "room-1")]
    assert "failed on a fact" in caplog.text


def test_ending_a_room_tells_everybody_once(hot, stored, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert room_writer.end_room(stored, cause=Room.EndCause.ACT, at=NOW)
        assert not room_writer.end_room(stored, cause=Room.EndCause.ACT, at=NOW)

    stored.refresh_from_db()
    assert (stored.ended_at, stored.end_cause) == (NOW, "act")
    assert heard == [("ended", "room-1")]
    assert hot.get("lw:changes") == b"1"


def test_a_room_found_by_its_id_is_stored(hot, db):
    found = room_writer.upsert_room(room(is_public_visible=False), at=2000)

    assert found is not None
    assert found.is_public_visible is False
    assert room_writer.upsert_room(room(room_name="Renamed"), at=2001).pk == found.pk


def test_a_room_known_as_ended_is_not_stored_again(hot, fence, stored):
    room_writer.store(Batch(gone={stored.pk: 3000}), fence=fence)

    assert room_writer.upsert_room(room(), at=3001) is None


def test_a_room_that_is_over_keeps_its_last_totals(stored, fence):
    room_writer.store(
        Batch(
            statistics={stored.pk: (RoomStatistics(total_gift_coins=50, total_gifts_sent=4), 2100)}
        ),
        fence=fence,
    )
    last = RoomStatistics(total_gift_coins=70, total_gifts_sent=3)

    changes = room_writer.store(
        Batch(gone={stored.pk: 2200}, statistics={stored.pk: (last, 2200)}), fence=fence
    )

    stored.refresh_from_db()
    assert (stored.end_cause, stored.reward, stored.gifts) == ("gone", 70, 4)
    assert changes.full[stored.pk]["r"] == 70
    assert changes.totals[stored.pk][:2] == (2200, 70)


def test_totals_of_a_successor_are_not_taken_for_those_of_the_broadcast_before(stored, fence):
    batch = listed(room(create_time=5000), whole=True)
    batch.statistics[stored.pk] = RoomStatistics(total_gift_coins=1), 2200

    room_writer.store(batch, fence=fence)

    stored.refresh_from_db()
    assert (stored.end_cause, stored.reward) == ("replaced", None)
