"""The REST door: address, signature, limits, faults, dispatch, envelope."""

import asyncio
import functools
import json
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

from aiohttp import web

from simulator import account_commands, covers, member_commands, room_commands
from simulator.faults import Faults
from simulator.limits import Limits
from simulator.refusal import Refusal
from simulator.signature import Doorkeeper
from simulator.world import World

Command = Callable[[World, dict[str, Any]], dict[str, Any] | None]
MOST_CALLS_KEPT = 100_000
LIVE = "live_engine_http_srv"
SEATS = ("get_seat_list", "pick_user_on_seat", "kick_user_off_seat", "switch_seat")
MEMBERS = (
    "ban_member", "unban_member", "get_banned_member_list", "mute_member", "get_muted_member_list", "modify_admin",
    "get_admin_list", "get_member_list", "add_robot", "del_robot", "get_robot", "get_gift_info_list", "send_gift",
    "get_gift_count", "send_text_msg", "send_custom_msg",
)  # fmt: skip
ROOMS = ("destroy_room", "update_room_info", "get_room_metadata", "set_room_metadata", "del_room_metadata")
ACCOUNTS = {
    "im_open_login_svc": ("account_import", "multiaccount_import", "account_check", "account_delete", "kick"),
    "profile": ("portrait_get", "portrait_set"),
    "openconfigsvr": ("setnospeaking", "getnospeaking"),
    "openim": ("query_online_status",),
}


def commands(*, full: bool, admin: str, statistics: str) -> dict[tuple[str, str], Command]:
    """Every (service, command) this service knows."""
    table: dict[tuple[str, str], Command] = {(LIVE, name): getattr(room_commands, name) for name in ROOMS}
    table |= {(LIVE, name): getattr(member_commands, name) for name in MEMBERS}
    table |= {("room_engine_http_mic", name): getattr(member_commands, name) for name in SEATS}
    table |= {
        (service, name): getattr(account_commands, name)
        for service, names in ACCOUNTS.items()
        for name in names
    }
    table[LIVE, "create_room"] = functools.partial(room_commands.create_room, caller=admin)
    table[LIVE, "get_room_info"] = functools.partial(room_commands.get_room_info, full=full)
    table[LIVE, "get_room_list"] = functools.partial(room_commands.get_room_list, full=full)
    table["group_open_http_svc", "send_group_msg"] = member_commands.send_group_msg
    known = ("get_room_stats", "get_room_statistic") if statistics == "both" else (statistics,)
    table |= {(LIVE, name): room_commands.get_room_statistics for name in known}
    return table


class Service:
    """One simulated application behind HTTP."""

    def __init__(self, world: World, *, sdkappid: int, secret: str, admin: str, latency: float = 0.0, full: bool = True,
                 statistics: str = "get_room_stats", limits: bool = True, control: bool = True) -> None:  # fmt: skip
        self.world = world
        self.latency = latency
        self.faults = Faults()
        self.limits = Limits() if limits else None
        self.doorkeeper = Doorkeeper(sdkappid=sdkappid, secret=secret, admin=admin)
        self.commands = commands(full=full, admin=admin, statistics=statistics)
        self.calls: deque[dict[str, Any]] = deque(maxlen=MOST_CALLS_KEPT)
        self.counts: Counter[str] = Counter()
        self.codes: Counter[int] = Counter()
        self.control = control

    def application(self) -> web.Application:
        app = web.Application(client_max_size=1_000_000)
        app.router.add_post("/v4/{service}/{command}", self.answer)
        app.router.add_get("/covers/{number:\\d+}.svg", drawn(covers.cover))
        app.router.add_get("/avatars/{number:\\d+}.svg", drawn(covers.avatar))
        if self.control:
            from simulator.control import add_routes  # here: it imports this module's Service for its types

            add_routes(app, self)
        return app

    async def answer(self, request: web.Request) -> web.StreamResponse:
        service, command = request.match_info["service"], request.match_info["command"]
        arrived, raw = time.time(), await request.read()
        body = parsed(raw)
        room_id = str((body or {}).get("RoomId", ""))
        fault = self.faults.for_call(command, room_id)
        if self.latency:
            await asyncio.sleep(self.latency)
        if fault and fault.kind in {"latency", "hang"}:
            await asyncio.sleep(fault.seconds or 30)
        if fault and fault.kind.startswith("http"):
            self.note(command, room_id, int(fault.kind[4:]), arrived)
            return web.Response(status=int(fault.kind[4:]), text="<html>bad gateway</html>")
        code, envelope = self.outcome(request, service, command, body, fault.code if fault else 0)
        self.note(command, room_id, code, arrived)
        if fault and fault.kind == "lost_answer" and request.transport is not None:
            request.transport.close()
        return shaped(json.dumps(envelope, ensure_ascii=False), fault.kind if fault else "")

    def outcome(
        self, request: web.Request, service: str, command: str, body: dict[str, Any] | None, forced: int
    ) -> tuple[int, dict[str, Any]]:
        """(ErrorCode, whole answer) of one call, with its effect on the world."""
        request_id = str(uuid.uuid4())
        try:
            if self.limits:
                self.limits.check(command, time.monotonic())
            if forced:
                raise Refusal(forced, "as ordered")
            query = request.query
            self.doorkeeper.check(sdkappid=query.get("sdkappid", ""), identifier=query.get("identifier", ""),
                                  usersig=query.get("usersig", ""), now=time.time())  # fmt: skip
            if body is None:
                raise Refusal(60003, "the body is not a JSON object")
            if (service, command) not in self.commands:
                raise Refusal(60009, "no such resource")
            self.world.move()
            payload = self.commands[service, command](self.world, body)
        except Refusal as refusal:
            refused = {"ActionStatus": "FAIL", "ErrorCode": refusal.code, "ErrorInfo": refusal.info}
            return refusal.code, refused | {"RequestId": request_id}
        envelope: dict[str, Any] = {
            "ActionStatus": "OK",
            "ErrorCode": 0,
            "ErrorInfo": "",
            "RequestId": request_id,
        }
        if service in ACCOUNTS:
            return 0, envelope | (payload or {})
        return 0, envelope | ({} if payload is None else {"Response": payload})

    def note(self, command: str, room_id: str, code: int, arrived: float) -> None:
        seq = self.counts.total()
        self.counts[command] += 1
        self.codes[code] += 1
        self.calls.append({"seq": seq, "at": arrived, "command": command, "room_id": room_id, "code": code})


def parsed(raw: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(raw)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def shaped(text: str, fault: str) -> web.Response:
    """The answer as sent, spoilt where a fault says so. HTTP 200 whatever the code."""
    text = {"malformed": "{'not': json,}", "empty": "", "truncated": text[: len(text) // 2]}.get(fault, text)
    return web.Response(text=text, content_type="application/json")


def drawn(draw: Callable[[int], str]) -> Callable[[web.Request], Any]:
    async def picture(request: web.Request) -> web.Response:
        number = int(request.match_info["number"][:9])
        return web.Response(
            text=draw(number), content_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"}
        )

    return picture
