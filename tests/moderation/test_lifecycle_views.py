"""The card of a room's time, its forms, the page of holds, and the clocks of rows."""

import datetime as dt

import pytest
import redis as redis_library
from django.urls import reverse

from moderation.lifecycle import countdowns, limits
from moderation.models import AuditEntry, Hold, Rule, RuleSwitch, TimeLimit
from rooms.infra import redis
from rooms.models import Room
from tests.support.clocks import NOW
from tests.support.factories import log_in, make_room

pytestmark = pytest.mark.usefixtures("clock")

MINUTE = dt.timedelta(minutes=1)
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def empty_valkey(db, valkey, settings):
    settings.REDIS_URL = valkey
    with redis_library.Redis.from_url(valkey) as client:
        client.flushall()


@pytest.fixture
def moderator(client, people):
    return log_in(client, people["moderator"])


@pytest.fixture
def limit(policy, room):
    return limits.set_limit(
        by="api:shop", room_id=room.room_id, policy=policy, ends_at=NOW + 30 * MINUTE
    )


def hold_on(room, policy, **fields):
    known = {
        "room_id": room.room_id,
        "owner_account": room.owner_account,
        "until": NOW + 10 * MINUTE,
        "by_name": "wren",
    }
    return Hold.objects.create(policy=policy, **(known | fields))


def card(client, room):
    return client.get(reverse("life", args=[room.pk])).content.decode()


def test_the_card_of_a_room_without_a_limit_offers_one_to_those_who_may(
    client, moderator, people, room
):
    assert reverse("limit-set", args=[room.pk]) in card(moderator, room)
    assert "Limit the time" not in card(log_in(client, people["auditor"]), room)


def test_the_card_shows_the_limit_and_buttons_to_extend_it(client, moderator, people, room, limit):
    text = card(moderator, room)
    assert f'data-until="{int((NOW + 30 * MINUTE).timestamp())}"' in text
    assert [f'value="{seconds}"' in text for seconds in (900, 1800, 3600)] == [True] * 3
    assert "api:shop" in text
    assert "limit-extend" not in card(log_in(client, people["auditor"]), room)


def test_the_card_shows_the_hold_and_how_often_it_ended_again(
    client, moderator, people, room, policy
):
    hold_on(room, policy, again=2, last_again_at=NOW)
    assert "Re-opened and ended again 2 times" in card(moderator, room)
    assert "Lift the re-open block" not in card(moderator, room)
    assert "Lift the re-open block" in card(log_in(client, people["banadmin"]), room)


def test_the_card_shows_the_clock_of_an_absent_host_while_the_rule_is_on(moderator, room):
    begun = int(NOW.timestamp())
    Room.objects.filter(pk=room.pk).update(
        host_state="away", host_state_at=begun - 130, host_started_at=begun - 900
    )
    assert "data-gone" not in card(moderator, room)
    Rule.objects.filter(slug="host-gone").update(phase="on")
    assert f'data-gone="{begun - 130}" data-grace="300"' in card(moderator, room)
    RuleSwitch.objects.update(all_off=True)
    assert "data-gone" not in card(moderator, room)


def test_a_limit_is_set_from_its_form(moderator, room, people):
    address = reverse("limit-set", args=[room.pk])
    assert "<form" in moderator.get(address).content.decode()
    fields = {
        "minutes": "45",
        "counted": "now",
        "policy": "time-is-over",
        "version": "0",
        "note": "paid",
    }
    answer = moderator.post(address, fields, **HTMX)
    assert (answer.status_code, "acted" in answer["HX-Trigger"]) == (204, True)
    limit = TimeLimit.objects.get()
    assert (limit.ends_at, limit.by, limit.note) == (NOW + 45 * MINUTE, people["moderator"], "paid")
    assert moderator.post(address, fields, **HTMX).status_code == 204, "the same form again"
    assert AuditEntry.objects.filter(verb="set_limit").count() == 1
    unseen = moderator.post(address, fields | {"minutes": "50"}, **HTMX)
    assert unseen.status_code == 409, "somebody else's limit is not overwritten unseen"
    fields |= {"counted": "start", "version": "1"}
    assert moderator.post(address, fields).status_code == 303
    limit.refresh_from_db()
    assert (limit.seconds, limit.ends_at) == (2700, None)


