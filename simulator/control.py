"""The test door under /_simulator/: what the world looks like from inside, and trouble on order. Loopback only."""

import itertools
import json
from collections import defaultdict, deque
from typing import Any

from aiohttp import web

from simulator import chat
from simulator.faults import Fault
from simulator.http import Service
from simulator.refusal import Refusal
from simulator.rooms import Room


def add_routes(app: web.Application, service: Service) -> None:
    door = Door(service)
    app.router.add_get("/_simulator/state", door.state)
    app.router.add_get("/_simulator/calls", door.calls)
    app.router.add_get("/_simulator/counts", door.counts)
    app.router.add_get("/_simulator/rooms", door.rooms)
    app.router.add_get("/_simulator/accounts", door.account)
    app.router.add_get("/_simulator/chat", door.chat)
    app.router.add_post("/_simulator/{what}", door.order)
    app.router.add_delete("/_simulator/fault", door.clear_faults)


class Door:
    """Reads are GETs; each POST runs the method named after `do_`, its body a JSON object."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.world = service.world

    async def state(self, request: web.Request) -> web.Response:
        world = self.world
        world.move()
        return web.json_response(
            {"rooms": len(world.rooms), "ended": len(world.ended), "now": world.clock.now()}
        )

    async def calls(self, request: web.Request) -> web.Response:
        """The calls since number `since`, oldest first; numbers count from the last reset_counts."""
        since, calls = request.query.get("since", "0"), self.service.calls
        if not since.isdecimal():
            raise web.HTTPBadRequest(text="since takes a number")
        first = self.service.counts.total() - len(calls)
        kept = itertools.islice(enumerate(calls, first), max(0, int(since) - first), None)
        return web.json_response([{"seq": seq, **call._asdict()} for seq, call in kept])

    async def counts(self, request: web.Request) -> web.Response:
        most: dict[str, int] = defaultdict(int)
        windows: dict[str, deque[float]] = defaultdict(deque)
        for call in self.service.calls:
            window = windows[call.command]
            window.append(call.at)
            while window[0] <= call.at - 1.0:
                window.popleft()
            most[call.command] = max(most[call.command], len(window))
        counts = {"commands": self.service.counts, "codes": self.service.codes, "most_in_a_second": most}
        return web.json_response(counts)

    async def rooms(self, request: web.Request) -> web.Response:
        wanted = request.query.get("room_id")
        self.world.move()
        if wanted is None:
            return web.json_response({"rooms": [self.seen(room) for room in self.world.rooms.values()]})
        room = self.world.rooms.get(wanted)
        endings = [{"at": e.at, "why": e.why} for e in self.world.ended if e.room_id == wanted]
        return web.json_response(
            {"live": room is not None, "endings": endings, **(self.seen(room, deep=True) if room else {})}
        )

    async def account(self, request: web.Request) -> web.Response:
        account, people = request.query.get("account", ""), self.world.people
        profile = people.find(account)
        if profile is None:
            return web.json_response({"imported": False})
        restrictions = {
            "sessions_ended": people.sessions_ended.get(account),
            "silenced_until": people.silenced.get(account),
        }
        return web.json_response(
            {"imported": True, "rooms": self.world.live_rooms_of[account], **profile, **restrictions}
        )

    async def chat(self, request: web.Request) -> web.Response:
        """The newest lines of a room's crowd, as somebody in the room would have read them."""
        room, now = self.world.rooms.get(request.query.get("room_id", "")), self.world.clock.now()
        return web.json_response({"lines": chat.lines(room, self.world.audience, now, 50) if room else []})

    def seen(self, room: Room, *, deep: bool = False) -> dict[str, Any]:
        now = self.world.clock.now()
        shown = {
            "RoomId": room.room_id,
            "owner": room.owner,
            "online": self.world.online(room),
            "views": room.views(now),
        }
        if deep:
            shown |= {"banned": room.banned, "muted": room.muted, "messages": list(room.messages), "info": room.info,
                      "guests": sorted(room.guests), "statistics": room.statistics(now),
                      "stubborn": self.world.is_stubborn(room)}  # fmt: skip
        return shown

    async def order(self, request: web.Request) -> web.Response:
        act = getattr(self, f"do_{request.match_info['what']}", None)
        if act is None:
            raise web.HTTPNotFound
        raw = await request.text()
        try:
            answer = act(**json.loads(raw or "{}"))
        except Refusal as refusal:
            return web.json_response({"code": refusal.code, "info": refusal.info}, status=409)
        except (TypeError, ValueError, KeyError) as error:
            return web.json_response({"info": str(error)}, status=400)
        return web.json_response(answer or {})

    async def clear_faults(self, request: web.Request) -> web.Response:
        self.service.faults.clear()
        return web.json_response({})

    def do_step(self, seconds: float) -> None:
        self.world.clock.step(seconds)
        self.world.move()

    def do_fault(self, **order: Any) -> None:
        self.service.faults.order(Fault(**order))

    def do_reset_counts(self) -> None:
        self.service.calls.clear()
        self.service.counts.clear()
        self.service.codes.clear()

    def do_rooms(self, **fields: Any) -> dict[str, Any]:
        return self.seen(self.world.open_room(**fields))

    def do_populate(self, rooms: int) -> None:
        self.world.populate(rooms)

    def do_enter(self, room_id: str, account: str) -> None:
        self.world.enter(self.world.room(room_id), account)

    def do_leave(self, room_id: str, account: str) -> None:
        self.world.room(room_id).guests.discard(account)

    def do_destroy(self, room_id: str) -> None:
        self.world.close(self.world.room(room_id), "from inside")
