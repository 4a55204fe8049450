"""The REST API: address, signature, limits, faults, dispatch, envelope."""

import asyncio
import json
import time
import uuid
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from aiohttp import web

from simulator.api.commands.table import LIVE, SEATS, STATISTICS, command_table
from simulator.api.faults import Faults
from simulator.api.listing import Listing
from simulator.api.rate_limits import Limits
from simulator.api.signature import UserSigVerifier
from simulator.bodies import UINT32, Body
from simulator.errors import Refusal
from simulator.world.world import World

MAX_CALLS_KEPT = 60_000
USUAL_HANG = 30.0  # seconds
UNKNOWN = "unknown"  # what all commands that do not exist are counted as
# These answer under `Response`, Chat's own services at the top level of the body.
UNDER_RESPONSE = {LIVE, SEATS}
SAID_OK = {"ActionStatus": "OK", "ErrorCode": 0, "ErrorInfo": ""}


class Noted(NamedTuple):
    """One call as it arrived.

    `at`: Unix seconds; `code`: ErrorCode, or the HTTP status of a fault.
    """

    at: float
    command: str
    room_id: str
    code: int


@dataclass(frozen=True, slots=True)
class ApiOptions:
    """Who may call, and how the API answers.

    `secret`: the application's key. `latency`: seconds before every answer. `full`: rooms carry the
    optional fields. `statistics`: the name of that command, or "both". `limits`: whether the
    published call limits are kept.
    """

    sdkappid: int
    secret: str = field(repr=False)
    admin: str
    latency: float = 0.0
    full: bool = True
    statistics: str = "both"
    limits: bool = True


class RestApi:
    """The commands of one application behind HTTP.

    `calls`: the newest ones, for the control endpoint.
    """

    def __init__(self, world: World, options: ApiOptions) -> None:
        self.world = world
        self.latency = options.latency
        self.faults = Faults(world.seed)
        self.limits = Limits() if options.limits else None
        self.verifier = UserSigVerifier(
            sdkappid=options.sdkappid, secret=options.secret, admin=options.admin
        )
        self.commands = command_table(
            Listing(world), full=options.full, admin=options.admin, statistics=options.statistics
        )
        self.names = {name for _, name in self.commands} | set(STATISTICS)
        self.calls: deque[Noted] = deque(maxlen=MAX_CALLS_KEPT)
        self.counts: Counter[str] = Counter()
        self.codes: Counter[int] = Counter()

    def add_routes(self, app: web.Application) -> None:
        app.router.add_post("/v4/{service}/{command}", self.answer)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        service, command = request.match_info["service"], request.match_info["command"]
        arrived, body = time.time(), parsed(await request.read())
        room_id, too_often = room_of(body), self.too_often(command)
        fault = self.faults.for_call(command, room_id)
        if self.latency:
            await asyncio.sleep(self.latency)
        if fault and fault.kind in {"latency", "hang"}:
            await asyncio.sleep(fault.seconds or USUAL_HANG)
        if fault and fault.kind.startswith("http"):
            self.note(command, room_id, int(fault.kind[4:]), arrived)
            return web.Response(status=int(fault.kind[4:]), text="<html>bad gateway</html>")
        refused = Refusal(fault.code, "as ordered") if fault and fault.kind == "code" else too_often
        self.world.drops_messages = (
            fault is not None and fault.kind == "dropped"
        )  # nothing is awaited before it is read
        envelope = self.outcome(request.query, (service, command), body, refused)
        self.world.drops_messages = False
        self.note(command, room_id, envelope["ErrorCode"], arrived)
        if fault and fault.kind == "lost_answer" and request.transport is not None:
            await asyncio.sleep(fault.seconds)
            request.transport.abort()
        return shaped(json.dumps(envelope, ensure_ascii=False), fault.kind if fault else "")

    def outcome(
        self,
        query: Mapping[str, str],
        address: tuple[str, str],
        body: Body | None,
        refused: Refusal | None,
    ) -> Body:
        """The whole answer of one call, with its effect on the world: none when it is `refused`
        already.
        """
        request_id = str(uuid.uuid4())
        try:
            if refused:
                raise refused
            self.admit(query)
            if body is None:
                raise Refusal(60003, "the body is not a JSON object")
            if address not in self.commands:
                raise Refusal(60009, "no such resource")
            self.world.move()
            payload = self.commands[address](self.world, body)
        except Refusal as refusal:
            failed = {"ActionStatus": "FAIL", "ErrorCode": refusal.code, "ErrorInfo": refusal.info}
            return failed | {"RequestId": request_id}
        envelope = SAID_OK | {"RequestId": request_id}
        if payload is None:
            return envelope
        return envelope | ({"Response": payload} if address[0] in UNDER_RESPONSE else payload)

    def too_often(self, command: str) -> Refusal | None:
        """What the call limits say to a call that arrives now; latency must not push calls together
        afterwards.
        """
        if self.limits and command in self.names:
            try:
                self.limits.check(command, time.monotonic())
            except Refusal as refusal:
                return refusal
        return None

    def admit(self, query: Mapping[str, str]) -> None:
        """Refusal 60002 for a wrong `random` or `contenttype`, 60012 for no application, else as
        the verifier.
        """
        if not query.get("sdkappid"):
            raise Refusal(60012, "sdkappid is missing")
        random = query.get("random", "")
        well_formed = (
            random.isascii() and random.isdigit() and len(random) <= 10 and int(random) <= UINT32
        )
        if not well_formed or query.get("contenttype") != "json":
            raise Refusal(60002, "random takes an unsigned 32-bit integer, contenttype json")
        self.verifier.check(
            sdkappid=query["sdkappid"],
            identifier=query.get("identifier", ""),
            usersig=query.get("usersig", ""),
            now=time.time(),
        )

    def note(self, command: str, room_id: str, code: int, arrived: float) -> None:
        command = command if command in self.names else UNKNOWN
        self.counts[command] += 1
        self.codes[code] += 1
        room = self.world.rooms.get(room_id)
        # The world's own text where there is one: thousands of noted calls share it.
        self.calls.append(Noted(arrived, command, room.room_id if room else room_id, code))


def parsed(raw: bytes) -> Body | None:
    """The JSON object of a body; None when it is none, or holds half a character."""
    try:
        body = json.loads(raw)
        if b"\\ud" in raw.lower():
            json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def room_of(body: Body | None) -> str:
    """The RoomId that a body speaks of, wherever its command keeps it; "" for none."""
    if body is None:
        return ""
    info = body.get("RoomInfo")
    found = (info if isinstance(info, dict) else body).get("RoomId") or body.get("GroupId")
    return found if isinstance(found, str) else ""


def shaped(text: str, fault: str) -> web.Response:
    """The answer as sent, spoilt where a fault says so. HTTP 200 whatever the code."""
    text = {"malformed": "{'not': json,}", "empty": "", "truncated": text[: len(text) // 2]}.get(
        fault, text
    )
    return web.Response(text=text, content_type="application/json")
