"""UserSig: the signature that proves to the vendor which account calls. https://trtc.io/document/69883

A UserSig of the App administrator may do everything. It stays on the server and out of every text.
"""

import base64
import binascii
import hmac
import json
import threading
import time
import zlib
from collections.abc import Callable
from typing import Any

from liveapi.errors import LiveApiError

WEEK = 604_800
RENEW_AT = 0.8  # of its life
_TO_URL = bytes.maketrans(b"+/=", b"*-_")
_FROM_URL = bytes.maketrans(b"*-_", b"+/=")
_MOST_BYTES = 4096


def sign(identifier: str, sdkappid: int, key: str, *, now: int, expire: int) -> str:
    """The UserSig of `identifier`, valid from `now` (Unix seconds) for `expire` seconds.

    The key is used as its own UTF-8 bytes, although it looks like hexadecimal.
    """
    lines = (
        f"TLS.identifier:{identifier}\nTLS.sdkappid:{sdkappid}\n"
        f"TLS.time:{int(now)}\nTLS.expire:{int(expire)}\n"
    )
    digest = hmac.digest(key.encode(), lines.encode(), "sha256")
    fields = {
        "TLS.ver": "2.0",
        "TLS.identifier": identifier,
        "TLS.sdkappid": sdkappid,
        "TLS.expire": int(expire),
        "TLS.time": int(now),
        "TLS.sig": base64.b64encode(digest).decode(),
    }
    packed = zlib.compress(json.dumps(fields).encode())
    return base64.b64encode(packed).translate(_TO_URL).decode()


def decode(usersig: str) -> dict[str, Any]:
    """The fields inside a UserSig (TLS.identifier, TLS.time ...), not verified.

    Raises LiveApiError(kind="malformed") for anything that is not one.
    """
    try:
        packed = base64.b64decode(usersig.encode("ascii").translate(_FROM_URL), validate=True)
        fields = json.loads(zlib.decompressobj().decompress(packed, _MOST_BYTES))
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
        """The current UserSig, signed anew when it is old or when the clock was set back before its birth."""
        age = self._clock() - self._signed_at
        if self._usersig and 0 <= age < self._expire * RENEW_AT:
            return self._usersig
        return self.renew(self._usersig)

    def renew(self, refused: str | None = None) -> str:
        """Signs anew. With `refused`, only if that is still current: many calls are refused at once."""
        with self._lock:
            if refused is None or refused == self._usersig:
                now = self._clock()
                self._usersig = sign(
                    self._identifier, self._sdkappid, self._key, now=int(now), expire=self._expire
                )
                self._signed_at = now
            return self._usersig
