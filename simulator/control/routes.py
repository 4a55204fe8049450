"""The test door under /_simulator/: what the world looks like from inside, and trouble on order. Loopback only."""

import inspect
import itertools
import json
from collections import defaultdict, deque
from typing import Any

from aiohttp import web

from simulator.api.server import Service
from simulator.control.orders import Doings
from simulator.errors import Refusal
from simulator.world import chat
from simulator.world.rooms import Room


def add_routes(app: web.Application, service: Service) -> None:
    door = Door(service)
    app.router.add_get("/_simulator/state", door.state)
    app.router.add_get("/_simulator/calls", door.calls)
    app.router.add_get("/_simulator/counts", door.counts)
    app.router.add_get("/_simulator/rooms", door.rooms)
    app.router.add_get("/_simulator/accounts", door.account)
    app.router.add_get("/_simulator/chat", door.chat)
    app.router.add_get("/_simulator/webhooks", door.webhooks)
    app.router.add_get("/_simulator/letters", door.letters)
    app.router.add_post("/_simulator/{what}", door.order)
    app.router.add_delete("/_simulator/fault", door.clear_faults)


class Door(Doings):
    """Reads are GETs; each POST runs the method of `Doings` named after `do_`, its body a JSON object."""

    async def state(self, request: web.Request) -> web.Response:
        world = self.world
        world.move()
        return web.json_response(
            {"rooms": len(world.rooms), "ended": len(world.ended), "now": world.clock.now()}
        )

    async def calls(self, request: web.Request) -> web.Response:
        """The calls since number `since`, oldest first; numbers count from the last reset_counts."""
        since, calls = since_of(request), self.service.calls
        first = self.service.counts.total() - len(calls)
        kept = itertools.islice(enumerate(calls, first), max(0, since - first), None)
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

    async def webhooks(self, request: web.Request) -> web.Response:
        return web.json_response(self.service.webhooks.seen())

    async def letters(self, request: web.Request) -> web.Response:
        """The webhooks written since number `since`, oldest first, of a room or of all."""
        since, wanted = since_of(request), request.query.get("room_id", "")
        rows = [
            {"number": letter.number, "command": letter.event.command, "room_id": letter.event.room_id,
             "tries": letter.tries, "body": json.loads(letter.raw)}
            for letter in self.service.webhooks.kept
            if letter.number >= since and wanted in {"", letter.event.room_id}
        ]  # fmt: skip
        return web.json_response(rows)

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
                      "stubborn": self.world.is_stubborn(room), "host": room.host_state, "seats": room.seats,
                      "streams": sorted(room.streams), "robots": room.robots, "admins": room.admins,
                      "metadata": room.metadata}  # fmt: skip
        return shown

    async def order(self, request: web.Request) -> web.Response:
        act = getattr(self, f"do_{request.match_info['what']}", None)
        if act is None:
            raise web.HTTPNotFound
        raw = await request.text()
        try:
            answer = act(**json.loads(raw or "{}"))
            if inspect.isawaitable(answer):
                answer = await answer
        except Refusal as refusal:
            return web.json_response({"code": refusal.code, "info": refusal.info}, status=409)
        except (TypeError, ValueError, KeyError) as error:
            return web.json_response({"info": str(error)}, status=400)
        return web.json_response(answer or {})

    async def clear_faults(self, request: web.Request) -> web.Response:
        self.service.faults.clear()
        return web.json_response({})


def since_of(request: web.Request) -> int:
    since = request.query.get("since", "0")
    if not (since.isascii() and since.isdecimal()):
        raise web.HTTPBadRequest(text="since takes a number")
    return int(since)
