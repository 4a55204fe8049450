"""Alerts about pictures, and the last pictures of what was ended or banned (moderation.pictures)."""

import datetime as dt
import random

import pytest
from django.conf import settings as configured
from django.urls import reverse
from django.utils import timezone

from moderation.alerts import alerts
from moderation.models import Action, Alert, Ban, KeptStill, RoomRisk
from moderation.pictures import comparison, kept, receivers, troubles
from moderation.pictures.comparison import Comparison, Kept, nearest, says_something
from moderation.pictures.presentation import pictures_of
from rooms.infra import database_time
from rooms.live import health
from rooms.models import Room, Still
from rooms.pictures import stills
from rooms.pictures.judgement import Sight
from rooms.retention import prune
from tests.support.factories import log_in, make_room

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff a picture"
HASH = random.Random(4).getrandbits(128)
LIGHTS = bytes(range(20, 164))  # with something in it


@pytest.fixture(autouse=True)
def in_redis(monkeypatch: pytest.MonkeyPatch) -> dict[int, bytes]:
    """The newest still of each room, in place of Redis."""
    jpegs: dict[int, bytes] = {}
    monkeypatch.setattr(stills, "jpeg", jpegs.get)
    return jpegs


@pytest.fixture(autouse=True)
def vendor_answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    told = {"ok": True, "known": True}
    monkeypatch.setattr(health, "read", lambda: told)
    return told


def seen(state="fine", hashed=HASH, lights=LIGHTS, **fields) -> Sight:
    at = database_time.unix()
    known = {"since": at - 90, "taken_at": at, "hash": hashed, "hashes": [hashed]}
    return Sight(state=state, lights=lights, **(known | fields))


def shown(room: Room, sight: Sight, in_redis: dict[int, bytes]) -> dict[int, Sight]:
    """A room whose row and picture are stored."""
    stills.store_rows({room.pk: sight})
    in_redis[room.pk] = JPEG
    return {room.pk: sight}


def end(room: Room, policy, by: str = "noor", status: str = "done") -> None:
    now = timezone.now()
    Action.objects.create(
        verb="end", room=room, policy=policy, by_name=by, status=status, due_at=now, give_up_at=now
    )
    Room.objects.filter(pk=room.pk).update(ended_at=now, end_cause="act")
    room.refresh_from_db()


# --- Troubles -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "title"),
    [("black", "Black picture"), ("frozen", "Frozen picture"), ("missing", "No picture")],
)
def test_a_confirmed_trouble_is_an_alert_once(room, state, title):
    sight = seen(state, error="http-404" if state == "missing" else "")

    assert troubles.raise_for({room.pk: sight}) == 1
    assert troubles.raise_for({room.pk: sight}) == 0

    alert = Alert.objects.get()
    assert (alert.source, alert.headline, alert.count) == (f"system:picture-{state}", title, 1)
    assert alert.evidence["since"] == int(sight.since)
    assert alert.severity == 1


@pytest.mark.parametrize("state", ["", "fine"])
def test_nothing_else_is(room, state):
    assert troubles.raise_for({room.pk: seen(state)}) == 0


def test_who_has_closed_it_is_left_alone_for_a_while(room, people, clock):
    troubles.raise_for({room.pk: seen("black")})
    alerts.close(by=people["moderator"], alert=Alert.objects.get(), outcome="dismissed")

    clock.shift(dt.timedelta(minutes=29))
    assert troubles.raise_for({room.pk: seen("black")}) == 0
    clock.shift(dt.timedelta(minutes=2))
    assert troubles.raise_for({room.pk: seen("black")}) == 1


@pytest.mark.parametrize(("state", "count"), [("missing", 0), ("black", 1)])
def test_no_picture_is_missed_of_a_host_who_is_gone(room, state, count):
    Room.objects.filter(pk=room.pk).update(host_state=Room.HostState.LOST)
    assert troubles.raise_for({room.pk: seen(state)}) == count


def test_no_picture_is_missed_while_the_vendor_is_away(room, vendor_answers):
    vendor_answers["ok"] = False
    assert troubles.raise_for({room.pk: seen("missing")}) == 0


def test_an_ended_room_raises_nothing(room):
    Room.objects.filter(pk=room.pk).update(ended_at=timezone.now())
    assert troubles.raise_for({room.pk: seen("black")}) == 0


def test_a_flood_is_raised_in_parts():
    rooms = [make_room(f"room-{n}") for n in range(troubles.MAX_AT_ONCE + 5)]
    sights = {room.pk: seen("black") for room in rooms}

    assert troubles.raise_for(sights) == troubles.MAX_AT_ONCE
    assert troubles.raise_for(sights) == 5


