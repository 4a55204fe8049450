"""Gifts: the catalogue, what one sender gave, and giving one from the server."""

from collections.abc import Sequence

from liveapi import calls, messages
from liveapi.calls import ROOMS, Call
from liveapi.messages import Gift, GiftCount

GIFT_ID_BYTES = 128
RECEIVERS = 100


def get_gift_count(room_id: str, sender: str) -> Call[GiftCount]:
    """The totals of one sender in one room. https://trtc.io/document/72557"""
    body = {"RoomId": calls.room(room_id), "From_Account": calls.account(sender, "From_Account")}
    return Call(ROOMS, "get_gift_count", body, messages.gift_count, reads=True)


def get_gift_info_list() -> Call[tuple[Gift, ...]]:
    """The gifts of the application with their prices in coins."""
    return Call(ROOMS, "get_gift_info_list", {}, messages.gifts, reads=True)


def send_gift(
    room_id: str, sender: str, receivers: Sequence[str], gift_id: str, count: int = 1
) -> Call[None]:
    """Gives a gift in the sender's name. Not repeatable."""
    body = {
        "RoomId": calls.room(room_id),
        "GiftId": calls.text("GiftId", gift_id, GIFT_ID_BYTES, min_bytes=1),
        "Count": calls.number("Count", count, 1, calls.UINT32),
        "From_Account": calls.account(sender, "From_Account"),
        "ReceiverList_Account": calls.accounts(receivers, RECEIVERS, "ReceiverList_Account"),
    }
    return Call(ROOMS, "send_gift", body, messages.nothing, repeatable=False)
