"""UserSig: the signature that proves to the vendor which account calls. https://trtc.io/document/69883

A UserSig of the App administrator may do everything. It stays on the server and out of every text.
"""

import base64
import binascii
import hmac
import json
import struct
import threading
import time
import zlib
from collections.abc import Callable

from liveapi.errors import LiveApiError

WEEK = 604_800
RENEW_AT = 0.8  # of its life
_TO_URL = bytes.maketrans(b"+/=", b"*-_")
_FROM_URL = bytes.maketrans(b"*-_", b"+/=")
_MAX_BYTES = 4096


# Of a privateMapKey: enter the room (2), hear (8) and see (32) in it; not create it, not send
# sound, picture or screen.
WATCH_ONLY = 2 | 8 | 32


def sign(
    identifier: str, sdkappid: int, key: str, *, now: int, expire: int, userbuf: bytes = b""
) -> str:
    """The UserSig of `identifier`, valid from `now` (Unix seconds) for `expire` seconds; with
    `userbuf` a privateMapKey.

    The key is used as its own UTF-8 bytes, although it looks like hexadecimal.
    """
    buffer = base64.b64encode(userbuf).decode()
    lines = (
        f"TLS.identifier:{identifier}\nTLS.sdkappid:{sdkappid}\n"
        f"TLS.time:{int(now)}\nTLS.expire:{int(expire)}\n"
    ) + (f"TLS.userbuf:{buffer}\n" if buffer else "")
    digest = hmac.digest(key.encode(), lines.encode(), "sha256")
    fields = {
        "TLS.ver": "2.0",
        "TLS.identifier": identifier,
        "TLS.sdkappid": sdkappid,
        "TLS.expire": int(expire),
        "TLS.time": int(now),
        "TLS.sig": base64.b64encode(digest).decode(),
    } | ({"TLS.userbuf": buffer} if buffer else {})
    packed = zlib.compress(json.dumps(fields).encode())
    return base64.b64encode(packed).translate(_TO_URL).decode()


def private_map_key(
    identifier: str,
    sdkappid: int,
    key: str,
    *,
    room_id: str,
    privileges: int,
    now: int,
    expire: int,
) -> str:
    """What binds an entrance to one room (a string RoomId) and to `privileges`, where the
    application asks for it.

    https://trtc.io/document/35157 and the vendor's published generators
    (genPrivateMapKeyWithStringRoomID): account and room with their lengths, and between them
    application, number of the room (0: it has a name), end, privileges, account type.
    """
    account, room = identifier.encode(), room_id.encode()
    userbuf = b"".join(
        (
            b"\x01",
            struct.pack(">H", len(account)),
            account,
            struct.pack(">IIIII", sdkappid & 0xFFFFFFFF, 0, int(now) + int(expire), privileges, 0),
            struct.pack(">H", len(room)),
            room,
        )
    )
    return sign(identifier, sdkappid, key, now=now, expire=expire, userbuf=userbuf)


def decode(usersig: str) -> dict[str, object]:
    """The fields inside a UserSig (TLS.identifier, TLS.time ...), not verified.

    Raises LiveApiError(kind="malformed") for anything that is not one.
    """
    try:
        packed = base64.b64decode(usersig.encode("ascii").translate(_FROM_URL), validate=True)
        fields = json.loads(zlib.decompressobj().decompress(packed, _MAX_BYTES))
    except (ValueError, binascii.Error, zlib.error, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise LiveApiError("this is not a UserSig", kind="malformed", sent=False)
    return fields


class Signer:
    """Keeps one UserSig and signs again at 80 % of its life. Safe to share between threads."""

    def __init__(
        self,
        identifier: str,
        sdkappid: int,
        key: str,
        *,
        expire: int = WEEK,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._identifier = identifier
        self._sdkappid = sdkappid
        self._key = key
        self._expire = expire
        self._clock = clock
        self._lock = threading.Lock()
        self._usersig = ""
        self._signed_at = 0.0

    def __repr__(self) -> str:
        return f"Signer({self._identifier!r}, {self._sdkappid})"

    def usersig(self) -> str:
        """The current UserSig, signed anew when it is old or when the clock was set back before its
        birth.
        """
        age = self._clock() - self._signed_at
        if self._usersig and 0 <= age < self._expire * RENEW_AT:
            return self._usersig
        return self.renew(self._usersig)

    def renew(self, refused: str | None = None) -> str:
        """Signs anew.

        With `refused`, only if that is still current: many calls are refused at once.
        """
        with self._lock:
            if refused is None or refused == self._usersig:
                now = self._clock()
                self._usersig = sign(
                    self._identifier, self._sdkappid, self._key, now=int(now), expire=self._expire
                )
                self._signed_at = now
            return self._usersig
