"""What a collector has stored, compared with what the simulated platform has."""

from tests.support.waiting import eventually


def live(rows):
    return {room_id for (room_id,) in rows("SELECT room_id FROM rooms_room WHERE ended_at IS NULL")}


def listed(simulated):
    """RoomIds that the listing tells: all but the hidden ones."""
    rooms = {room["RoomId"] for room in simulated.get("rooms")["rooms"]}
    return {
        room_id
        for room_id in rooms
        if simulated.get("rooms", room_id=room_id)["info"]["IsPublicVisible"]
    }


def all_collected(simulated, rows):
    """The RoomIds of all rooms, once all are stored."""
    expected = listed(simulated)
    eventually(
        "every listed room is stored",
        lambda: live(rows),
        20,
        equals=expected,
        seen=lambda: expected ^ live(rows),
    )
    return expected


def pk_of(rows, room_id):
    return rows("SELECT id FROM rooms_room WHERE room_id = ? AND ended_at IS NULL", room_id)[0][0]
