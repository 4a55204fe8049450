"""The control endpoint under /_simulator/: shows the world from inside and takes orders.

For tests; loopback only.
"""

import inspect
import itertools
import json
from collections import defaultdict, deque

from aiohttp import web

from simulator.api.server import RestApi
from simulator.control.orders import Orders
from simulator.errors import Refusal
from simulator.media.video import Streams
from simulator.webhooks.sender import WebhookSender
from simulator.world import chat
from simulator.world.rooms import Room


class ControlEndpoint:
    """Reads are GETs; each POST runs the method of `Orders` named after `do_`, its body a JSON
    object.
    """

    def __init__(self, api: RestApi, webhooks: WebhookSender, streams: Streams) -> None:
        self.api = api
        self.webhooks = webhooks
        self.world = api.world
        self.orders = Orders(api, webhooks, streams)

    def add_routes(self, app: web.Application) -> None:
        for name, read in (
            ("state", self.state),
            ("calls", self.calls),
            ("counts", self.counts),
            ("rooms", self.rooms),
            ("accounts", self.account),
            ("chat", self.chat),
            ("webhooks", self.webhook_state),
            ("deliveries", self.deliveries),
        ):
            app.router.add_get(f"/_simulator/{name}", read)
        app.router.add_post("/_simulator/{what}", self.order)
        app.router.add_delete("/_simulator/fault", self.clear_faults)

    async def state(self, request: web.Request) -> web.Response:
        world = self.world
        world.move()
        return web.json_response(
            {"rooms": len(world.rooms), "ended": len(world.ended), "now": world.clock.now()}
        )

    async def calls(self, request: web.Request) -> web.Response:
        """The calls since number `since`, oldest first; numbers count from the last
        reset_counts.
        """
        since, calls = since_of(request), self.api.calls
        first = self.api.counts.total() - len(calls)
        kept = itertools.islice(enumerate(calls, first), max(0, since - first), None)
        return web.json_response([{"seq": seq, **call._asdict()} for seq, call in kept])

    async def counts(self, request: web.Request) -> web.Response:
        busiest: dict[str, int] = defaultdict(int)
        windows: dict[str, deque[float]] = defaultdict(deque)
        for call in self.api.calls:
            window = windows[call.command]
            window.append(call.at)
            while window[0] <= call.at - 1.0:
                window.popleft()
            busiest[call.command] = max(busiest[call.command], len(window))
        counts = {"commands": self.api.counts, "codes": self.api.codes, "most_in_a_second": busiest}
        return web.json_response(counts)

    async def rooms(self, request: web.Request) -> web.Response:
        wanted = request.query.get("room_id")
        self.world.move()
        if wanted is None:
            return web.json_response(
                {"rooms": [self.seen(room) for room in self.world.rooms.values()]}
            )
        room = self.world.rooms.get(wanted)
        endings = [{"at": e.at, "why": e.why} for e in self.world.ended if e.room_id == wanted]
        return web.json_response(
            {
                "live": room is not None,
                "endings": endings,
                **(self.seen(room, deep=True) if room else {}),
            }
        )

    async def webhook_state(self, request: web.Request) -> web.Response:
        return web.json_response(self.webhooks.state())

    async def deliveries(self, request: web.Request) -> web.Response:
        """The webhooks written since number `since`, oldest first, of a room or of all."""
        since, wanted = since_of(request), request.query.get("room_id", "")
        rows = [
            {
                "number": delivery.number,
                "command": delivery.event.command,
                "room_id": delivery.event.room_id,
                "tries": delivery.tries,
                "body": json.loads(delivery.raw),
            }
            for delivery in self.webhooks.kept
            if delivery.number >= since and wanted in {"", delivery.event.room_id}
        ]
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
            {
                "imported": True,
                "rooms": self.world.live_rooms_of[account],
                **profile,
                **restrictions,
            }
        )

    async def chat(self, request: web.Request) -> web.Response:
        """The newest lines of a room's crowd, as somebody in the room would have read them."""
        room, now = self.world.rooms.get(request.query.get("room_id", "")), self.world.clock.now()
        return web.json_response(
            {"lines": chat.lines(room, self.world.audience, now, 50) if room else []}
        )

    def seen(self, room: Room, *, deep: bool = False) -> dict[str, object]:
        now = self.world.clock.now()
        shown = {
            "RoomId": room.room_id,
            "owner": room.owner,
            "online": self.world.online(room),
            "views": room.views(now),
        }
        if deep:
            shown |= {
                "banned": room.banned,
                "muted": room.muted,
                "messages": list(room.messages),
                "info": room.info,
                "guests": sorted(room.guests),
                "statistics": room.statistics(now),
                "stubborn": self.world.is_stubborn(room),
                "host": room.host_state,
                "seats": room.seats,
                "streams": sorted(room.streams),
                "robots": room.robots,
                "admins": room.admins,
                "metadata": room.metadata,
            }
        return shown

    async def order(self, request: web.Request) -> web.Response:
        act = getattr(self.orders, f"do_{request.match_info['what']}", None)
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
        self.api.faults.clear()
        return web.json_response({})


def since_of(request: web.Request) -> int:
    since = request.query.get("since", "0")
    if not (since.isascii() and since.isdecimal()):
        raise web.HTTPBadRequest(text="since takes a number")
    return int(since)