# --- What is kept ---------------------------------------------------------------------------------


def test_the_last_picture_of_an_ended_broadcast_is_kept_once(room, policy, in_redis):
    shown(room, seen(), in_redis)
    end(room, policy)

    assert (kept.keep_ended(), kept.keep_ended()) == (1, 0)

    row = KeptStill.objects.get()
    assert (row.room, row.why, bytes(row.jpeg)) == (room, "ended", JPEG)
    assert row.account == room.owner_account
    assert [int(hashed, 16) for hashed in row.hashes] == [HASH]


@pytest.mark.parametrize(
    ("by", "status"),
    [("system:time-limit", "done"), ("system:host-gone", "done"), ("noor", "failed")],
)
def test_an_end_that_says_nothing_of_the_picture_keeps_none(room, policy, in_redis, by, status):
    shown(room, seen(), in_redis)
    end(room, policy, by=by, status=status)

    assert kept.keep_ended() == 0


def test_a_banned_hosts_last_picture_is_kept_however_it_ended(room, policy, in_redis):
    shown(room, seen(), in_redis)
    Ban.objects.create(account=room.owner_account, policy=policy, by_name="x")
    Room.objects.filter(pk=room.pk).update(ended_at=timezone.now(), end_cause="gone")

    kept.keep_ended()

    assert KeptStill.objects.get().why == "banned"


def test_who_is_banned_after_the_end_is_known_as_banned(room, policy, in_redis):
    shown(room, seen(), in_redis)
    end(room, policy)
    kept.keep_ended()
    Ban.objects.create(account=room.owner_account, policy=policy, by_name="x")

    kept.keep_ended()

    assert KeptStill.objects.get().why == "banned"


def test_a_picture_that_is_gone_is_not_kept(room, policy, in_redis):
    shown(room, seen(), in_redis)
    in_redis.clear()
    end(room, policy)

    assert kept.keep_ended() == 0


def test_only_the_newest_stay_and_nothing_is_kept_twice(policy, in_redis, monkeypatch, clock):
    monkeypatch.setattr(kept, "MAX_KEPT", 2)
    for n in range(4):
        room = make_room(f"room-{n}")
        shown(room, seen(), in_redis)
        end(room, policy)
        kept.keep_ended()
        clock.shift(dt.timedelta(minutes=20))
    kept.keep_ended()

    names = KeptStill.objects.order_by("pk").values_list("room__room_id", flat=True)
    assert list(names) == ["room-2", "room-3"]


def test_in_a_bad_hour_no_more_are_kept_than_twice_as_many(policy, in_redis, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 3)
    for n in range(5):
        room = make_room(f"room-{n}")
        shown(room, seen(), in_redis)
        end(room, policy)

    assert (kept.keep_ended(), kept.keep_ended()) == (3, 0)


def test_they_go_with_their_days(room, policy, in_redis, clock):
    shown(room, seen(), in_redis)
    end(room, policy)
    kept.keep_ended()

    clock.shift(dt.timedelta(days=configured.KEEP_STILL_DAYS + 1))
    prune()

    assert not KeptStill.objects.exists()
    assert Room.objects.filter(pk=room.pk).exists()


# --- The same picture -----------------------------------------------------------------------------


@pytest.fixture
def banned(policy, in_redis) -> Room:
    """A broadcast of a banned host whose last picture is kept."""
    room = make_room("bad-room")
    shown(room, seen(), in_redis)
    Ban.objects.create(account=room.owner_account, policy=policy, by_name="x")
    end(room, policy)
    kept.keep_ended()
    return room


def flipped(bits: int) -> int:
    return HASH ^ sum(1 << (3 * bit) for bit in range(bits))


def test_the_picture_of_a_banned_room_is_an_urgent_alert_with_both(room, banned, in_redis):
    looking = Comparison()
    sights = shown(room, seen(hashed=flipped(5)), in_redis)

    assert (looking.look(sights), looking.look(sights), looking.look(sights)) == (0, 1, 0)

    alert = Alert.objects.get(room=room)
    assert (alert.source, alert.severity) == ("system:picture-banned", 3)
    assert alert.headline == "Same picture as a banned room"
    assert "bad-room" in alert.told.words
    both = pictures_of(alert)
    assert both is not None
    assert (both.room, both.bits) == (banned.pk, 5)
    assert KeptStill.objects.get(pk=both.own).room == room
    assert KeptStill.objects.get(pk=both.other).room == banned


