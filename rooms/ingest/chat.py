"""What is said in rooms: stored, pushed to the tabs that show it, and told to the rules.

The source is the after-message webhook alone: the vendor's REST API returns no messages. So a line
that got lost on its way is never seen, and one is shown for what it is: what the vendor said that
somebody said.
"""

import hashlib
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypedDict

import orjson
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from liveapi.webhook_events import MessageSent
from rooms import signals
from rooms.infra.transactions import short_transaction
from rooms.ingest import fencing, notify, room_writer
from rooms.ingest.readings import clean
from rooms.live import push
from rooms.models import ChatLine, Room
from rooms.writing import Writing, writing_of

logger = logging.getLogger(__name__)

# Of one call of take(), which is one tick at most: what is more is left out, and counted.
MAX_OF_A_ROOM = 50
MAX_LINES = 500
AT_ONCE = 100  # lines in one transaction
SHOWN = 100  # lines that a page begins with
TEXT_LENGTH = 2000


class SaidIn(NamedTuple):
    """The room of some lines, as those who read the lines of all rooms need it."""

    pk: int
    room_id: str
    name: str
    owner_account: str


class LineShown(TypedDict):
    """A line as browsers get it. at: Unix milliseconds; w: rooms.writing."""

    id: int
    at: int
    account: str
    text: str
    w: Writing


class Frame(TypedDict):
    """The new lines of one room. left_out: how many were too many to be stored."""

    k: Literal["chat"]
    room: int
    room_id: str
    title: str
    owner: str
    lines: list[LineShown]
    left_out: int


@dataclass(slots=True)
class Said:
    """What take() has stored: pk of the room -> new lines, oldest first. left_out: lines that were
    too many. rooms: where they were said.
    """

    rooms: dict[int, SaidIn] = field(default_factory=dict)
    lines: dict[int, list[ChatLine]] = field(default_factory=dict)
    left_out: dict[int, int] = field(default_factory=dict)

    def send(self) -> None:
        """Sends chat_said; for the thread of signals."""
        rooms = Room.objects.live().in_bulk(list(self.lines))
        said = [(rooms[pk], lines) for pk, lines in self.lines.items() if pk in rooms]
        if said:
            notify.send_robustly(signals.chat_said, said=said)


def take(
    messages: Iterable[tuple[int, MessageSent]], *, fence: int, now_ms: int | None = None
) -> Said:
    """Stores lines of chat, (pk of the live room, message) oldest first, and pushes them.

    A line told twice is stored once. What the database does not take is logged and lost. Raises
    Fenced.
    """
    now_ms = now_ms or time.time_ns() // 1_000_000
    said = Said()
    wanted: dict[tuple[int, str], ChatLine] = {}
    kept: dict[int, int] = {}
    for pk, message in messages:
        line = _line(pk, message, now_ms)
        if (pk, line.message_id) in wanted:
            continue
        if kept.get(pk, 0) >= MAX_OF_A_ROOM or len(wanted) >= MAX_LINES:
            said.left_out[pk] = said.left_out.get(pk, 0) + 1
            continue
        kept[pk] = kept.get(pk, 0) + 1
        wanted[pk, line.message_id] = line
    if said.left_out:
        logger.warning(
            "%d lines of chat were too many and are left out", sum(said.left_out.values())
        )
    lines = list(wanted.values())
    for start in range(0, len(lines), AT_ONCE):
        _store(lines[start : start + AT_ONCE], said, fence)
    push.publish_chat(
        {
            pk: orjson.dumps(frame(said.rooms[pk], new, said.left_out.get(pk, 0)))
            for pk, new in said.lines.items()
        },
        left_out=sum(said.left_out.values()),
    )
    return said


def frame(room: SaidIn, lines: Iterable[ChatLine], left_out: int = 0) -> Frame:
    """What a browser gets of new lines."""
    return Frame(
        k="chat",
        room=room.pk,
        room_id=room.room_id,
        title=room.name or room.room_id,
        owner=room.owner_account,
        lines=[
            LineShown(
                id=line.pk,
                at=line.at_ms,
                account=line.account,
                text=line.text,
                w=writing_of(line.text),
            )
            for line in lines
        ],
        left_out=left_out,
    )


def latest(room: Room) -> list[ChatLine]:
    """The newest lines of a room, oldest first."""
    return list(room.chat.order_by("-at_ms", "-pk")[:SHOWN])[::-1]


def _line(pk: int, message: MessageSent, now_ms: int) -> ChatLine:
    """The row of a message. One without an id of its own gets one from what it says."""
    at_ms = min(message.at_ms or now_ms, now_ms)
    text = clean(message.text, TEXT_LENGTH)
    own = orjson.dumps([message.account, at_ms, text])
    message_id = clean(message.message_id, 128) or hashlib.blake2s(own, digest_size=16).hexdigest()
    account = clean(message.account, 128)
    return ChatLine(room_id=pk, at_ms=at_ms, message_id=message_id, account=account, text=text)


def _store(lines: list[ChatLine], said: Said, fence: int) -> None:
    try:
        # Nobody else writes lines: what is known is read before the transaction, which only
        # inserts.
        pks = {line.room_id for line in lines}
        live = Room.objects.live().filter(pk__in=pks).values_list(*SaidIn._fields)
        living = {told[0]: SaidIn._make(told) for told in live}
        ids = {line.message_id for line in lines}
        stored = ChatLine.objects.filter(room_id__in=living, message_id__in=ids)
        known = set(stored.values_list("room_id", "message_id"))
        new = [
            line
            for line in lines
            if line.room_id in living and (line.room_id, line.message_id) not in known
        ]
        if new:
            with short_transaction():
                fencing.check_fence(fence)
                ChatLine.objects.bulk_create(new)
            time.sleep(room_writer.BREATHE_SECONDS)
    except (OperationalError, InterfaceError) as error:
        logger.warning("%d lines of chat are lost: %s", len(lines), error)
        connection.close()
    except DatabaseError as error:
        logger.error("The database refuses lines of chat: %s", error)
    else:
        said.rooms |= living
        for line in new:
            said.lines.setdefault(line.room_id, []).append(line)
