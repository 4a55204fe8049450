"""Which broadcast a CreateTime belongs to: a RoomId may be used again, a RoomId with its CreateTime
may not. Pure.
"""

# A host who ends and opens again needs longer: CreateTimes so close together are one broadcast's.
SAME_SECONDS = 2


def is_same_broadcast(one: int, other: int) -> bool:
    """Whether two CreateTimes (Unix seconds, 0: not told) under one RoomId may be one
    broadcast's.
    """
    return 0 in (one, other) or abs(one - other) <= SAME_SECONDS


def is_later_broadcast(reported: int, row_time: int, *, row_told: bool) -> bool:
    """Whether a CreateTime told now is that of a broadcast after the stored one.

    Never by a guessed time.
    """
    return row_told and reported > row_time and not is_same_broadcast(reported, row_time)
