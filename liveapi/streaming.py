"""Where a broadcasting program (OBS) sends its picture: server and stream key.
https://trtc.io/document/63457

The key holds a UserSig of the robot that streams: a secret, though one of that account alone. It is
made when it is shown and kept nowhere; `commands.kick` makes every signature useless that was made
before.
"""

import re
from dataclasses import dataclass, field

from liveapi import calls, usersig
from liveapi.config import SINGAPORE, LiveConfig, guess_host

SERVER = "rtmp://rtmp.rtc.qq.com/push"
INTERNATIONAL_SERVER = "rtmp://intl-rtmp.rtc.qq.com/push"
# By the vendor's page, for rooms that are streamed into by RTMP, and for accounts that sign.
ROOM_ID = re.compile(r"[A-Za-z0-9_]{1,64}")
ACCOUNT = re.compile(r"[A-Za-z0-9_-]{1,32}")


@dataclass(frozen=True, slots=True)
class PushAddress:
    """server: what OBS calls the server. key: its stream key, a secret."""

    server: str
    key: str = field(repr=False)


def check(room_id: str, account: str) -> None:
    """Raises LiveApiError(kind="invalid") when nobody could stream into this room as this
    account.
    """
    if not ROOM_ID.fullmatch(room_id):
        raise calls.invalid("a RoomId for OBS has letters, digits and _ only, at most 64")
    if not ACCOUNT.fullmatch(account):
        raise calls.invalid("an account for OBS has letters, digits, _ and - only, at most 32")


def push_address(
    config: LiveConfig, room_id: str, account: str, *, now: int, seconds: int, server: str = ""
) -> PushAddress:
    """The address for `account` in a room, valid from `now` (Unix seconds) for `seconds`. server:
    "" guesses the region.

    Raises LiveApiError(kind="invalid").
    """
    check(room_id, account)
    signature = usersig.sign(account, config.sdkappid, config.secret_key, now=now, expire=seconds)
    is_abroad = guess_host(config.sdkappid) == SINGAPORE
    key = f"{room_id}?sdkappid={config.sdkappid}&userid={account}&usersig={signature}"
    return PushAddress(server or (INTERNATIONAL_SERVER if is_abroad else SERVER), key)
