"""Which command does what: every (service, command) that the stand-in answers."""

from collections.abc import Callable
from functools import partial

from simulator import (
    account_commands,
    gift_commands,
    member_commands,
    message_commands,
    metadata_commands,
    room_commands,
    seat_commands,
)
from simulator.bodies import Body
from simulator.listing import Listing
from simulator.world import World

Command = Callable[[World, Body], Body | None]
LIVE = "live_engine_http_srv"
SEATS = "room_engine_http_mic"
GROUPS = "group_open_http_svc"
STATISTICS = ("get_room_stats", "get_room_statistic")

_PLAIN: dict[str, tuple[Command, ...]] = {
    LIVE: (
        room_commands.destroy_room, room_commands.update_room_info,
        metadata_commands.get_room_metadata, metadata_commands.set_room_metadata, metadata_commands.del_room_metadata,
        member_commands.ban_member, member_commands.unban_member, member_commands.get_banned_member_list,
        member_commands.mute_member, member_commands.get_muted_member_list, member_commands.modify_admin,
        member_commands.get_admin_list, member_commands.get_member_list, member_commands.add_robot,
        member_commands.del_robot, member_commands.get_robot, room_commands.resume_mcu_task,
        gift_commands.send_gift, gift_commands.get_gift_count, gift_commands.get_gift_info_list, gift_commands.get_gift,
        gift_commands.add_gift, gift_commands.edit_gift, gift_commands.del_gift, gift_commands.get_gift_language,
        gift_commands.set_gift_language, gift_commands.del_gift_language, gift_commands.get_gift_category,
        gift_commands.add_gift_category, gift_commands.edit_gift_category, gift_commands.del_gift_category,
        gift_commands.get_gift_category_language, gift_commands.set_gift_category_language,
        gift_commands.del_gift_category_language, gift_commands.add_gift_category_relations,
        gift_commands.del_gift_category_relations,
    ),
    SEATS: (
        seat_commands.get_seat_list, seat_commands.pick_user_on_seat, seat_commands.kick_user_off_seat,
        seat_commands.switch_seat, seat_commands.lock_seat,
    ),
    "im_open_login_svc": (
        account_commands.account_import, account_commands.multiaccount_import, account_commands.account_check,
        account_commands.account_delete, account_commands.kick,
    ),
    "profile": (account_commands.portrait_get, account_commands.portrait_set),
    "openconfigsvr": (account_commands.setnospeaking, account_commands.getnospeaking),
    "openim": (account_commands.query_online_status,),
}  # fmt: skip


def table(listing: Listing, *, full: bool, admin: str, statistics: str) -> dict[tuple[str, str], Command]:
    """(service, command) -> what carries it out.

    full: rooms tell what only the vendor's own manager was seen to read. admin: who calls. statistics: the name of that
    command, or "both".
    """
    known: dict[tuple[str, str], Command] = {
        (service, command.__name__): command for service, commands in _PLAIN.items() for command in commands
    }
    known[LIVE, "create_room"] = partial(room_commands.create_room, caller=admin)
    known[LIVE, "get_room_info"] = partial(room_commands.get_room_info, full=full)
    known[LIVE, "get_room_list"] = partial(room_commands.get_room_list, listing=listing, full=full)
    known[LIVE, "send_text_msg"] = partial(message_commands.send_text_msg, caller=admin)
    known[LIVE, "send_custom_msg"] = partial(message_commands.send_custom_msg, caller=admin)
    known[GROUPS, "send_group_msg"] = partial(message_commands.send_group_msg, caller=admin)
    for name in STATISTICS if statistics == "both" else (statistics,):
        known[LIVE, name] = room_commands.get_room_statistics
    return known
