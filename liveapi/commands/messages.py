"""Messages into a room. None is repeatable: the audience would read it twice.

ErrorCode 0 does not mean that it was delivered: a live group carries 40 messages a second, and what
the vendor drops is told by MsgDropReason only
(https://www.tencentcloud.com/document/product/269/125772). Such an answer raises
LiveApiError(kind="dropped"). Neither page of the Live commands has a field for the priority.
"""

from liveapi import calls, messages
from liveapi.calls import ROOMS, Call
from liveapi.messages import Delivery

# The pages name no size for these: a guard against nonsense, not a rule of the vendor.
MESSAGE_BYTES = 12_000
BUSINESS_ID_BYTES = 128


def _sender(account: str) -> dict[str, str]:
    return {"Sender_Account": calls.account(account, "Sender_Account")} if account else {}


def send_text_msg(room_id: str, sender: str, text: str, extension_info: str = "") -> Call[Delivery]:
    """A chat line by `sender`, "": by the identifier that calls. https://www.tencentcloud.com/document/product/647/74353

    extension_info: JSON text that arrives as CloudCustomData.
    """
    body = {
        "RoomId": calls.room(room_id),
        **_sender(sender),
        "TextContent": calls.text("TextContent", text, MESSAGE_BYTES, min_bytes=1),
    }
    if extension_info:
        body["ExtensionInfo"] = calls.text("ExtensionInfo", extension_info, MESSAGE_BYTES)
    return Call(ROOMS, "send_text_msg", body, messages.delivery, repeatable=False)


def send_custom_msg(room_id: str, sender: str, business_id: str, data: str) -> Call[Delivery]:
    """Data for apps that know `business_id`; `sender` as in send_text_msg. https://www.tencentcloud.com/document/product/647/74354"""
    body = {
        "RoomId": calls.room(room_id),
        **_sender(sender),
        "BusinessId": calls.text("BusinessId", business_id, BUSINESS_ID_BYTES, min_bytes=1),
        "Data": calls.text("Data", data, MESSAGE_BYTES),
    }
    return Call(ROOMS, "send_custom_msg", body, messages.delivery, repeatable=False)


def send_group_msg(room_id: str, sender: str, text: str, *, random: int) -> Call[Delivery]:
    """A chat line through the Chat service, past its own checks and webhooks (re-sending an
    approved message).

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
                "MsgContent": {"Text": calls.text("Text", text, MESSAGE_BYTES, min_bytes=1)},
            }
        ],
        "SendMsgControl": ["NoMsgCheck"],
        "ForbidCallbackControl": ["ForbidBeforeSendMsgCallback"],
    }
    return Call("group_open_http_svc", "send_group_msg", body, messages.delivery, repeatable=False)
