"""The rooms as the collector remembers them."""

from rooms.collector.known_rooms import KnownRooms
from rooms.ingest.changes import Known


def known(pk, room_id="", owner="host"):
    return Known(pk, room_id or f"room-{pk}", 1000, owner, "", None, None)


def filled(*rooms):
    registry = KnownRooms()
    heard = []
    registry.listen(
        lambda room: heard.append(("added", room.pk)), lambda room: heard.append(("gone", room.pk))
    )
    for room in rooms:
        registry.put(room)
    return registry, heard


def test_listeners_hear_of_every_room_once():
    registry, heard = filled(known(1), known(1))
    registry.drop(1)
    registry.drop(1)

    assert heard == [("added", 1), ("gone", 1)]


def test_the_rooms_of_a_host_are_known():
    registry, _ = filled(known(1), known(2), known(3, owner="other"))

    assert registry.of_owner("host") == {1, 2}
    registry.drop(1)
    registry.drop(2)
    assert registry.of_owner("host") == set()


def test_a_changed_host_is_heard_of():
    registry, heard = filled(known(1))
    registry.put(known(1, owner="other"))

    assert heard == [("added", 1), ("gone", 1), ("added", 1)]
    assert registry.of_owner("other") == {1}


def test_rooms_that_a_sweep_has_not_listed_are_named():
    registry, _ = filled(known(1), known(2))

    assert registry.absent({"room-2"}, [1, 2]) == [1]


def test_a_room_that_came_during_the_sweep_is_not_absent():
    registry, _ = filled(known(1), known(2))

    assert registry.absent({"room-1"}, [1]) == []


def test_a_room_that_ended_during_the_sweep_is_not_absent():
    registry, _ = filled(known(1), known(2))
    registry.drop(2)

    assert registry.absent({"room-1"}, [1, 2]) == []


def test_a_later_broadcast_keeps_its_room_id_when_the_older_is_dropped():
    registry, _ = filled(known(1, "same"), known(2, "same"))
    registry.drop(1)

    assert registry.by_room_id == {"same": 2}
