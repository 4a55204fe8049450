"""The omnibox: whatever is typed or pasted leads somewhere, slips included; to each what the role
may see.
"""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from moderation.core.roles import make_person
from moderation.models import Action, Alert, Ban, Policy
from monitor.pages import command_palette, pasted
from rooms import search
from rooms.models import ChatLine, Room
from tests.support.factories import PASSWORD, make_room

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(settings):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    search.live.forget()
    yield
    search.live.forget()


def person(role: str = "moderator") -> User:
    return User.objects.filter(username=role).first() or make_person(role, role, PASSWORD)


@pytest.fixture
def rooms() -> dict[str, Room]:
    made = {
        "jazz": make_room(
            "live_host_1001",
            name="Jazz standards, slow tempo",
            owner_account="host_1001",
            owner_name="Anaïs",
            online=9,
        ),
        "game": make_room(
            "live_001400014",
            name="深夜のゲーム配信",
            owner_account="user-77",
            owner_name="リョウ",
            online=5,
        ),
        "past": make_room(
            "live_77001234", name="Ramen from scratch", owner_account="cook_12", owner_name="Mika"
        ),
    }
    Room.objects.filter(pk=made["past"].pk).update(ended_at=timezone.now())
    return made


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("live_host_1001", "jazz"),
        ("LIVE_HOST_1001", "jazz"),
        ("jazz", "jazz"),
        ("slow temp", "jazz"),
        ("anaïs", "jazz"),
        ("jaz standrds", "jazz"),
        ("jzaz", "jazz"),
        ("live_hst_1001", "jazz"),
        ("live_host_1010", "jazz"),
        ("standard", "jazz"),
        ("user-77", "game"),
        ("深夜", "game"),
        ("ゲーム配信", "game"),
        ("リョウ", "game"),
        ("live_00140014", "game"),
        ("live_77001234", "past"),
        ("live_7700", "past"),
        ("ramen", "past"),
        ("cook_12", "past"),
        ("mika", "past"),
        ("live_77001243", "past"),
        ("live_7701234", "past"),
        ("coook_12", "past"),
        ("Ramen from scrtach", "past"),
    ],
)
def test_slips_and_all_one_enter_lands_on_the_room(rooms, typed, wanted):
    assert f"/rooms/{rooms[wanted].pk}" in [
        hit.address for hit in command_palette.find(typed, person())
    ]
    assert command_palette.best(typed, person()) in {
        f"/rooms/{rooms[wanted].pk}",
        f"/users/{rooms[wanted].owner_account}",
    }


def test_an_exact_roomid_goes_before_everything_else(rooms):
    make_room("jazz", name="x")
    search.live.forget()
    assert command_palette.find("jazz", person())[0].label == "x"


def opened_since_the_last_reading(room_id: str, **facts) -> Room:
    """A room that the index in memory does not hold yet."""
    search.live.find("anything", 1)
    return make_room(room_id, **facts)


def test_a_roomid_that_opened_just_now_is_not_taken_for_a_slip_of_another():
    old = make_room("semi-77", name="Semi final", online=9)
    new = opened_since_the_last_reading("semi-78", name="Another")
    assert command_palette.best("semi-77", person()) == f"/rooms/{old.pk}"
    hits = command_palette.find("semi-78", person())
    assert hits[0].address == f"/rooms/{new.pk}"
    assert f"/rooms/{old.pk}" not in [hit.address for hit in hits], (
        "what is exact needs no slips beside it"
    )


def test_an_account_that_went_on_air_just_now_is_not_taken_for_a_slip_of_another():
    make_room("a", owner_account="cook_12", name="x")
    opened_since_the_last_reading("b", owner_account="cook_13", name="y")
    assert command_palette.best("cook_13", person()) == "/users/cook_13"


