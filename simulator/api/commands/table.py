"""Which command does what: every (service, command) that the stand-in answers."""

from collections.abc import Callable
from functools import partial

from simulator.api.commands import accounts, gifts, members, messages, metadata, rooms, seats
from simulator.api.listing import Listing
from simulator.bodies import Body
from simulator.world.world import World

Command = Callable[[World, Body], Body | None]
LIVE = "live_engine_http_srv"
SEATS = "room_engine_http_mic"
GROUPS = "group_open_http_svc"
STATISTICS = ("get_room_stats", "get_room_statistic")

_PLAIN: dict[str, tuple[Command, ...]] = {
    LIVE: (
        rooms.destroy_room,
        rooms.update_room_info,
        metadata.get_room_metadata,
        metadata.set_room_metadata,
        metadata.del_room_metadata,
        members.ban_member,
        members.unban_member,
        members.get_banned_member_list,
        members.mute_member,
        members.get_muted_member_list,
        members.modify_admin,
        members.get_admin_list,
        members.get_member_list,
        members.add_robot,
        members.del_robot,
        members.get_robot,
        rooms.resume_mcu_task,
        gifts.send_gift,
        gifts.get_gift_count,
        gifts.get_gift_info_list,
        gifts.get_gift,
        gifts.add_gift,
        gifts.edit_gift,
        gifts.del_gift,
        gifts.get_gift_language,
        gifts.set_gift_language,
        gifts.del_gift_language,
        gifts.get_gift_category,
        gifts.add_gift_category,
        gifts.edit_gift_category,
        gifts.del_gift_category,
        gifts.get_gift_category_language,
        gifts.set_gift_category_language,
        gifts.del_gift_category_language,
        gifts.add_gift_category_relations,
        gifts.del_gift_category_relations,
    ),
    SEATS: (
        seats.get_seat_list,
        seats.pick_user_on_seat,
        seats.kick_user_off_seat,
        seats.switch_seat,
        seats.lock_seat,
    ),
    "im_open_login_svc": (
        accounts.account_import,
        accounts.multiaccount_import,
        accounts.account_check,
        accounts.account_delete,
        accounts.kick,
    ),
    "profile": (accounts.portrait_get, accounts.portrait_set),
    "openconfigsvr": (accounts.setnospeaking, accounts.getnospeaking),
    "openim": (accounts.query_online_status,),
}


def command_table(
    listing: Listing, *, full: bool, admin: str, statistics: str
) -> dict[tuple[str, str], Command]:
    """(service, command) -> what carries it out.

    full: rooms tell what only the vendor's own manager was seen to read. admin: who calls.
    statistics: the name of that command, or "both".
    """
    known: dict[tuple[str, str], Command] = {
        (service, command.__name__): command
        for service, commands in _PLAIN.items()
        for command in commands
    }
    known[LIVE, "create_room"] = partial(rooms.create_room, caller=admin)
    known[LIVE, "get_room_info"] = partial(rooms.get_room_info, full=full)
    known[LIVE, "get_room_list"] = partial(rooms.get_room_list, listing=listing, full=full)
    known[LIVE, "send_text_msg"] = partial(messages.send_text_msg, caller=admin)
    known[LIVE, "send_custom_msg"] = partial(messages.send_custom_msg, caller=admin)
    known[GROUPS, "send_group_msg"] = partial(messages.send_group_msg, caller=admin)
    for name in STATISTICS if statistics == "both" else (statistics,):
        known[LIVE, name] = rooms.get_room_statistics
    return known
