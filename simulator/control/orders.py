"""The orders of the control endpoint: the clock, faults, rooms, what people do in them,
webhooks.
"""

import dataclasses
import time
from collections.abc import Callable
from typing import Any

from simulator import bodies
from simulator.api.commands import gifts, messages
from simulator.api.commands import rooms as room_commands
from simulator.api.faults import Fault
from simulator.api.server import RestApi
from simulator.errors import Refusal
from simulator.media.video import KINDS, Streams
from simulator.webhooks.crowd import MAX_ORDERED
from simulator.webhooks.sender import WebhookSender
from simulator.world import events, hosts, incidents, planting
from simulator.world.events import Event
from simulator.world.rooms import AWAY, INSIDE, NEVER, SEATED, Room

HOST_DOES: dict[str, Callable[..., None]] = {
    "comes": hosts.comes,
    "back": hosts.back,
    "leaves": hosts.leaves,
    "loses_heartbeat": hosts.loses_heartbeat,
    "takes_seat": hosts.takes_seat,
    "leaves_seat": hosts.leaves_seat,
}
# Events about something that is not so: (room, at, account) -> event.
LIES: dict[str, Callable[[Room, float, str], Event]] = {
    "created": lambda room, at, who: events.created(room, at, who, events.CLIENT),
    "destroyed": lambda room, at, who: events.destroyed(room, at, who, events.CLIENT),
    "updated": lambda room, at, who: events.updated(
        room, at, who, events.CLIENT, {"RoomName": "not so"}
    ),
    "entered": lambda room, at, who: events.members(room, at, events.ENTER, [who]),
    "left": lambda room, at, who: events.members(room, at, events.LEAVE, [who]),
    "heartbeat_lost": lambda room, at, who: events.members(room, at, events.LOST, [who]),
    "back": lambda room, at, who: events.members(room, at, events.RECOVERED, [who]),
    "seated": lambda room, at, who: events.seats(dataclasses.replace(room, seats={0: who}), at),
    "seats_empty": lambda room, at, _: events.seats(dataclasses.replace(room, seats={}), at),
    "owner": lambda room, at, who: events.owner(
        dataclasses.replace(room, info=room.info | {"Owner_Account": who}), at, who, room.owner
    ),
    "said": lambda room, at, who: events.message(room, at, who, events.text("never said"), 0),
}


