"""What the simulator refuses or breaks, as the client tells it: over a real socket, between two
programs that share no line of wire code."""

import itertools
import time

import pytest

from liveapi import LiveApiError, commands
from liveapi.usersig import Signer
from simulator.world.names import HOSTILE_IDS
from tests.contract.running import SECRET, simulator
from tests.contract.talking import SDKAPPID, Vendor, client_of

MORE_ARGUMENTS = {
    "ban_member": (["viewer_1"], 60),
    "unban_member": (["viewer_1"],),
    "mute_member": (["viewer_1"], 60),
    "modify_admin": (["viewer_1"], "add"),
    "add_robot": (["viewer_1"],),
    "del_robot": (["viewer_1"],),
    "kick_user_off_seat": ("viewer_1",),
    "pick_user_on_seat": ("viewer_1", 1),
    "set_room_metadata": ({"a": "b"},),
    "del_room_metadata": (["a"],),
    "send_text_msg": ("viewer_1", "x"),
    "send_custom_msg": ("viewer_1", "x", "y"),
    "send_gift": ("viewer_1", ["viewer_2"], "rose"),
    "get_gift_count": ("viewer_1",),
}
KEYWORDS = {
    "update_room_info": {"is_unlimited_room_enabled": None, "notice": "x"},
    "send_group_msg": {"sender": "viewer_1", "text": "x", "random": 1},
}
WITHOUT_ROOM = {
    "STATISTICS_COMMANDS",
    "get_room_list",
    "create_room",
    "get_gift_info_list",
    "account_import",
    "multiaccount_import",
    "account_check",
    "account_delete",
    "kick",
    "portrait_get",
    "portrait_set",
    "query_online_status",
    "setnospeaking",
    "getnospeaking",
}


@pytest.mark.parametrize("name", sorted(set(commands.__all__) - WITHOUT_ROOM))
def test_a_room_that_is_over_is_told_by_every_command_in_the_same_code(vendor, name):
    call = getattr(commands, name)(
        "a room that is over", *MORE_ARGUMENTS.get(name, ()), **KEYWORDS.get(name, {})
    )
    assert vendor.code(call) == 100004


@pytest.mark.parametrize("room_id", HOSTILE_IDS)
def test_the_strangest_room_id_is_read_acted_upon_and_ended(vendor, room_id):
    room_id, _ = vendor.room(RoomId=f"~{room_id}"[:48])
    assert vendor(commands.get_room_info(room_id)).room_id == room_id
    vendor(commands.ban_member(room_id, ["viewer_1"], 60))
    vendor(commands.destroy_room(room_id))
    assert vendor.code(commands.get_room_info(room_id)) == 100004


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"secret_key": "the key of another application"}, 70009),
        ({"sdkappid": 1400000001}, 60006),
        ({"admin": "host_1001"}, 60010),
    ],
)
def test_a_wrong_account_is_refused_and_says_why(vendor, changed, code):
    with client_of(vendor.inside, **changed) as client:
        assert Vendor(vendor.inside, client).code(commands.get_room_list()) == code


def test_an_expired_signature_is_made_anew_once(vendor):
    long_ago = time.time() - 10**8
    moments = itertools.chain([long_ago, long_ago], iter(time.time, None))
    vendor.inside.order("reset_counts")
    with client_of(vendor.inside) as client:
        client._exchange.signer = Signer(
            "administrator", SDKAPPID, SECRET, clock=lambda: next(moments)
        )
        assert Vendor(vendor.inside, client)(commands.get_room_list()).rooms
    assert vendor.inside.get("counts")["codes"] == {"70001": 1, "0": 1}


@pytest.mark.parametrize("code", [60007, 60011])
def test_called_too_often_is_retryable_and_backs_off(vendor, code):
    vendor.inside.order("fault", command="get_admin_list", kind="code", code=code, times=1)
    with pytest.raises(LiveApiError) as refused:
        vendor(commands.get_admin_list("any"))
    assert (refused.value.code, refused.value.retryable) == (code, True)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "http502"}, "transport"),
        ({"kind": "malformed"}, "malformed"),
        ({"kind": "truncated"}, "malformed"),
        ({"kind": "empty"}, "malformed"),
        ({"kind": "lost_answer"}, "transport"),
        ({"kind": "latency", "seconds": 5}, "timeout"),
    ],
)
def test_after_any_trouble_with_an_act_the_client_knows_that_it_may_have_worked(
    vendor, fault, kind
):
    with client_of(vendor.inside, timeout=3.2) as client:
        vendor = Vendor(vendor.inside, client)
        room_id, _ = vendor.room()
        vendor.inside.order("fault", command="destroy_room", times=1, **fault)
        with pytest.raises(LiveApiError) as failed:
            vendor(commands.destroy_room(room_id))
        assert (failed.value.kind, failed.value.effect_unknown) == (kind, True)
        assert vendor.seen(room_id)["live"] is (fault["kind"] in {"http502", "latency"})


def test_the_client_finds_the_other_name_of_the_statistics_command_and_remembers_it():
    with simulator(
        "--rooms", "3", "--churn", "0", "--statistics-command", "get_room_statistic"
    ) as other:
        with client_of(other) as client:
            vendor = Vendor(other, client)
            for _ in range(3):
                assert vendor(commands.get_room_statistics(vendor.room()[0])).total_viewers
        assert other.get("counts")["commands"] == {"get_room_stats": 1, "get_room_statistic": 3}


def test_an_account_that_tells_only_documented_fields_tells_no_online_count():
    with (
        simulator("--rooms", "25", "--churn", "0", "--fields", "documented") as documented,
        client_of(documented) as client,
    ):
        vendor = Vendor(documented, client)
        [room] = vendor(commands.get_room_list(count=1)).rooms
        info = vendor(commands.get_room_info(room.room_id))
        assert (room.online_count, room.owner_name, info.online_count) == (None, "", None)
        assert room.view_count and info.max_seat_count and info.take_seat_mode
        assert vendor(commands.get_member_list(room.room_id)).member_count
