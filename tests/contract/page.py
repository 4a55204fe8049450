"""What the vendor's pages say of each command: written down from the pages, from neither of our
programs.

`required`, `optional`: fields of the body and their JSON types; those of RoomInfo are meant where
`inside` says so. `codes`: published for the command; every command may also refuse with those of
the gateway and of the account service. `read`: False for what is known only from the vendor's own
manager; then the field list may have gaps.
"""

from dataclasses import dataclass, field

LIVE, SEATS, LOGIN = "live_engine_http_srv", "room_engine_http_mic", "im_open_login_svc"
TEXT, NUMBER, YES, LIST = str, int, bool, list
ROOM = {"RoomId": TEXT}
COMMON = {100001, 100002, 100004}
GATEWAY = {60007, 60011, 60015}


@dataclass(frozen=True)
class Page:
    service: str
    source: str
    required: dict[str, type] = field(default_factory=dict)
    optional: dict[str, type] = field(default_factory=dict)
    codes: frozenset[int] = frozenset()
    inside: str = ""
    read: bool = True


def page(service, source, required, optional=None, codes=(), **more) -> Page:
    return Page(service, source, dict(required), dict(optional or {}), frozenset(codes), **more)


MEMBERS = ROOM | {"MemberList_Account": LIST}
ROBOTS = ROOM | {"RobotList_Account": LIST}
ROBOT_CODES = COMMON | {100006}
EDITED = {
    "RoomName": TEXT,
    "MaxMemberCount": NUMBER,
    "IsMessageDisabled": YES,
    "CoverURL": TEXT,
    "Category": LIST,
    "ActivityStatus": NUMBER,
    "IsPublicVisible": YES,
    "TakeSeatMode": TEXT,
    "Notice": TEXT,
    # not on the page of the update; the vendor's manager always sends it
    "IsUnlimitedRoomEnabled": YES,
}
CREATED = EDITED | {
    "SeatTemplate": TEXT,
    "Owner_Account": TEXT,
    "BackgroundURL": TEXT,
    "MaxSeatCount": NUMBER,
    "IsSeatEnabled": YES,
    "SeatLayoutTemplateId": NUMBER,
    "KeepOwnerOnSeat": YES,
}
SEAT = ROOM | {"Member_Account": TEXT}

