"""Checks a UserSig as the vendor does; written apart from the client so that each checks the
other.
"""

import base64
import hashlib
import hmac
import json
import zlib
from collections import OrderedDict

from simulator.bodies import Body
from simulator.errors import Refusal

MAX_REMEMBERED = 1000
_ALPHABET = str.maketrans({"*": "+", "-": "/", "_": "="})


def opened(usersig: str) -> Body:
    """The JSON object inside a UserSig; Refusal 70003 when it is none."""
    try:
        packed = base64.b64decode(usersig.translate(_ALPHABET), validate=True)
        unpacker = zlib.decompressobj()
        claims = json.loads(unpacker.decompress(packed, 10_000))
    except (ValueError, RecursionError, zlib.error) as error:
        raise Refusal(70003, "UserSig cannot be parsed") from error
    if not isinstance(claims, dict):
        raise Refusal(70003, "UserSig cannot be parsed")
    return claims


class UserSigVerifier:
    """Lets in requests signed with the application's key for the administrator."""

    def __init__(self, *, sdkappid: int, secret: str, admin: str) -> None:
        self._sdkappid = sdkappid
        self._secret = secret.encode()
        self._admin = admin
        self._known: OrderedDict[str, tuple[str, float, float]] = OrderedDict()

    def check(self, *, sdkappid: str, identifier: str, usersig: str, now: float) -> None:
        """Raises Refusal with the vendor's code for whatever is wrong with the three parameters."""
        self.check_user(sdkappid=sdkappid, identifier=identifier, usersig=usersig, now=now)
        if identifier != self._admin:
            raise Refusal(60010, "the request needs App administrator permission")

    def check_user(self, *, sdkappid: str, identifier: str, usersig: str, now: float) -> float:
        """When a UserSig of any account was issued, Unix seconds; Refusal as `check` for a wrong
        one.
        """
        if sdkappid != str(self._sdkappid):
            raise Refusal(60006, "SDKAppID is invalid")
        holder, issued, until = self._known.get(usersig) or self._verified(usersig)
        if holder != identifier:
            raise Refusal(70013, "identifier differs from the one in the UserSig")
        if now > until:
            raise Refusal(70001, "UserSig expired")
        return issued

    def _verified(self, usersig: str) -> tuple[str, float, float]:
        claims = opened(usersig)
        try:
            holder, issued, expire = (
                str(claims["TLS.identifier"]),
                int(claims["TLS.time"]),
                int(claims["TLS.expire"]),
            )
            sdkappid, given = int(claims["TLS.sdkappid"]), str(claims["TLS.sig"]).encode()
            signed = (
                f"TLS.identifier:{holder}\nTLS.sdkappid:{sdkappid}\n"
                f"TLS.time:{issued}\nTLS.expire:{expire}\n"
            )
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise Refusal(70003, "UserSig cannot be parsed") from error
        if sdkappid != self._sdkappid:
            raise Refusal(70014, "SDKAppID differs from the one in the UserSig")
        expected = base64.b64encode(
            hmac.new(self._secret, signed.encode(), hashlib.sha256).digest()
        )
        if not hmac.compare_digest(expected, given):
            raise Refusal(70009, "UserSig verification failed")
        known = self._known[usersig] = holder, issued, issued + expire
        if len(self._known) > MAX_REMEMBERED:
            self._known.popitem(last=False)
        return known
