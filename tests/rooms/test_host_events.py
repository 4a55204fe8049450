"""What webhooks and readings tell of hosts and rooms: stored, pushed, and told to others."""

import orjson
import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liveapi.messages import RoomInfo, Seat
from liveapi.webhook_events import (
    AdminsChanged,
    Ignored,
    MembersChanged,
    MetadataChanged,
    OwnerChanged,
    RoomUpdated,
    SeatsChanged,
)
from rooms import signals
from rooms.ingest import fencing, host_events, host_state
from rooms.ingest.host_events import SeatsRead
from rooms.ingest.host_state import Named
from rooms.models import RoomEvent
from tests.support.factories import make_room

pytestmark = pytest.mark.django_db
NOW = 2_000_000_000
ENTER, LEAVE, LOST, BACK = "Enter", "Leave", "HeartbeatInterrupt", "HeartbeatRecover"


@pytest.fixture
def room(hot):
    return make("room-1")


def make(room_id, **fields):
    told = {"create_time": NOW - 1000, "owner_account": "anna", "name": ""}
    return make_room(room_id, **told | fields)


def members(*accounts, cause=ENTER, at=NOW):
    return MembersChanged("room-1", at * 1000, accounts, cause in {ENTER, BACK}, cause)


def seats(*accounts):
    return tuple(Seat(index, account, None, None, None) for index, account in enumerate(accounts))


def taken(room, *events, fence, now=NOW + 100):
    told = host_events.apply_events(
        [(room.pk, event) for event in events], fence=fence, now_ms=now * 1000
    )
    room.refresh_from_db()
    return told


def stored(room, *, on=(), members=None, at=NOW, fence):
    told = host_events.apply_readings(
        {room.pk: SeatsRead(seats(*on), (), members, at)}, fence=fence
    )
    room.refresh_from_db()
    return told


def heard_of(signal):
    found = []

    def receiver(sender, **values):
        values.pop("signal")
        found.append(values)

    signal.connect(receiver, weak=False)
    return found, lambda: signal.disconnect(receiver)


def kinds():
    return list(RoomEvent.objects.order_by("at_ms", "pk").values_list("kind", flat=True))


def test_a_host_s_way_through_a_broadcast_is_kept(room, fence):
    steps = [(ENTER, 0, "inside"), (LOST, 1, "lost"), (BACK, 2, "inside"), (LEAVE, 3, "away")]
    for cause, later, state in steps:
        told = taken(room, members("anna", cause=cause, at=NOW + later), fence=fence)
        assert (room.host_state, room.host_state_at, room.host_state_source) == (
            state,
            NOW + later,
            "event",
        )
        assert (told.ask, told.moved) == ({room.pk}, {room.pk})
    assert room.host_read_at is None, "an event is no reading"
    assert kinds() == ["host"] * 4


def test_the_seat_is_believed_when_rest_has_told_of_it(room, fence):
    taken(room, SeatsChanged("room-1", NOW * 1000, seats("anna", "guest")), fence=fence)
    assert (room.host_state, room.host_started_at) == ("seated", None)

    stored(room, on=["anna", "guest"], at=NOW + 1, fence=fence)
    assert (room.host_state, room.host_state_at, room.host_state_source) == ("seated", NOW, "seats")
    assert (room.host_read_at, room.host_started_at) == (NOW + 1, NOW + 1)


def test_an_event_that_lies_is_corrected_by_the_reading_that_it_asks_for(room, fence):
    stored(room, on=["anna"], at=NOW - 10, fence=fence)
    assert taken(room, members("anna", cause=LEAVE), fence=fence).ask == {room.pk}
    assert room.host_state == "away"

    told = stored(room, on=["anna"], at=NOW + 1, fence=fence)
    assert (room.host_state, told.moved) == ("seated", {room.pk})


def test_an_event_without_the_host_s_seat_only_asks(room, fence):
    stored(room, on=["anna"], at=NOW - 10, fence=fence)
    told = taken(room, SeatsChanged("room-1", NOW * 1000, seats("", "guest")), fence=fence)
    assert (room.host_state, told.ask, told.moved) == ("seated", {room.pk}, set())


def test_the_robot_of_obs_asks_and_an_audience_does_not(room, fence):
    assert taken(room, members("live_obs_anna"), fence=fence).ask == {room.pk}
    assert taken(room, members("ben", "carl"), fence=fence).ask == set()


def test_who_enters_is_told_without_the_host(room, fence):
    found, disconnect = heard_of(signals.members_entered)
    told = taken(
        room, members("anna", "ben"), members("carl"), members("dora", cause=LEAVE), fence=fence
    )
    told.send()
    disconnect()
    assert [at["entered"] for at in found] == [[(room, frozenset({"ben", "carl"}))]]


