"""Console and simulator each against the vendor's pages (`page.py`): where the two agree with each
other and not with the page, these tests fail and no other would."""

import pytest

from liveapi import LiveApiError, commands
from liveapi.errors import CODES, FAMILIES
from moderation.actions.handlers import stream_key
from simulator.api.commands.table import command_table
from simulator.api.listing import Listing
from simulator.errors import Refusal
from tests.contract.page import GATEWAY, MAX_BYTES, MAX_ITEMS, PAGES
from tests.simulator.conftest import ADMIN, make_world

ROOM, WHO = "a room", ["viewer_1"]
EVERY = {
    "room_name": "R",
    "cover_url": "http://c",
    "notice": "N",
    "categories": [1],
    "activity_status": 1,
    "is_public_visible": True,
    "is_message_disabled": False,
    "take_seat_mode": "FreeToTake",
    "max_member_count": 5,
}
CREATED = EVERY | {
    "owner_account": "host_1",
    "is_seat_enabled": True,
    "keep_owner_on_seat": False,
    "background_url": "http://b",
    "max_seat_count": 9,
    "seat_layout_template_id": 600,
}
# A call of each command with everything that the console can say in it.
CALLS = {
    "create_room": commands.create_room("new", **CREATED),
    "destroy_room": commands.destroy_room(ROOM),
    "update_room_info": commands.update_room_info(ROOM, is_unlimited_room_enabled=True, **EVERY),
    "get_room_info": commands.get_room_info(ROOM),
    "get_room_list": commands.get_room_list(),
    "get_room_metadata": commands.get_room_metadata(ROOM),
    "set_room_metadata": commands.set_room_metadata(ROOM, {"k": "v"}),
    "del_room_metadata": commands.del_room_metadata(ROOM, ["k"]),
    "get_room_stats": commands.get_room_statistics(ROOM),
    "ban_member": commands.ban_member(ROOM, WHO, 60, "why"),
    "unban_member": commands.unban_member(ROOM, WHO),
    "get_banned_member_list": commands.get_banned_member_list(ROOM),
    "mute_member": commands.mute_member(ROOM, WHO, 60),
    "get_muted_member_list": commands.get_muted_member_list(ROOM),
    "modify_admin": commands.modify_admin(ROOM, WHO, "add"),
    "get_admin_list": commands.get_admin_list(ROOM),
    "get_member_list": commands.get_member_list(ROOM),
    "add_robot": commands.add_robot(ROOM, WHO),
    "del_robot": commands.del_robot(ROOM, WHO),
    "get_robot": commands.get_robot(ROOM),
    "send_text_msg": commands.send_text_msg(ROOM, "host_1", "Hi", "{}"),
    "send_custom_msg": commands.send_custom_msg(ROOM, "host_1", "violation_alert", "{}"),
    "send_gift": commands.send_gift(ROOM, "viewer_1", ["host_1"], "rose"),
    "get_gift_count": commands.get_gift_count(ROOM, "viewer_1"),
    "get_gift_info_list": commands.get_gift_info_list(),
    "get_seat_list": commands.get_seat_list(ROOM),
    "pick_user_on_seat": commands.pick_user_on_seat(ROOM, "viewer_1", 1),
    "kick_user_off_seat": commands.kick_user_off_seat(ROOM, "viewer_1", "bye"),
    "kick": commands.kick("viewer_1"),
    "portrait_get": commands.portrait_get(WHO),
}
# Longest allowed by the page, by the command's own arguments: how the console is asked for text of
# n bytes, n items.
TEXTS = {
    ("ban_member", "Reason"): lambda text: commands.ban_member(ROOM, WHO, 60, text),
    ("create_room", "RoomId"): lambda text: commands.create_room(text, owner_account="host_1"),
    **{
        (command, name): lambda text, command=command, argument=argument: making(
            command, argument, text
        )
        for command in ("create_room", "update_room_info")
        for name, argument in (
            ("RoomName", "room_name"),
            ("CoverURL", "cover_url"),
            ("Notice", "notice"),
        )
    },
}
LISTS = {
    ("ban_member", "MemberList_Account"): lambda items: commands.ban_member(ROOM, items, 60),
    ("unban_member", "MemberList_Account"): lambda items: commands.unban_member(ROOM, items),
    ("portrait_get", "To_Account"): lambda items: commands.portrait_get(items),
    ("create_room", "Category"): lambda items: making(
        "create_room", "categories", range(len(items))
    ),
    ("update_room_info", "Category"): lambda items: making(
        "update_room_info", "categories", range(len(items))
    ),
}


def making(command, argument, value):
    if command == "create_room":
        return commands.create_room("new", owner_account="host_1", **{argument: value})
    return commands.update_room_info(ROOM, is_unlimited_room_enabled=True, **{argument: value})