def test_of_an_ended_room_it_is_less_urgent(room, policy, in_redis):
    other = make_room("other")
    shown(other, seen(), in_redis)
    end(other, policy)
    kept.keep_ended()
    looking, sights = Comparison(), shown(room, seen(), in_redis)

    looking.look(sights)
    looking.look(sights)

    alert = Alert.objects.get(room=room)
    assert (alert.severity, alert.headline) == (2, "Same picture as an ended room")


@pytest.mark.parametrize(
    "sight",
    [
        seen(hashed=HASH ^ (2**128 - 1)),
        seen(hashed=flipped(9)),
        seen(lights=bytes(144)),
        seen(lights=bytes([200] * 144)),
        seen(error="timeout"),
    ],
    ids=["another", "too many bits", "black", "one colour", "none came"],
)
def test_another_picture_or_one_with_nothing_in_it_is_no_likeness(room, banned, in_redis, sight):
    looking, sights = Comparison(), shown(room, sight, in_redis)
    for _ in range(3):
        assert looking.look(sights) == 0


def test_once_alike_is_chance(room, banned, in_redis):
    looking = Comparison()
    for hashed in (HASH, HASH ^ (2**128 - 1), HASH):
        assert looking.look(shown(room, seen(hashed=hashed), in_redis)) == 0


def test_what_many_rooms_show_is_a_card_of_the_platform(banned, in_redis):
    rooms = [make_room(f"room-{n}") for n in range(comparison.MAX_ALIKE + 1)]
    looking, sights = Comparison(), {}
    for room in rooms:
        sights |= shown(room, seen(), in_redis)

    for _ in range(3):
        assert looking.look(sights) == 0


def test_a_closed_alert_about_it_is_not_raised_again(room, banned, in_redis, people):
    looking, sights = Comparison(), shown(room, seen(), in_redis)
    looking.look(sights)
    looking.look(sights)
    alerts.close(by=people["moderator"], alert=Alert.objects.get(), outcome="dismissed")

    assert looking.look(sights) == 0


def test_of_several_the_nearest_is_told():
    one = Kept(1, 1, "a", "", "ended", (flipped(6),), None)
    two = Kept(2, 2, "b", "", "ended", (flipped(20), flipped(2)), None)

    found = nearest(HASH, [one, two], 8)

    assert found is not None
    assert (found.kept, found.bits) == (two, 2)
    assert nearest(HASH, [one], 5) is None


@pytest.mark.parametrize(("hashed", "says"), [(0, False), (2**128 - 1, False), (HASH, True)])
def test_a_hash_of_nearly_one_kind_of_bits_says_nothing(hashed, says):
    assert says_something(hashed, LIGHTS) == says


# --- Around ---------------------------------------------------------------------------------------


def test_rooms_with_an_open_alert_get_pictures_oftener(room, people):
    other = make_room("other")
    for one in (room, other):
        troubles.raise_for({one.pk: seen("black")})
    alerts.close(by=people["moderator"], alert=Alert.objects.get(room=other), outcome="handled")

    assert receivers.urgent_rooms() == {room.pk}


def test_rooms_of_the_highest_risk_get_pictures_oftener(room, monkeypatch):
    monkeypatch.setattr(receivers, "MAX_RISKY", 1)
    for score, name in ((0, "calm"), (5, "some"), (30, "most")):
        RoomRisk.objects.create(room=make_room(name), score=score, at=database_time.now())

    assert receivers.urgent_rooms() == {Room.objects.get(room_id="most").pk}


def test_a_part_that_fails_leaves_the_other(room, banned, in_redis, monkeypatch):
    def broken(_: object) -> int:
        raise RuntimeError("x")

    monkeypatch.setattr(receivers._comparison, "look", broken)
    receivers.on_pictures_seen(None, {room.pk: seen("black")})

    assert Alert.objects.filter(room=room, source="system:picture-black").exists()


def test_a_kept_picture_is_served_to_who_watches(banned, client, people):
    row = KeptStill.objects.get()
    answer = log_in(client, people["auditor"]).get(reverse("kept-still", args=[row.pk]))

    assert (answer.content, answer["Content-Type"]) == (JPEG, "image/jpeg")
    assert "private" in answer["Cache-Control"]


def test_the_rows_keep_the_last_different_hashes(room):
    hashes = [random.Random(n).getrandbits(128) for n in range(8)]
    stills.store_rows({room.pk: seen(hashes=hashes)})

    assert [int(h, 16) for h in Still.objects.get().hashes.split()] == hashes
