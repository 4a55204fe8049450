"""The one exception of this package, and what each published code means.

    LiveApiError
        kind "invalid"      an argument breaks the vendor's limits; nothing was sent
        kind "config"       the settings cannot work (no key, host not allowed); nothing was sent
        kind "budget"       our own call budget had no room in time; nothing was sent
        kind "transport"    no usable HTTP answer: refused, reset, HTTP 502 ...
        kind "timeout"      no answer in time
        kind "malformed"    an answer that is not what the vendor documents
        kind "vendor"       the vendor answered with an ErrorCode other than 0
        kind "dropped"      ErrorCode 0, and a field beside it says that it had no effect

Neither str() nor repr() nor a traceback of it holds a UserSig: texts are made of our own words and
the vendor's ErrorInfo, never of a URL, and the exceptions of the HTTP library (which print URLs)
are never chained.
"""

from typing import Any, NamedTuple


class Code(NamedTuple):
    """What one vendor code means in plain words, and whether the same call may work later."""

    meaning: str
    retryable: bool = False
    effect_unknown: bool = False


# https://trtc.io/document/63398 and https://trtc.io/document/60027 (60xxx, 100xxx),
# https://cloud.tencent.com/document/product/679/131708 (70xxx), https://trtc.io/document/72557
# (102xxx).
CODES: dict[int, Code] = {
    60002: Code("the address of the request could not be parsed"),
    60003: Code("the body of the request is not JSON"),
    60004: Code("wrong account or signature"),
    60005: Code("wrong account or signature"),
    60006: Code("the SDKAppID is not valid"),
    60007: Code("this command is called too often", retryable=True),
    60008: Code("the service timed out", retryable=True, effect_unknown=True),
    60009: Code("the service does not know this command"),
    60010: Code("the account is not an App administrator"),
    60011: Code("the application calls too often", retryable=True),
    60012: Code("the SDKAppID is missing"),
    60013: Code("the service could not read its own answer", retryable=True, effect_unknown=True),
    60014: Code(
        "the service timed out looking up the account", retryable=True, effect_unknown=True
    ),
    60015: Code("an account in the body is not text"),
    60016: Code("the application is disabled"),
    60017: Code("this request is disabled"),
    60018: Code("called too often", retryable=True),
    60019: Code("called too often", retryable=True),
    60020: Code("the package has expired (works again about 5 minutes after renewal)"),
    60021: Code("this address is not allowed to call"),
    70001: Code("the signature has expired"),
    70003: Code("the signature cannot be parsed"),
    70009: Code("the signature does not match (usually the secret key of another application)"),
    70013: Code("the signature was made for another account"),
    70014: Code("the signature was made for another application"),
    70016: Code("key or application not found here (usually the host of another region)"),
    70020: Code("key or application not found here (usually the host of another region)"),
    70050: Code("too many failed signatures, wait a minute", retryable=True),
    70051: Code("the account is on the vendor's block list"),
    70107: Code("the account does not exist"),
    70169: Code("the service timed out", retryable=True, effect_unknown=True),
    70402: Code("a parameter is not valid"),
    70403: Code("only an App administrator may do this"),
    70500: Code("internal error of the service", retryable=True, effect_unknown=True),
    100001: Code("internal error of the service", retryable=True, effect_unknown=True),
    100002: Code("a parameter is not valid"),
    100003: Code("the RoomId already exists"),
    100004: Code("the room does not exist or has ended"),
    100005: Code("not a member of the room"),
    100006: Code("not permitted in this room"),
    100007: Code("the package does not include this"),
    100008: Code("the room is full"),
    100009: Code("too many tags"),
    100010: Code("the RoomId is in use and already belongs to the caller"),
    100011: Code("the RoomId is used by a chat group"),
    100012: Code("the same RoomId was created less than a second ago", retryable=True),
    100013: Code("a limit of the package is reached"),
    100015: Code("wrong type of room"),
    100016: Code("the member is banned"),
    100017: Code("the member is muted"),
    100018: Code("the room needs a password"),
    100019: Code("the password of the room is wrong"),
    100020: Code("the room has its 5 administrators already"),
    100102: Code("conflicting signalling request"),
    100200: Code("the seat is locked"),
    100201: Code("the seat is taken"),
    100202: Code("already waiting for a seat"),
    100203: Code("already on a seat"),
    100204: Code("not waiting for a seat"),
    100205: Code("all seats are taken"),
    100206: Code("not on a seat"),
    100210: Code("somebody is on the seat"),
    100211: Code("no co-hosting in this room"),
    100251: Code("the seat list is empty"),
    100500: Code("too many metadata keys"),
    100501: Code("a metadata value is too big"),
    100502: Code("the metadata is too big altogether"),
    100503: Code("none of the metadata keys exists"),
    100504: Code("a metadata key is too long"),
    102001: Code("the package does not include gifts"),
    102002: Code("the gift does not exist"),
    102004: Code("the before-gift webhook refused or failed"),
    102008: Code("gifts are switched off in this room"),
}
# Families published as a range only.
FAMILIES: tuple[tuple[range, str], ...] = (
    (range(100400, 100406), "the connection between rooms failed"),
    (range(100411, 100422), "the battle between rooms failed"),
    (range(102100, 102201), "refused by the before-gift webhook"),
)

