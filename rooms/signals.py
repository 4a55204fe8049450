"""What `rooms` tells whoever acts on facts. Sent after the transaction that stored the fact."""

from django.dispatch import Signal

# room: Room, newly seen live.
room_opened = Signal()
# room: Room, just marked as ended.
room_ended = Signal()
# room: Room, accounts: frozenset[str] of the members the vendor named (at most 1,000, up to 40 s
# old).
members_seen = Signal()
# entered: list[tuple[Room, frozenset[str]]], the accounts that webhooks say have just entered. A
# hint: to be read back.
members_entered = Signal()
# room: Room, whose host_state has just changed.
host_changed = Signal()
# said: list[tuple[Room, list[ChatLine]]], new lines of each room, oldest first. Once for all rooms
# of a tick.
chat_said = Signal()
# changed: list[tuple[Room, frozenset[str]]], the rooms whose name, notice or owner_name says
# something new, and which of these columns. Once for all rooms of a transaction.
texts_changed = Signal()
# done: rooms.retention.Pruned, sent only when something was deleted.
pruned = Signal()
# room: Room, labels: list[RoomEvent] of kind label, new ones.
labelled = Signal()
# No argument; receivers answer a set[int]: the rooms that somebody should look at, as far as they
# know.
urgent_rooms_asked = Signal()
# seen: dict[int, rooms.pictures.judgement.Sight], what was seen of these rooms' pictures, rows
# stored.
pictures_seen = Signal()
