"""Commands that say something in a room.

What was said is kept with the room; no REST command tells it again.
"""

import json

from simulator import bodies
from simulator.bodies import Body
from simulator.errors import Refusal
from simulator.world import events
from simulator.world.rooms import Room
from simulator.world.world import World

MAX_BYTES = 12_000
DROPPED = "MsgFreqCtrl"  # the one reason that a page prints


def may_say(world: World, room: Room, sender: str, caller: str) -> None:
    """Refusal 100017 for a muted sender, 70107 for an unknown one. The caller may always speak."""
    now = world.clock.now()
    world.people.require(sender)
    muted = room.muted.get(sender, 0) > now or world.people.silenced.get(sender, 0) > now
    may = sender in {caller, room.owner, *room.admins}
    if muted or (room.info["IsMessageDisabled"] and not may):
        raise Refusal(100017, "the member is muted")


def say(
    world: World,
    room_id: object,
    sender: str,
    said: Body,
    elements: list[Body],
    *,
    caller: str,
    platform: str = events.REST,
) -> Body:
    """Keeps a message and tells of it; Refusal as `may_say`.

    `elements`: its MsgBody; `caller`: "" for a client.

    A message that is dropped is answered with ErrorCode 0 as well; MsgDropReason alone tells.
    """
    room, now = world.room(room_id), world.clock.now()
    may_say(world, room, sender, caller)
    if world.drops_messages:
        return {"MsgTime": int(now), "MsgSeq": room.sent_messages, "MsgDropReason": DROPPED}
    room.sent_messages += 1
    room.messages.append({"From_Account": sender, "Time": int(now), **said})
    extension = said.get("ExtensionInfo", "")
    number = events.FIRST_SENT + room.sent_messages
    world.tell(
        events.message(
            room, now, sender, elements, number, by=caller, extension=extension, platform=platform
        )
    )
    return {"MsgTime": int(now), "MsgSeq": room.sent_messages, "MsgDropReason": ""}


def sender_of(body: Body, name: str, caller: str) -> str:
    """Who says it: the caller where nobody is named."""
    return bodies.account(body, name) if body.get(name) else caller


def send_text_msg(world: World, body: Body, *, caller: str) -> Body:
    said = {"Text": bodies.text(body, "TextContent", max_bytes=MAX_BYTES)}
    if "ExtensionInfo" in body:
        said["ExtensionInfo"] = bodies.text(body, "ExtensionInfo", min_bytes=0, max_bytes=MAX_BYTES)
    sender = sender_of(body, "Sender_Account", caller)
    return say(world, body.get("RoomId"), sender, said, events.text(said["Text"]), caller=caller)


def send_custom_msg(world: World, body: Body, *, caller: str) -> Body:
    said = {
        "BusinessId": bodies.text(body, "BusinessId"),
        "Data": bodies.text(body, "Data", max_bytes=MAX_BYTES),
    }
    elements = [{"MsgType": "TIMCustomElem", "MsgContent": {"Data": json.dumps(said)}}]
    sender = sender_of(body, "Sender_Account", caller)
    return say(world, body.get("RoomId"), sender, said, elements, caller=caller)


def send_group_msg(world: World, body: Body, *, caller: str) -> Body:
    """Answers at the top level, as Chat commands do."""
    bodies.number(body, "Random")
    elements = bodies.items(body, "MsgBody", 100)
    texts = []
    for element in elements:
        content = element.get("MsgContent")
        if not isinstance(element.get("MsgType"), str) or not isinstance(content, dict):
            raise Refusal(100002, "MsgBody takes objects with MsgType and MsgContent")
        if element["MsgType"] == "TIMTextElem":
            texts.append(bodies.text(content, "Text", max_bytes=MAX_BYTES))
    sender = sender_of(body, "From_Account", caller)
    said = {"Text": "".join(texts), "MsgBody": elements}
    return say(world, body.get("GroupId"), sender, said, elements, caller=caller)