@pytest.mark.parametrize("typed", ["SEMI-78", "semi-7", "winter fin"])
def test_a_part_or_another_case_of_what_opened_just_now_goes_before_slips(typed):
    make_room("sami-78", name="winner fin")
    new = opened_since_the_last_reading("semi-78", name="Winter final")
    assert command_palette.best(typed, person()) == f"/rooms/{new.pk}"


def test_under_one_roomid_the_live_broadcast_is_meant_whatever_the_index_says():
    old = make_room("again", create_time=1_700_000_000)
    search.live.find("again", 1)
    Room.objects.filter(pk=old.pk).update(ended_at=timezone.now())
    new = make_room("again", create_time=1_600_000_000)
    assert command_palette.best("again", person()) == f"/rooms/{new.pk}"


@pytest.mark.parametrize(
    ("pasted", "leads"),
    [
        ("http://127.0.0.1:8000/bans?q=x", "/bans?q=x"),
        ("https://console.example/wall?density=large", "/wall?density=large"),
        ("/coverage", "/coverage"),
        ("https://watch.example/r/live_host_1001", "room"),
        ("https://watch.example/r/live_host_1001?from=mail", "room"),
        ("https://watch.example/r/none%20such", "/?q=none%20such"),
    ],
)
def test_a_pasted_address_leads_where_it_says(rooms, settings, pasted, leads):
    settings.AUDIENCE_LINK = "https://watch.example/r/{room_id}"
    address = f"/rooms/{rooms['jazz'].pk}" if leads == "room" else leads
    assert [hit.address for hit in command_palette.find(pasted, person())] == [address]


def test_a_pasted_playlist_leads_to_its_room(rooms, settings):
    settings.HLS_URL = "https://cdn.example/live/{room_id}/index.m3u8"
    hits = command_palette.find("https://cdn.example/live/live_host_1001/index.m3u8", person())
    assert [hit.address for hit in hits] == [f"/rooms/{rooms['jazz'].pk}"]


@pytest.mark.parametrize(
    "pasted",
    ["https://evil.example/<script>", "/no/such/page", "http://[", "https://x.example/logout"],
)
def test_other_addresses_lead_nowhere_else(pasted):
    assert all(
        hit.address.startswith("/") or hit.command for hit in command_palette.find(pasted, person())
    )


@pytest.mark.parametrize(
    "complaint",
    [
        "https://live.example/watch/live_host_1021?share=abc",
        "https://live.example/watch?room=live_host_1021&from=mail",
        "live.example/watch/live_host_1021",
        "https://live.example/#/r/live_host_1021",
        "rtmp://cdn.example/live/live_host_1021",
        "https://cdn.example/live/live_host_1021.flv?txSecret=1",
        "https://go.example/?to=https%3A%2F%2Flive.example%2Fr%2Flive_host_1021",
        "Please look at (live_host_1021), it is awful!",
        "RoomId:live_host_1021",
        "room=live_host_1021",
        "「live_host_1021」を見て",
        "直播间live_host_1021违规",
        "see https://live.example/watch/live_host_1021, at once",
        "<https://live.example/r/live_host_1021>",
        "https://live.example/rooms/live_host_1021",
    ],
)
def test_a_pasted_complaint_leads_to_the_room_that_it_names(complaint):
    make_room("live_host_1022", name="a")
    wanted = make_room("live_host_1021", name="b")
    assert command_palette.best(complaint, person()) == f"/rooms/{wanted.pk}"


def test_a_complaint_about_an_account_leads_to_it():
    make_room("x", owner_account="user-77", name="y")
    assert (
        command_palette.best("https://live.example/profile/user-77?tab=videos", person())
        == "/users/user-77"
    )


def test_an_address_of_another_site_is_not_taken_for_one_of_the_console(settings):
    settings.ALLOWED_HOSTS = ["console.example"]
    wanted = make_room("777777", name="x")
    assert (
        command_palette.best("https://live.example/rooms/777777", person()) == f"/rooms/{wanted.pk}"
    )
    assert command_palette.best("https://console.example/rooms/777777", person()) == "/rooms/777777"


