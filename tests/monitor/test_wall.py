"""The wall: what its address asks for, which tiles it shows, what a tour shows next."""

import base64
import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from liveapi import usersig
from moderation.core.roles import make_person
from moderation.models import AuditEntry, LastLook, RoomRisk
from moderation.patrol import looks
from moderation.patrol.looks import Seen
from monitor.pages import admissions
from monitor.pages.wall import DENSITIES, Wall, shown
from monitor.realtime import presence
from rooms.live import push
from rooms.models import Room
from tests.support.factories import PASSWORD, make_room

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_redis(settings, monkeypatch):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    monkeypatch.setattr(push, "publish_seen", lambda seen: None)


@pytest.fixture(autouse=True)
def nobody_was_given_anything():
    admissions._given.clear()
    admissions._recorded.clear()


@pytest.fixture
def moderator() -> User:
    return make_person("moderator", "moderator", PASSWORD)


@pytest.fixture
def client(moderator) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(moderator)
    return client


def ids(address: str, person: int = 1) -> list[str]:
    return [row.facts.room_id for row in shown(Wall.read(QueryDict(address)), person)["rows"]]


def rooms(count: int) -> None:
    for number in range(count):
        make_room(f"r{number:03}", create_time=number, online=1000 - number)


def test_pinned_rooms_stand_first_in_the_order_of_the_pins_whatever_they_are_called():
    rooms(5)
    make_room("a b&c=é", create_time=9, online=0)
    wall = Wall.read(QueryDict("pin=r003&pin=a+b%26c%3D%C3%A9&pin=not-live"))
    assert ids(wall.query()) == ["r003", "a b&c=é", "r000", "r001", "r002", "r004"]
    assert shown(wall, 1)["missing"] == ["not-live"]


