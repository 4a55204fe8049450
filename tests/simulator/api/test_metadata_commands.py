"""A room's metadata and its limits."""

import pytest


def entries(**values):
    return [{"Key": key, "Value": value} for key, value in values.items()]


async def test_metadata_is_added_overwritten_read_by_key_and_deleted(vendor):
    await vendor.in_room("set_room_metadata", Metadata=entries(topic="sea", level="1"))
    await vendor.in_room("set_room_metadata", Metadata=entries(level="2"))
    assert await vendor.in_room("get_room_metadata", Keys=[]) == {
        "Metadata": entries(topic="sea", level="2")
    }
    assert await vendor.in_room("get_room_metadata", Keys=["level", "x"]) == {
        "Metadata": entries(level="2")
    }
    await vendor.in_room("del_room_metadata", Keys=["topic"])
    assert await vendor.in_room("get_room_metadata") == {"Metadata": entries(level="2")}


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        (entries(**{f"k{k}": "" for k in range(11)}), 100500),
        (entries(k="x" * 2049), 100501),
        (entries(**{f"k{k}": "x" * 2048 for k in range(9)}), 100502),
        ([{"Key": "k" * 51, "Value": ""}], 100504),
        ([{"Key": "k", "Value": 1}], 100002),
        ([], 100002),
        ("k", 100002),
    ],
)
async def test_metadata_past_a_limit_is_refused_whole(vendor, metadata, code):
    assert await vendor.code_in_room("set_room_metadata", Metadata=metadata) == code
    assert vendor.room.metadata == {}


async def test_metadata_up_to_the_limits_is_taken(vendor):
    full = entries(**{f"{k:050d}": "x" * 1638 for k in range(10)})
    assert await vendor.code_in_room("set_room_metadata", Metadata=full) == 0


@pytest.mark.parametrize(
    ("command", "fields", "code"),
    [
        ("del_room_metadata", {"Keys": ["none such"]}, 100503),
        ("del_room_metadata", {"Keys": "k"}, 100002),
        ("get_room_metadata", {"Keys": [1]}, 100002),
        ("get_room_metadata", {"RoomId": "none such"}, 100004),
        ("set_room_metadata", {"RoomId": "none such"}, 100004),
        ("del_room_metadata", {"RoomId": "none such"}, 100004),
    ],
)
async def test_metadata_is_refused_for_a_reason(vendor, command, fields, code):
    assert await vendor.code(command, {"RoomId": vendor.room.room_id} | fields) == code