ROOM_GONE = 100004
FAILED_SIGNATURES = 70050
SIGNATURE_EXPIRED = 70001
TOO_OFTEN = frozenset({60007, 60018, 60019})
APPLICATION_TOO_OFTEN = 60011

_NO_SERVICE = frozenset({502, 503})
_EFFECT_UNKNOWN_KINDS = frozenset({"timeout", "malformed"})


def explain(code: int | None) -> str:
    """What a vendor ErrorCode means, in plain words; says so when it is not a published one."""
    if code is None:
        return "no code"
    if known := CODES.get(code):
        return known.meaning
    for family, meaning in FAMILIES:
        if code in family:
            return meaning
    return f"code {code} is not among the published ones"


class LiveApiError(Exception):
    """Whatever went wrong with one call.

    code: the vendor's ErrorCode, None when there was none. text: the vendor's ErrorInfo or our
    words. retryable: the same call may work later. request_id: the vendor's RequestId, "" when
    there was none. command: the command called. kind: see the module. http_status: 0 when there was
    no HTTP answer. sent: the request may have reached the vendor.
    """

    def __init__(
        self,
        text: str,
        *,
        kind: str,
        code: int | None = None,
        retryable: bool = False,
        request_id: str = "",
        command: str = "",
        http_status: int = 0,
        sent: bool = True,
    ) -> None:
        super().__init__(text)
        self.text = text
        self.kind = kind
        self.code = code
        self.retryable = retryable
        self.request_id = request_id
        self.command = command
        self.http_status = http_status
        self.sent = sent and kind not in {"invalid", "config", "budget"}

    @property
    def least_wait(self) -> float:
        """Seconds before the same call can work at all: after too many failed signatures the vendor
        refuses everything for a minute, and each call in it may start the minute anew. 0: nothing
        is known."""
        return 60.0 if self.code == FAILED_SIGNATURES else 0.0

    @property
    def effect_unknown(self) -> bool:
        """Whether it may have had its effect although it failed: read back before repeating a
        write.
        """
        if not self.sent:
            return False
        if self.kind == "vendor":
            known = CODES.get(self.code or 0)
            return bool(known and known.effect_unknown)
        if self.kind == "transport":
            # An answer below 500 came from something that refused the request before the service
            # saw it.
            return self.http_status == 0 or self.http_status >= 500
        return self.kind in _EFFECT_UNKNOWN_KINDS

    @property
    def certainly_without_effect(self) -> bool:
        """Whether even what cannot be read back may be repeated.

        A gateway answers 502 and 503 when it found no service to pass the request to. It may also
        have lost the service in the midst of it, so what can be read back is read back even then
        (effect_unknown).
        """
        return not self.effect_unknown or (
            self.kind == "transport" and self.http_status in _NO_SERVICE
        )

    def __str__(self) -> str:
        parts = [
            part for part in (self.command, str(self.code) if self.code is not None else "") if part
        ]
        return f"{' '.join(parts)}: {self.text}" if parts else self.text

    def __repr__(self) -> str:
        return (
            f"LiveApiError({self.text!r}, kind={self.kind!r}, code={self.code!r}, "
            f"command={self.command!r}, "
            f"request_id={self.request_id!r})"
        )

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only arguments: the default would call LiveApiError(text) and fail in the other
        # process.
        return (
            _rebuild,
            (self.text, {name: value for name, value in self.__dict__.items() if name != "text"}),
        )


def _rebuild(text: str, fields: dict[str, Any]) -> LiveApiError:
    return LiveApiError(text, **fields)


def vendor_error(
    code: int, text: str, *, command: str, request_id: str, http_status: int = 200
) -> LiveApiError:
    """The error for an answer with an ErrorCode other than 0; text is the vendor's ErrorInfo, maybe
    empty.
    """
    known = CODES.get(code)
    return LiveApiError(
        text or explain(code),
        kind="vendor",
        code=code,
        retryable=bool(known and known.retryable),
        command=command,
        request_id=request_id,
        http_status=http_status,
    )