@pytest.mark.parametrize(
    "wrong",
    [{"minutes": "0"}, {"minutes": "1e9"}, {"counted": "x"}, {"policy": "x"}, {"version": "-1"}],
)
def test_a_wrong_form_is_shown_again_with_words(moderator, room, wrong):
    fields = {"minutes": "45", "counted": "now", "policy": "time-is-over", "version": "0"} | wrong
    answer = moderator.post(reverse("limit-set", args=[room.pk]), fields, **HTMX)
    assert answer.status_code == 422
    assert not TimeLimit.objects.exists()


def test_the_form_begins_with_what_is_left(moderator, room, limit):
    text = moderator.get(reverse("limit-set", args=[room.pk])).content.decode()
    assert 'name="minutes" value="30"' in text
    assert 'name="version" value="1"' in text


def test_a_button_extends_once(moderator, limit):
    address = reverse("limit-extend", args=[limit.pk])
    fields = {"seconds": "900", "version": "1"}
    assert moderator.post(address, fields, **HTMX).status_code == 204
    refusal = moderator.post(address, fields, **HTMX)
    assert refusal.status_code == 409
    assert "changed this limit meanwhile" in refusal.content.decode()
    assert TimeLimit.objects.get().ends_at == NOW + 45 * MINUTE
    assert moderator.post(address, {"seconds": "x"}, **HTMX).status_code == 422


def test_a_limit_is_taken_off_with_a_note(moderator, limit):
    address = reverse("limit-close", args=[limit.pk])
    assert moderator.get(address).status_code == 200
    assert moderator.post(address, {"note": ""}, **HTMX).status_code == 422
    assert moderator.post(address, {"note": "free"}, **HTMX).status_code == 204
    assert moderator.post(address, {"note": "free"}, **HTMX).status_code == 409


def test_a_hold_is_lifted_from_its_page(client, people, room, policy):
    hold = hold_on(room, policy)
    banadmin = log_in(client, people["banadmin"])
    assert reverse("hold-lift", args=[hold.pk]) in banadmin.get("/holds").content.decode()
    address = reverse("hold-lift", args=[hold.pk])
    assert banadmin.post(address, {"note": " "}, **HTMX).status_code == 422
    assert banadmin.post(address, {"note": "mistake"}, **HTMX).status_code == 204
    assert banadmin.post(address, {"note": "mistake"}, **HTMX).status_code == 409
    assert AuditEntry.objects.filter(verb="lift_hold").count() == 1
    assert "No re-open blocks" in banadmin.get("/holds").content.decode()
    assert "lifted by" in banadmin.get("/holds?state=ended").content.decode()


def test_a_hold_whose_rooms_are_forgotten_is_lifted_too(client, people, policy):
    hold = Hold.objects.create(room_id="gone", policy=policy, by_name="wren", until=NOW + MINUTE)
    answer = log_in(client, people["banadmin"]).post(
        reverse("hold-lift", args=[hold.pk]), {"note": "mistake"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/holds")


def test_holds_are_searched(moderator, room, policy):
    hold_on(room, policy)
    assert room.room_id in moderator.get(f"/holds?q={room.owner_account}").content.decode()
    assert "No re-open blocks" in moderator.get("/holds?q=nobody%00&state=all").content.decode()


# --- Clocks of rows -------------------------------------------------------------------------------


def test_clocks_are_published_once_and_told_to_pages(moderator, room, limit):
    Rule.objects.filter(slug="host-gone").update(phase="on")
    begun = int(NOW.timestamp())
    gone = make_room(
        "room-2", host_state="lost", host_state_at=begun - 60, host_started_at=begun - 900
    )
    with redis.sync_client().pubsub() as heard:
        heard.subscribe(redis.key("push"))
        assert heard.get_message(timeout=5) is not None
        assert countdowns.publish() == 2
        assert countdowns.publish() == 0
        assert b'"k":"clock"' in heard.get_message(timeout=5)["data"]
    found = moderator.get(f"/marks?rooms={room.pk},{gone.pk},77,x,").json()["clocks"]
    assert found == {
        str(room.pk): {"until": begun + 1800, "gone": 0, "grace": 0},
        str(gone.pk): {"until": 0, "gone": begun - 60, "grace": 300},
    }
    Room.objects.filter(pk=gone.pk).update(host_state="seated")
    assert countdowns.publish() == 1
    assert moderator.get(f"/marks?rooms={gone.pk}").json()["clocks"] == {}


def test_without_redis_there_are_no_clocks_and_no_error(moderator, settings):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    assert moderator.get("/marks?rooms=1").json()["clocks"] == {}
    assert moderator.get("/marks").json()["clocks"] == {}
