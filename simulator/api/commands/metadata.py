"""Commands about a room's metadata. Limits: https://tencentcloud.com/document/product/647/64375"""

from simulator import bodies
from simulator.bodies import Body
from simulator.errors import Refusal
from simulator.world import events
from simulator.world.world import World

MAX_KEYS = 10
MAX_KEY_BYTES = 50
MAX_VALUE_BYTES = 2048
MAX_BYTES = 16_384


def keys_of(body: Body) -> list[str]:
    keys = body.get("Keys", [])
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise Refusal(100002, "Keys takes an array of strings")
    return keys


def get_room_metadata(world: World, body: Body) -> Body:
    room, keys = world.room(body.get("RoomId")), keys_of(body)
    wanted = keys or list(room.metadata)
    return {
        "Metadata": [
            {"Key": key, "Value": room.metadata[key]} for key in wanted if key in room.metadata
        ]
    }


def set_room_metadata(world: World, body: Body) -> None:
    room = world.room(body.get("RoomId"))
    given: dict[str, str] = {}
    for item in bodies.items(body, "Metadata", 1000):
        key, value = item.get("Key"), item.get("Value")
        if not isinstance(key, str) or not key or not isinstance(value, str):
            raise Refusal(100002, "Key and Value take strings")
        given[key] = value
    merged = room.metadata | given
    if len(merged) > MAX_KEYS:
        raise Refusal(100500, "too many keys")
    if any(len(key.encode()) > MAX_KEY_BYTES for key in merged):
        raise Refusal(100504, "a key is too long")
    if any(len(value.encode()) > MAX_VALUE_BYTES for value in merged.values()):
        raise Refusal(100501, "a value is too big")
    if sum(len(value.encode()) for value in merged.values()) > MAX_BYTES:
        raise Refusal(100502, "all values together are too big")
    room.metadata = merged
    world.tell(events.metadata_set(room, world.clock.now(), world.admin, given))


def del_room_metadata(world: World, body: Body) -> None:
    room, keys = world.room(body.get("RoomId")), keys_of(body)
    gone = [key for key in keys if key in room.metadata]
    if not gone:
        raise Refusal(100503, "no key exists")
    room.metadata = {key: value for key, value in room.metadata.items() if key not in gone}
    world.tell(events.metadata_deleted(room, world.clock.now(), world.admin, gone))
