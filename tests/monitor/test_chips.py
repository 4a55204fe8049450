"""The chips of list and wall: which rooms each finds, how many, and that they add up."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from moderation.alerts import alerts
from moderation.collaboration import claims
from moderation.core.roles import make_person
from moderation.models import Action, LastLook, Policy
from moderation.values.evidence import Evidence
from monitor.listing import chips
from monitor.listing.filters import Filters
from monitor.pages import queries, wall
from rooms.models import Room, RoomEvent
from tests.support.factories import PASSWORD, make_room

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(settings):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    chips._counts.cache_clear()
    yield
    chips._counts.cache_clear()


@pytest.fixture
def ann() -> User:
    return make_person("ann", "moderator", PASSWORD)


@pytest.fixture
def bob() -> User:
    return make_person("bob", "moderator", PASSWORD)


def names(person: User | None = None, **filters) -> set[str]:
    asked = queries.listing(Filters(**filters), person.pk if person else 0)
    return {row.facts.room_id for row in asked["rows"]}


def count(name: str, person: User | None = None) -> int:
    chips._counts.cache_clear()
    shown = chips.shown(chips.counts(), (), person.pk if person else 0)
    return next(one.count for one in shown if one.chip.name == name)


def alert_of(room: Room):
    return alerts.raise_alert(
        room=room, source="system:words", title="t", evidence=Evidence(words="w")
    )


def done(room: Room, verb: str, minutes: float) -> None:
    at = timezone.now() - dt.timedelta(minutes=minutes)
    Action.objects.create(
        verb=verb,
        room=room,
        policy=Policy.objects.first(),
        by_name="ann",
        due_at=at,
        give_up_at=at,
        finished_at=at,
        status=Action.Status.DONE,
    )


def label(room: Room, name: str, minutes: float = 0) -> None:
    at = timezone.now() - dt.timedelta(minutes=minutes)
    RoomEvent.objects.create(
        room=room,
        kind=RoomEvent.Kind.LABEL,
        at_ms=int(at.timestamp() * 1000),
        detail={"label": name, "score": 90},
        key=f"{room.pk}:{name}",
    )


def test_alerted_rooms_are_those_with_an_open_alert():
    raised, closed = make_room("raised"), make_room("closed")
    make_room("quiet")
    alert_of(raised)
    alerts.close(by="system:test", alert=alert_of(closed), outcome="handled")
    assert names(only=("alerted",)) == {"raised"}
    assert count("alerted") == 1


def test_mine_are_those_that_the_person_who_asks_has_claimed(ann, bob):
    for name, by in (("anns", ann), ("bobs", bob)):
        claims.claim(by=by, room=make_room(name))
    make_room("nobodys")
    claims.claim(by=ann, room=(given_back := make_room("given-back")))
    claims.release(by=ann, room=given_back)
    assert names(ann, only=("mine",)) == {"anns"}
    assert names(bob, only=("mine",)) == {"bobs"}
    assert names(ann, only=("unassigned",)) == {"nobodys", "given-back"}
    assert (count("mine", ann), count("mine", bob), count("unassigned")) == (1, 1, 2)


def test_quarantined_rooms_are_those_that_were_not_released():
    for name, verbs in {
        "inside": ["quarantine"],
        "released": ["quarantine", "release"],
        "again": ["quarantine", "release", "quarantine"],
        "hidden-by-hand": [],
    }.items():
        room = make_room(name, is_public_visible=False)
        for number, verb in enumerate(verbs):
            done(room, verb, minutes=10 - number)
    assert names(only=("quarantined",)) == {"inside", "again"}
    assert count("quarantined") == 2


def test_new_rooms_were_opened_in_the_last_quarter_of_an_hour():
    now = int(timezone.now().timestamp())
    make_room("young", create_time=now - 800)
    make_room("old", create_time=now - 1000)
    assert names(only=("new",)) == {"young"}
    assert count("new") == 1


def test_not_seen_are_those_that_nobody_looked_at_in_time(settings):
    settings.PATROL_MINUTES = 15
    now = timezone.now()
    long_ago = now - dt.timedelta(minutes=20)
    for name, looked in (("never", None), ("long-ago", long_ago), ("just-now", now)):
        room = make_room(name, first_seen_at=now - dt.timedelta(hours=1))
        if looked:
            LastLook.objects.create(room=room, at=looked, by_name="ann")
    make_room("just-opened", first_seen_at=now)
    assert names(only=("unseen",)) == {"never", "long-ago"}
    assert count("unseen") == 2


def test_labelled_rooms_by_any_label_and_by_one():
    label(make_room("violent"), "violence")
    label(make_room("smoking"), "smoking")
    label(make_room("past"), "violence", minutes=70)
    make_room("plain")
    assert names(only=("labelled",)) == {"violent", "smoking"}
    assert names(label="violence") == {"violent"}
    assert count("labelled") == 2
    assert chips.counts().labels == ("smoking", "violence")


def test_chips_together_find_what_each_of_them_finds(ann):
    both, alerted = make_room("both"), make_room("alerted")
    claims.claim(by=ann, room=both)
    claims.claim(by=ann, room=make_room("mine"))
    for room in (both, alerted):
        alert_of(room)
    assert names(ann, only=("alerted", "mine")) == {"both"}


def test_ended_rooms_are_neither_counted_nor_found():
    now = timezone.now()
    room = make_room("over", ended_at=now, create_time=int(now.timestamp()))
    label(room, "violence")
    alert_of(room)
    chips._counts.cache_clear()
    assert {
        one.chip.name: one.count for one in chips.shown(chips.counts(), (), 0)
    } == dict.fromkeys(chips.CHIPS, 0)


def test_the_wall_has_the_same_chips(ann):
    claims.claim(by=ann, room=make_room("anns"))
    make_room("another")
    asked = wall.Wall(Filters(only=("mine",)))
    assert [row.facts.room_id for row in wall.shown(asked, ann.pk)["rows"]] == ["anns"]


def test_a_page_draws_its_chips_with_counts_and_the_strip_renews_them(ann):
    claims.claim(by=ann, room=make_room("anns"))
    make_room("another")
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(ann)
    page = client.get("/", {"only": "mine"}).content.decode()
    assert 'value="mine" checked' in page and 'value="alerted" checked' not in page
    assert '<span class="pick-chip__count" id="count-mine">1</span>' in page
    assert page.count('class="room-row"') == 1
    renewed = client.get("/summary").content.decode()
    assert 'id="count-mine"' in renewed and renewed.count("hx-swap-oob") == len(chips.CHIPS)
    assert "<input" not in renewed and "<button" not in renewed