def test_another_state_of_the_host_is_told_and_pushed_once(room, fence, hot):
    found, disconnect = heard_of(signals.host_changed)
    pubsub = hot.pubsub()
    pubsub.subscribe("lw:push")
    pubsub.get_message(timeout=1)
    stored(room, on=["anna"], fence=fence).send()
    stored(room, on=["anna"], at=NOW + 3, fence=fence).send()
    disconnect()
    assert [at["room"].host_state for at in found] == ["seated"]
    assert orjson.loads(pubsub.get_message(timeout=1)["data"]) == {"k": "host", "room": room.pk}
    assert pubsub.get_message(timeout=0.05) is None


def test_a_lost_heartbeat_is_seen_without_webhooks(room, fence):
    stored(room, on=["anna"], members=Named(True, True, False, NOW), fence=fence)
    stored(room, on=["anna"], members=Named(False, True, True, NOW + 45), at=NOW + 45, fence=fence)
    assert (room.host_state, room.host_state_source) == (host_state.LOST, "members")


def test_events_are_kept_once_however_often_they_are_told(room, fence):
    events = [
        OwnerChanged("room-1", NOW * 1000, "ben", "anna", "administrator"),
        AdminsChanged("room-1", NOW * 1000 + 1, ("ben",), True, "administrator"),
        MetadataChanged("room-1", NOW * 1000 + 2, {"key": "v" * 500}, ("old",), "anna"),
        RoomUpdated("room-1", NOW * 1000 + 3, RoomInfo("room-1"), ("RoomName",), "anna"),
        SeatsChanged("room-1", NOW * 1000 + 4, seats("", "guest")),
    ]
    for _again in range(2):
        taken(room, *events, fence=fence)
    assert kinds() == ["owner", "admins", "metadata", "info", "seats"]
    details = dict(RoomEvent.objects.values_list("kind", "detail"))
    assert details["admins"] == {"accounts": ["ben"], "added": True, "by": "administrator"}
    assert details["metadata"] == {"set": {"key": "v" * 200}, "deleted": ["old"], "by": "anna"}
    assert details["seats"] == {"seats": {"1": "guest"}}


def test_events_of_an_earlier_broadcast_and_of_ended_ones_are_passed_over(room, fence):
    taken(room, members("anna", at=NOW - 2000), fence=fence)
    assert room.host_state == ""
    room.ended_at = timezone.now()
    room.save()
    assert taken(room, members("anna"), fence=fence).moved == set()
    assert kinds() == []


def test_a_clock_that_runs_ahead_does_not_make_later_events_old(room, fence):
    taken(room, members("anna", at=NOW + 5000), fence=fence)
    assert room.host_state_at == NOW + 100
    taken(room, members("anna", cause=LEAVE, at=NOW + 101), fence=fence, now=NOW + 102)
    assert room.host_state == "away"


def test_a_flood_in_one_room_is_bounded(room, fence):
    many = [SeatsChanged("room-1", NOW * 1000 + n, seats("", f"guest-{n}")) for n in range(200)]
    crowd = [members(*(f"viewer-{n}" for n in range(start, start + 900))) for start in (0, 900)]
    told = taken(room, *many, *crowd, fence=fence)
    assert len(kinds()) == host_events.MAX_OF_A_ROOM
    assert len(told.entered[room.pk]) == host_events.MAX_ENTERED


def test_an_older_leader_writes_nothing(room, fence):
    fencing.raise_fence("another")
    with pytest.raises(fencing.Fenced):
        taken(room, members("anna"), fence=fence)


texts = st.text(max_size=20) | st.sampled_from(["anna", "live_obs_anna", "bad \x00 \ud800"])
odd_events = st.one_of(
    st.builds(
        MembersChanged, texts, st.integers(0, 2**62), st.tuples(texts, texts), st.booleans(), texts
    ),
    st.builds(OwnerChanged, texts, st.integers(0, 2**62), texts, texts, texts),
    st.builds(AdminsChanged, texts, st.integers(0, 2**62), st.tuples(texts), st.booleans(), texts),
    st.builds(
        MetadataChanged,
        texts,
        st.integers(0, 2**62),
        st.dictionaries(texts, texts, max_size=3),
        st.tuples(texts),
        texts,
    ),
    st.builds(Ignored, texts, st.integers(0, 2**62), texts),
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(odd_events, max_size=4))
def test_nothing_that_is_told_breaks_the_storing(room, fence, events):
    told = host_events.apply_events(
        [(room.pk, event) for event in events], fence=fence, now_ms=NOW * 1000
    )
    assert told.ask <= {room.pk}
