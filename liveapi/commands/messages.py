"""Messages into a room. None is repeatable: the audience would read it twice."""

from liveapi import calls, messages
from liveapi.calls import ROOMS, Call

# The pages name no size for these: a guard against nonsense, not a rule of the vendor.
MESSAGE_BYTES = 12_000
BUSINESS_ID_BYTES = 128


def send_text_msg(room_id: str, sender: str, text: str, extension_info: str = "") -> Call[None]:
    """A chat line by `sender`. https://www.tencentcloud.com/document/product/647/74353

    extension_info: JSON text that arrives as CloudCustomData.
    """
    body = {
        "RoomId": calls.room(room_id),
        "Sender_Account": calls.account(sender, "Sender_Account"),
        "TextContent": calls.text("TextContent", text, MESSAGE_BYTES, least=1),
    }
    if extension_info:
        body["ExtensionInfo"] = calls.text("ExtensionInfo", extension_info, MESSAGE_BYTES)
    return Call(ROOMS, "send_text_msg", body, messages.nothing, repeatable=False)


def send_custom_msg(room_id: str, sender: str, business_id: str, data: str) -> Call[None]:
    """Data for apps that know `business_id`. https://www.tencentcloud.com/document/product/647/74354"""
    body = {
        "RoomId": calls.room(room_id),
        "Sender_Account": calls.account(sender, "Sender_Account"),
        "BusinessId": calls.text("BusinessId", business_id, BUSINESS_ID_BYTES, least=1),
        "Data": calls.text("Data", data, MESSAGE_BYTES),
    }
    return Call(ROOMS, "send_custom_msg", body, messages.nothing, repeatable=False)


def send_group_msg(room_id: str, sender: str, text: str, *, random: int) -> Call[None]:
    """A chat line through the Chat service, past its own checks and webhooks (re-sending an approved
    message).

    random: 32 bits chosen by the caller; the GroupId of a Live room is its RoomId.
    """
    body = {
        "GroupId": calls.room(room_id),
        "From_Account": calls.account(sender, "From_Account"),
        "Random": calls.number("Random", random, 0, calls.UINT32),
        "MsgPriority": "Normal",
        "MsgBody": [
            {
                "MsgType": "TIMTextElem",
                "MsgContent": {"Text": calls.text("Text", text, MESSAGE_BYTES, least=1)},
            }
        ],
        "SendMsgControl": ["NoMsgCheck"],
        "ForbidCallbackControl": ["ForbidBeforeSendMsgCallback"],
    }
    return Call("group_open_http_svc", "send_group_msg", body, messages.nothing, repeatable=False)