class Orders:
    """One method an order.

    Raise Refusal, or TypeError, ValueError, KeyError for an order that makes no sense.
    """

    def __init__(self, api: RestApi, webhooks: WebhookSender, streams: Streams) -> None:
        self.api = api
        self.webhooks = webhooks
        self.streams = streams
        self.world = api.world

    def do_step(self, seconds: float) -> None:
        self.world.clock.step(seconds)
        self.world.move()

    def do_fault(self, **order: Any) -> None:
        self.api.faults.order(Fault(**order))

    def do_picture(self, room_id: str, kind: str = "fine", like: str = "") -> None:
        """How a room's picture is from now on: fine, black, frozen, silent or gone; `like`: the
        picture of another live room, which it keeps when that is gone.
        """
        if kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}")
        self.streams.show(room_id, kind, like)

    def do_reset_counts(self) -> None:
        self.api.calls.clear()
        self.api.counts.clear()
        self.api.codes.clear()

    # --- rooms ------------------------------------------------------------------------------------

    def do_rooms(
        self, host: str = SEATED, stubborn: bool = False, **fields: Any
    ) -> dict[str, object]:
        """`host`: where the host is to begin with."""
        if host not in {SEATED, INSIDE, AWAY, NEVER}:
            raise ValueError(f"host is one of {SEATED}, {INSIDE}, {AWAY}, {NEVER}")
        room = self.world.open_room(host_state=host, stubborn=stubborn, **fields)
        return {"RoomId": room.room_id, "owner": room.owner}

    def do_populate(self, rooms: int) -> None:
        self.world.populate(rooms)

    def do_destroy(self, room_id: str) -> None:
        self.world.close(self.world.room(room_id), "from inside")

    def do_end(self, room_id: str) -> None:
        """Its host ends it."""
        self.world.close(self.world.room(room_id), "left")

    def do_incident(self, room_id: str, kind: str, seconds: float = incidents.LASTS) -> None:
        """Something is wrong in a room for so many seconds: one of incidents.KINDS."""
        if kind not in incidents.KINDS:
            raise ValueError(f"kind is one of {', '.join(incidents.KINDS)}")
        planting.plant(self.world.room(room_id), kind, self.world.clock.now(), float(seconds))

    def do_group(self, group_id: str) -> None:
        self.world.groups.add(group_id)

    def do_update(self, room_id: str, **fields: object) -> None:
        """Its host changes what the room tells of itself."""
        room = self.world.room(room_id)
        room_commands.change(
            self.world, room, room_commands.checked(fields), room.owner, events.CLIENT
        )

    def do_owner(self, room_id: str, account: str) -> None:
        self.world.hand_over(self.world.room(room_id), account)

    # --- people -----------------------------------------------------------------------------------

    def do_enter(self, room_id: str, account: str) -> None:
        self.world.enter(self.world.room(room_id), account)

    def do_leave(self, room_id: str, account: str) -> None:
        self.world.leave(self.world.room(room_id), [account])

    def do_host(self, room_id: str, does: str, **how: object) -> dict[str, object]:
        """`does`: one of HOST_DOES; `seat` no: comes without taking one."""
        if does not in HOST_DOES:
            raise ValueError(f"does is one of {', '.join(HOST_DOES)}")
        room = self.world.room(room_id)
        HOST_DOES[does](self.world, room, self.world.clock.now(), **how)
        return {"host": room.host_state, "seats": room.seats}

    def do_push(self, key: str) -> None:
        """Somebody streams with an OBS stream key, which is checked as the vendor would. 100206: on
        no seat.
        """
        room_id, _, rest = bodies.text({"key": key}, "key").partition("?")
        given = dict(part.partition("=")[::2] for part in rest.split("&"))
        account, room = given.get("userid", ""), self.world.room(room_id)
        issued = self.api.verifier.check_user(
            sdkappid=given.get("sdkappid", ""),
            identifier=account,
            usersig=given.get("usersig", ""),
            now=time.time(),
        )
        if issued <= self.world.people.signatures_ended.get(account, 0):
            raise Refusal(70001, "the UserSig is older than the end of the account's sessions")
        if account not in room.seats.values():
            raise Refusal(100206, "not on a seat")
        room.streams.add(account)

    async def do_say(self, room_id: str, account: str, text: str) -> dict[str, object]:
        """A line from a client; with `before_messages` the webhook is asked first."""
        room, now = self.world.room(room_id), self.world.clock.now()
        text = bodies.text({"text": text}, "text", max_bytes=messages.MAX_BYTES)
        messages.may_say(self.world, room, account, "")
        elements = events.text(text)
        if self.webhooks.settings.before_messages:
            question = events.message(room, now, account, elements, 0, before=True)
            code = await self.webhooks.ask(question)
            if code:  # no answer in time: the line is delivered
                return {"said": False, "code": code}
        messages.say(
            self.world,
            room_id,
            account,
            {"Text": text},
            elements,
            caller="",
            platform=events.CLIENT,
        )
        return {"said": True, "code": 0}

    async def do_gift(
        self, room_id: str, account: str, gift_id: str, count: int = 1
    ) -> dict[str, object]:
        """A gift from a client; with `gifts` the webhook is asked first, and no answer in time
        refuses it.
        """
        room, now = self.world.room(room_id), self.world.clock.now()
        coins = self.world.catalogue.gifts[gifts.known_gift(self.world, gift_id)].coins
        if self.webhooks.settings.gifts:
            question = events.before_gift(room, now, account, gift_id, count, coins)
            code = await self.webhooks.ask(question)
            if code != 0:
                return {"given": False, "code": 102004 if code is None else code}
        body = {"RoomId": room_id, "From_Account": account, "GiftId": gift_id, "Count": count}
        gifts.send_gift(self.world, body | {"ReceiverList_Account": [room.owner]})
        return {"given": True, "code": 0}

    def do_chatter(self, room_id: str, lines: float) -> None:
        """So many lines a second from the crowd of one room; 0: no more than the others."""
        if isinstance(lines, bool) or not 0 <= lines <= MAX_ORDERED:
            raise ValueError(f"lines takes 0 to {MAX_ORDERED} a second")
        self.world.room(room_id)
        self.webhooks.crowd.ordered[room_id] = float(lines)

    # --- webhooks ---------------------------------------------------------------------------------

    def do_webhooks(self, **settings: Any) -> None:
        self.webhooks.configure(**settings)

    def do_lie(self, about: str, room_id: str, account: str = "") -> None:
        """A webhook about something that is not so; of the room's owner when no account is
        named.
        """
        now, room = self.world.clock.now(), self.world.rooms.get(room_id)
        if room is None:
            room = self.world.made_up(room_id, account or "nobody", now)
        self.webhooks.accept(LIES[about](room, now, account or room.owner))

    def do_event(self, command: str, room_id: str = "", **body: object) -> None:
        """Any webhook, as it stands."""
        self.webhooks.accept(Event(command, room_id, self.world.clock.now(), body))

    def do_resend(self, command: str = "", room_id: str = "") -> dict[str, object]:
        """The newest one that fits goes out once more, as it was."""
        delivery = next(self.webhooks.matching(command, room_id), None)
        if delivery is None:
            raise ValueError("no such webhook was written")
        self.webhooks.schedule(delivery)
        return {"number": delivery.number}