def fields(command, body):
    return body[PAGES[command].inside] if PAGES[command].inside else body


# --- The console ----------------------------------------------------------------------------------


@pytest.mark.parametrize("command", sorted(CALLS))
def test_the_console_sends_what_the_page_names_and_nothing_else(command):
    call, page = CALLS[command], PAGES[command]
    body = fields(command, call.body)
    assert (call.service, call.command) == (page.service, command)
    assert set(page.required) <= set(body) <= set(page.required) | set(page.optional)
    kinds = page.required | page.optional
    assert {name for name, value in body.items() if type(value) is not kinds[name]} == set()


@pytest.mark.parametrize(("command", "name"), sorted(MAX_BYTES))
def test_the_console_sends_as_many_bytes_as_the_page_allows_and_no_more(command, name):
    most, call = MAX_BYTES[command, name], TEXTS[command, name]
    assert fields(command, call("x" * most).body)[name] == "x" * most
    with pytest.raises(LiveApiError, match="bytes"):
        call("x" * (most + 1))


@pytest.mark.parametrize(("command", "name"), sorted(MAX_ITEMS))
def test_the_console_names_as_many_as_the_page_allows_and_no_more(command, name):
    most, call = MAX_ITEMS[command, name], LISTS[command, name]
    accounts = [f"viewer_{number}" for number in range(most + 1)]
    assert len(fields(command, call(accounts[:most]).body)[name]) == most
    with pytest.raises(LiveApiError):
        call(accounts)


def test_the_console_has_words_for_every_code_of_a_page():
    published = {code for page in PAGES.values() for code in page.codes} | GATEWAY
    assert {
        code
        for code in published
        if code not in CODES and not any(code in family for family, _ in FAMILIES)
    } == set()


def test_the_console_tries_another_seat_for_every_code_that_says_so():
    assert {100200, 100205, 100210} <= PAGES["pick_user_on_seat"].codes & stream_key.SEAT_TAKEN
    assert PAGES["pick_user_on_seat"].codes >= stream_key.ON_A_SEAT


# --- The simulator --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world():
    return make_world()


@pytest.fixture(scope="module")
def answers(world):
    return command_table(Listing(world), full=False, admin=ADMIN, statistics="both")


def refused(answers, world, command, body):
    with pytest.raises(Refusal) as refusal:
        answers[PAGES[command].service, command](world, body)
    return refusal.value.code


def lacking(command, name):
    """A body of the page's with one field left out."""
    whole = CALLS["get_room_stats" if command == "get_room_statistic" else command].body
    less = {field: value for field, value in fields(command, whole).items() if field != name}
    return {PAGES[command].inside: less} if PAGES[command].inside else less


@pytest.mark.parametrize("command", sorted(PAGES))
def test_the_simulator_refuses_a_missing_field_with_a_documented_code(command, answers, world):
    page = PAGES[command]
    needed = [name for name in page.required if command != "portrait_get" or name != "TagList"]
    codes = {name: refused(answers, world, command, lacking(command, name)) for name in needed}
    assert set(codes.values()) <= page.codes | GATEWAY, codes


@pytest.mark.parametrize(
    "command",
    sorted(
        name for name, page in PAGES.items() if "RoomId" in page.required and name != "create_room"
    ),
)
def test_the_simulator_says_that_a_room_is_gone_as_the_page_does(command, answers, world):
    body = CALLS["get_room_stats" if command == "get_room_statistic" else command].body
    assert refused(answers, world, command, body) == 100004


def test_the_simulator_answers_a_message_with_the_fields_of_the_page(answers, world):
    room = next(iter(world.rooms.values()))
    said = answers["live_engine_http_srv", "send_text_msg"](
        world, {"RoomId": room.room_id, "TextContent": "Hi"}
    )
    assert said == {"MsgTime": int(world.clock.now()), "MsgSeq": 1, "MsgDropReason": ""}


def test_a_seat_is_refused_by_the_simulator_with_the_codes_of_the_page(answers, world):
    room = next(
        room
        for room in world.rooms.values()
        if room.seats and room.info["MaxSeatCount"] > len(room.seats) + 1
    )
    free = next(index for index in range(1, room.info["MaxSeatCount"]) if index not in room.seats)
    answers["room_engine_http_mic", "lock_seat"](
        world, {"RoomId": room.room_id, "Index": free, "ForbidTaken": True}
    )

    def code(account, index):
        body = {"RoomId": room.room_id, "Member_Account": account, "Index": index}
        return refused(answers, world, "pick_user_on_seat", body)

    taken, sitting = next(iter(room.seats.items()))
    assert (code("viewer_1", free), code("viewer_1", taken), code(sitting, free)) == (
        100200,
        100210,
        100203,
    )