def test_what_is_typed_as_a_name_is_not_taken_apart_before_it_is_looked_for_whole():
    whole = make_room("a", name="late jazz")
    make_room("jazz", name="x")
    search.live.forget()
    assert command_palette.best("late jazz", person()) == f"/rooms/{whole.pk}"


@pytest.mark.parametrize("trace", ["act", "alert", "ban", "chat"])
def test_a_viewer_with_a_trace_is_found(trace):
    room, policy, now = make_room("room"), Policy.objects.first(), timezone.now()
    assert command_palette.best("viewer_9", person()) == "/?q=viewer_9"
    if trace == "act":
        Action.objects.create(
            verb="mute",
            room=room,
            account="viewer_9",
            policy=policy,
            by_name="x",
            due_at=now,
            give_up_at=now,
        )
    elif trace == "alert":
        Alert.objects.create(
            room=room, account="viewer_9", source="system:x", title="x", evidence={}
        )
    elif trace == "ban":
        Ban.objects.create(account="viewer_9", policy=policy, by_name="x")
    else:
        ChatLine.objects.create(room=room, at_ms=1, message_id="1", account="viewer_9", text="x")
    assert command_palette.best("viewer_9", person()) == "/users/viewer_9"


@given(st.text(max_size=300))
def test_whatever_is_pasted_has_bounded_parts(text):
    parts = pasted.parts(text)
    assert len(parts) <= pasted.MAX_PARTS and all(
        0 < len(part) <= pasted.LONGEST_PART for part in parts
    )


def test_pages_and_commands_are_named_for_who_may_open_them():
    assert "Bans" not in [hit.label for hit in command_palette.find("bans", person("moderator"))]
    assert "Bans" in [hit.label for hit in command_palette.find("bans", person("auditor"))]
    assert command_palette.find("dark", person())[0].command == "theme"
    assert command_palette.find("/wall", person())[0].address == "/wall"
    assert {hit.address for hit in command_palette.find("", person("moderator"))} >= {
        "/",
        "/wall",
        "/queue",
    }


def test_bans_are_told_to_those_who_may_see_them():
    Ban.objects.create(account="troll_9", policy=Policy.objects.first(), by_name="x")
    assert not [
        hit for hit in command_palette.find("troll", person("moderator")) if "/bans/" in hit.address
    ]
    assert [
        hit for hit in command_palette.find("troll", person("banadmin")) if "/bans/" in hit.address
    ]


def test_without_a_script_it_is_a_plain_form(rooms):
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person())
    assert client.get("/find", {"q": "live_host_1001"})["Location"] == f"/rooms/{rooms['jazz'].pk}"
    assert client.get("/find", {"q": "zzzzzz"})["Location"] == "/?q=zzzzzz"
    html = client.get("/omnibox", {"q": "jazz"}).content.decode()
    assert 'role="option"' in html and f'data-address="/rooms/{rooms["jazz"].pk}"' in html


def test_markup_in_names_is_text():
    make_room("x1", name="<img src=x onerror=alert(1)>")
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person())
    assert "<img" not in client.get("/omnibox", {"q": "onerror"}).content.decode()


@given(st.text(max_size=80))
def test_whatever_is_typed_is_answered(text):
    assert isinstance(command_palette.find(text, person()), list)
    assert command_palette.best(text, person()).startswith("/")


@given(st.text("abc_1 ", min_size=4, max_size=10), st.data())
def test_every_single_slip_is_among_the_slips(word, data):
    kind = data.draw(st.sampled_from(["drop", "swap", "wrong", "more"]))
    at = data.draw(st.integers(0, len(word) - 2))
    typed = {
        "drop": word[:at] + word[at + 1 :],
        "swap": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        "wrong": word[:at] + "b" + word[at + 1 :],
        "more": word[:at] + "c" + word[at:],
    }[kind]
    assert typed == word or word in search.slips(typed)