PAGES = {
    "create_room": page(
        LIVE,
        "https://www.tencentcloud.com/document/product/647/63401",
        ROOM | {"RoomType": TEXT},
        CREATED,
        # 100015, an invalid RoomType, stands in the list of all codes: https://trtc.io/document/60027
        {100001, 100002, 100003, 100007, 100010, 100011, 100012, 100013, 100015},
        inside="RoomInfo",
    ),
    "destroy_room": page(LIVE, "https://trtc.io/document/63406", ROOM, None, COMMON | {100006}),
    "update_room_info": page(
        LIVE,
        "https://www.tencentcloud.com/document/product/647/63403",
        ROOM,
        EDITED,
        COMMON | {100006},
        inside="RoomInfo",
    ),
    "get_room_info": page(LIVE, "https://trtc.io/document/63404", ROOM, None, COMMON),
    "get_room_list": page(
        LIVE, "https://trtc.io/document/63405", {"Next": TEXT, "Count": NUMBER}, None, COMMON
    ),
    "get_room_metadata": page(
        LIVE,
        "https://trtc.io/document/64374",
        ROOM | {"Keys": LIST},
        None,
        COMMON | {100006, 100007},
    ),
    "set_room_metadata": page(
        LIVE,
        "https://tencentcloud.com/document/product/647/64375",
        ROOM | {"Metadata": LIST},
        None,
        COMMON | {100006, 100007, 100500, 100501, 100502, 100504},
    ),
    "del_room_metadata": page(
        LIVE,
        "https://tencentcloud.com/document/product/647/64376",
        ROOM | {"Keys": LIST},
        None,
        COMMON | {100006, 100007, 100503},
    ),
    "get_room_stats": page(
        LIVE, "https://cloud.tencent.com/document/product/647/132566", ROOM, None, COMMON
    ),
    "get_room_statistic": page(LIVE, "the vendor's manager", ROOM, None, COMMON, read=False),
    "ban_member": page(
        LIVE,
        "https://www.tencentcloud.com/zh/document/product/1071/76878",
        MEMBERS | {"Duration": NUMBER},
        {"Reason": TEXT},
        COMMON,
    ),
    "unban_member": page(
        LIVE, "https://tencentcloud.com/document/product/647/63410", MEMBERS, None, COMMON
    ),
    "get_banned_member_list": page(
        LIVE,
        "https://www.tencentcloud.com/document/product/1071/76880",
        ROOM,
        {"Offset": NUMBER, "Limit": NUMBER},
        COMMON,
    ),
    "mute_member": page(
        LIVE,
        "https://www.tencentcloud.com/zh/document/product/1071/76876",
        MEMBERS | {"MuteTime": NUMBER},
        None,
        COMMON,
    ),
    "get_muted_member_list": page(
        LIVE, "https://www.tencentcloud.com/zh/document/product/1071/76877", ROOM, None, COMMON
    ),
    "modify_admin": page(
        LIVE,
        "https://trtc.io/document/63411",
        ROOM | {"Admin_Account": LIST, "OpType": TEXT},
        None,
        COMMON | {100020},
    ),
    "get_admin_list": page(
        LIVE, "https://www.tencentcloud.com/document/product/1071/76882", ROOM, None, COMMON
    ),
    "get_member_list": page(
        LIVE, "https://trtc.io/document/66908", ROOM | {"Next": TEXT}, None, COMMON
    ),
    "add_robot": page(LIVE, "https://trtc.io/document/69079", ROBOTS, None, ROBOT_CODES),
    "del_robot": page(LIVE, "the vendor's manager", ROBOTS, None, ROBOT_CODES, read=False),
    "get_robot": page(
        LIVE, "https://www.tencentcloud.com/document/product/1071/76865", ROOM, None, ROBOT_CODES
    ),
    "send_text_msg": page(
        LIVE,
        "https://www.tencentcloud.com/document/product/647/74353",
        ROOM | {"TextContent": TEXT},
        {"Sender_Account": TEXT, "ExtensionInfo": TEXT},
        COMMON | {100017},
    ),
    "send_custom_msg": page(
        LIVE,
        "https://trtc.io/zh/document/74354",
        ROOM | {"BusinessId": TEXT, "Data": TEXT},
        {"Sender_Account": TEXT},
        COMMON | {100017},
    ),
    "send_gift": page(
        LIVE,
        "https://www.tencentcloud.com/zh/document/product/1071/76861",
        ROOM
        | {"GiftId": TEXT, "Count": NUMBER, "From_Account": TEXT, "ReceiverList_Account": LIST},
        None,
        COMMON | {102001, 102002, 102004, 102008},
    ),
    "get_gift_count": page(
        LIVE, "https://trtc.io/document/72557", ROOM | {"From_Account": TEXT}, None, COMMON
    ),
    "get_gift_info_list": page(LIVE, "the vendor's manager", {}, None, COMMON, read=False),
    "get_seat_list": page(
        SEATS, "https://cloud.tencent.com/document/product/269/117692", ROOM, None, COMMON
    ),
    "pick_user_on_seat": page(
        SEATS,
        "https://trtc.io/zh/document/60718",
        SEAT | {"Index": NUMBER},
        None,
        COMMON | {100005, 100200, 100202, 100203, 100205, 100210},
    ),
    "kick_user_off_seat": page(
        SEATS, "https://trtc.io/document/64429", SEAT, {"Data": TEXT}, COMMON | {100206}
    ),
    "kick": page(
        LOGIN,
        "https://trtc.io/document/34957",
        {"UserID": TEXT},
        None,
        {70107, 70169, 70402, 70403, 70500},
    ),
    "portrait_get": page(
        "profile",
        "https://trtc.io/document/34917",
        {"To_Account": LIST, "TagList": LIST},
        None,
        {70107, 70402},
        read=False,
    ),
}
# Most bytes, and most items of a list, that a page names.
MAX_BYTES = {
    ("ban_member", "Reason"): 200,
    ("create_room", "RoomId"): 48,
    ("create_room", "RoomName"): 100,
    ("create_room", "CoverURL"): 200,
    ("create_room", "Notice"): 100,
    ("update_room_info", "RoomName"): 100,
    ("update_room_info", "CoverURL"): 200,
    ("update_room_info", "Notice"): 100,
}
MAX_ITEMS = {
    ("ban_member", "MemberList_Account"): 20,
    ("unban_member", "MemberList_Account"): 20,
    ("create_room", "Category"): 3,
    ("update_room_info", "Category"): 3,
    ("portrait_get", "To_Account"): 100,
}