@pytest.mark.parametrize("density", DENSITIES)
def test_each_density_has_its_number_of_tiles_and_pages(density):
    rooms(45)
    page = shown(Wall.read(QueryDict(f"density={density}&page=2")), 1)
    assert page["pages"] == -(-45 // DENSITIES[density])
    assert page["rows"][0].facts.room_id == f"r{DENSITIES[density]:03}"
    assert page["total"] == 45


def test_one_large_and_six_small():
    rooms(20)
    assert len(ids("layout=focus")) == 7


def test_a_tour_shows_what_nobody_has_seen_for_longest(moderator):
    rooms(60)
    first = ids("tour=1&sort=name", moderator.pk)
    seen = [
        Seen(pk, 3, "wall")
        for pk in Room.objects.filter(room_id__in=first).values_list("pk", flat=True)
    ]
    looks.record({moderator.pk: seen}, at=timezone.now() - dt.timedelta(minutes=1))
    second = ids("tour=1", moderator.pk)
    assert len(first) == 40
    assert set(second[:20]) == {f"r{number:03}" for number in range(60)} - set(first)


def test_a_tour_begins_with_the_highest_risk_and_comes_round_to_all(moderator, settings):
    rooms(60)
    riskiest = Room.objects.get(room_id="r055")
    for room in Room.objects.all():
        score = 90 if room == riskiest else 0
        RoomRisk.objects.create(room=room, score=score, at=timezone.now())
    first = ids("tour=1", moderator.pk)
    assert first[0] == "r055"
    seen = Room.objects.filter(room_id__in=first).values_list("pk", flat=True)
    just_now = timezone.now() - dt.timedelta(minutes=1)
    looks.record({moderator.pk: [Seen(pk, 3, "wall") for pk in seen]}, at=just_now)
    second = ids("tour=1", moderator.pk)
    assert set(second[:20]).isdisjoint(first), "a high risk does not keep a room for ever"
    long_ago = timezone.now() - dt.timedelta(minutes=settings.PATROL_MINUTES, seconds=1)
    LastLook.objects.update(at=long_ago)
    assert ids("tour=1", moderator.pk)[0] == "r055"


@pytest.mark.parametrize(
    ("address", "fit", "tiles"),
    [
        ("tour=1", "18", 18),
        ("tour=1&pin=r044", "18", 18),
        ("tour=1", "999", 40),
        ("tour=1", "0", 40),
        ("tour=1", "٣x", 40),
        ("", "18", 40),
    ],
)
def test_a_tour_shows_no_more_than_the_screen_holds(address, fit, tiles):
    rooms(45)
    assert len(shown(Wall.read(QueryDict(address)), 1, fit)["rows"]) == tiles


def test_a_tour_leaves_out_what_is_on_a_colleagues_screen_while_there_is_enough(monkeypatch):
    rooms(50)
    theirs = list(Room.objects.filter(room_id__lt="r008").values_list("pk", flat=True))
    monkeypatch.setattr(presence, "stored_people", lambda: {pk: [[7, "Wren"]] for pk in theirs})
    assert min(ids("tour=1", 1)) == "r008"
    assert min(ids("tour=1", 7)) == "r000", "one's own screen counts for nothing"
    Room.objects.filter(room_id__gte="r020").delete()
    assert len(ids("tour=1", 1)) == 20


def test_only_a_tour_announces_which_rooms_come(client, moderator, monkeypatch):
    rooms(3)
    announced = []
    monkeypatch.setattr(presence, "announce", lambda *said: announced.append(said))
    client.get("/wall")
    assert not announced
    client.get("/wall?tour=1")
    everything = list(Room.objects.order_by("pk").values_list("pk", flat=True))
    assert [(person, sorted(pks)) for person, _name, pks in announced] == [
        (moderator.pk, everything)
    ]


def test_two_people_on_tour_see_every_room_within_the_interval(monkeypatch, settings):
    """120 rooms, 2 people, a stepped clock: each takes the next page every 20 seconds."""
    rooms(120)
    people = [make_person(name, "moderator", PASSWORD) for name in ("one", "two")]
    screens: dict[int, set[int]] = {}
    monkeypatch.setattr(
        presence,
        "stored_people",
        lambda: {pk: [[person, "x"]] for person, shows in screens.items() for pk in shows},
    )
    now, began, seen = timezone.now(), 0, {}
    for step in range(0, int(60 * settings.PATROL_MINUTES), 20):
        for person in people:
            screens[person.pk] = set(
                Room.objects.filter(room_id__in=ids("tour=1", person.pk)).values_list(
                    "pk", flat=True
                )
            )
            looks.record(
                {person.pk: [Seen(pk, 20, "wall") for pk in screens[person.pk]]},
                at=now + dt.timedelta(seconds=step),
            )
            seen |= dict.fromkeys(screens[person.pk], step)
        assert not screens[people[0].pk] & screens[people[1].pk]
        if len(seen) == 120:
            break
    assert len(seen) == 120, "every room was offered"
    assert max(seen.values()) - began <= 40, "in the least number of pages: 120 rooms, 80 tiles"


@given(
    st.dictionaries(
        st.sampled_from(["density", "layout", "screen", "tour", "pin", "q", "page", "sort"]),
        st.text(),
    )
)
def test_whatever_the_address_says_it_is_a_wall_and_its_own_address_is_the_same(said):
    query = QueryDict(mutable=True)
    query.update(said)
    wall = Wall.read(query)
    assert Wall.read(QueryDict(wall.query())) == wall


def test_the_page_has_figures_acts_and_marks_of_a_row(client):
    room = make_room("one", name="<b>bold</b>", online=5)
    html = client.get("/wall").content.decode()
    for part in (
        f'data-room="{room.pk}"',
        'data-f="o"',
        'data-f="r"',
        "data-seen",
        "data-here",
        "data-holder",
        "data-player",
        f'id="acts-{room.pk}"',
        f'data-end="/rooms/{room.pk}/end"',
        "&lt;b&gt;bold",
    ):
        assert part in html
    assert "<b>bold" not in html


def test_the_second_screen_and_the_first_run_are_pages(client):
    assert "No rooms yet" in client.get("/wall").content.decode()
    make_room("one")
    assert "<body data-screen" in client.get("/wall?screen=2").content.decode()
    assert "data-screen" not in client.get("/wall").content.decode()
    assert "Nothing matches" in client.get("/wall?q=zzz").content.decode()


# --- Pictures by the vendor's SDK -----------------------------------------------------------------


def test_a_tile_enters_with_a_signature_of_its_own_account_alone(client, moderator, settings):
    settings.PICTURE_SOURCE, settings.LIVE_SDKAPPID, settings.LIVE_SECRET_KEY = (
        "trtc",
        1400000001,
        "the-key",
    )
    room = make_room("room 1")
    answer = client.get(f"/rooms/{room.pk}/picture?tile=ab12x1")
    told = answer.json()
    assert answer.headers["Cache-Control"] == "no-store"
    assert told["strRoomId"] == "room 1"
    assert told["userId"] == f"lwobserver_{moderator.pk}_ab12x1"
    inside = usersig.decode(told["userSig"])
    assert inside["TLS.identifier"] == told["userId"] != settings.LIVE_ADMIN
    assert inside["TLS.expire"] == settings.OBSERVER_SECONDS <= 120
    bound = usersig.decode(told["privateMapKey"])
    buffer = base64.b64decode(bound["TLS.userbuf"])
    account = told["userId"].encode()
    assert buffer[:1] == b"\x01"
    assert (
        buffer[1:3] == len(account).to_bytes(2, "big") and buffer[3 : 3 + len(account)] == account
    )
    rest = buffer[3 + len(account) :]
    application, number, until, rights, kind = (
        int.from_bytes(rest[at : at + 4], "big") for at in range(0, 20, 4)
    )
    assert (application, number, rights, kind) == (1400000001, 0, 0b101010, 0)
    assert until == bound["TLS.time"] + settings.OBSERVER_SECONDS
    assert rest[20:] == b"\x00\x06room 1"
    assert "the-key" not in answer.content.decode()


def test_who_was_given_signatures_is_in_the_record_once_an_hour(client, moderator, settings):
    settings.PICTURE_SOURCE = "trtc"
    room = make_room("room 1")
    for tile in ("a", "b", "c"):
        assert client.get(f"/rooms/{room.pk}/picture?tile={tile}").status_code == 200
        if tile == "b":
            admissions._recorded.clear()  # as another web process
    assert [e.actor for e in AuditEntry.objects.filter(verb="enter_rooms")] == ["moderator"]
    admissions._recorded[moderator.pk] -= dt.timedelta(hours=2)
    client.get(f"/rooms/{room.pk}/picture?tile=d")
    assert AuditEntry.objects.filter(verb="enter_rooms").count() == 1, (
        "the database knows of the last hour, too"
    )


def test_an_entry_that_the_database_did_not_take_is_written_by_the_next(moderator, monkeypatch):
    def locked(**given):
        assert not admissions._lock.locked(), "nobody else waits for the database"
        raise OperationalError("locked")

    with monkeypatch.context() as patch, pytest.raises(OperationalError):
        patch.setattr(admissions.audit_log, "record", locked)
        admissions.note(moderator)
    admissions.note(moderator)
    assert AuditEntry.objects.filter(verb="enter_rooms").count() == 1


def test_signatures_are_limited_a_person(client, settings, monkeypatch):
    settings.PICTURE_SOURCE = "trtc"
    monkeypatch.setattr(admissions, "MAX_A_MINUTE", 3)
    room = make_room("room 1")
    answers = [client.get(f"/rooms/{room.pk}/picture?tile=a") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "userSig" not in answers[-1].content.decode()
    now = admissions.monotonic()
    monkeypatch.setattr(admissions, "monotonic", lambda: now + 61)
    assert client.get(f"/rooms/{room.pk}/picture?tile=a").status_code == 200


@pytest.mark.parametrize(
    ("source", "tile", "status"), [("hls", "a", 404), ("trtc", "", 422), ("trtc", "a b", 422)]
)
def test_no_signature_is_given_otherwise(client, settings, source, tile, status):
    settings.PICTURE_SOURCE = source
    answer = client.get(f"/rooms/{make_room('r').pk}/picture", {"tile": tile})
    assert answer.status_code == status
    assert "userSig" not in answer.content.decode()


def test_a_room_that_is_over_is_entered_by_nobody(client, settings):
    settings.PICTURE_SOURCE = "trtc"
    room = make_room("r")
    Room.objects.filter(pk=room.pk).update(ended_at=timezone.now())
    assert client.get(f"/rooms/{room.pk}/picture?tile=a").status_code == 404
