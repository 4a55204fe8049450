"""What the crowd says.

No REST command tells it (the totals count it); the control endpoint and whoever joins a room see
it.

A line is made from its number when asked for: when it was said follows from the room's figures, who
said it from the people who were in the room then. So it is always the same line, and nobody has to
keep it.
"""

import random
from typing import TypedDict

from simulator.world import figures
from simulator.world.audience import Audience
from simulator.world.rooms import Room

USUAL = (
    "hi from Lisbon 👋",
    "first!",
    "lol",
    "❤️❤️❤️",
    "so good",
    "GG",
    "what song is this?",
    "more!! 🔥",
    "good morning ☀️",
    "who else is here from the clip",
    "can you wave to Ana please",
    "the lighting tonight 😍",
    "same time tomorrow?",
    "初見です！",
    "かわいい〜",
    "888888",
    "www",
    "主播好棒",
    "来了来了",
    "哈哈哈哈",
    "ㅋㅋㅋㅋ",
    "노래 좋다",
    "안녕하세요~",
    "ما شاء الله",
    "تحية من عمان",
    "नमस्ते 🙏",
    "बहुत बढ़िया",
    "привет из Казани",
    "красиво!",
    "¡qué temazo!",
    "saludos desde Lima",
    "manda beijo 💋",
    "สวยมาก",
    "hay quá",
    "γεια σας!",
    "שלום לכולם",
)
# What a moderator is there for, and what a page must show as text.
UNWELCOME = (
    "add me +00 000 000 for cheap coins",
    "win a ph0ne >> free-gifts.example/x",
    "<b>BOLD</b> <script>alert(4)</script>",
    "\u202eevil si siht",
    "SPAM " * 30,
    "you are trash, quit",
    "👹" * 60,
    "{{7*7}}${7*7}",
)
UNWELCOME_SHARE = 0.06


class ChatLine(TypedDict):
    """A line of the crowd, by the vendor's names. `MsgSeq`: its number; `Time`: Unix seconds."""

    MsgSeq: int
    Time: int
    From_Account: str
    Text: str


def lines(room: Room, audience: Audience, now: float, limit: int) -> list[ChatLine]:
    """The crowd's newest lines, oldest first: {"MsgSeq", "Time" (Unix seconds), "From_Account",
    "Text"}.
    """
    until = now if room.quiet_since is None else room.quiet_since
    total = figures.chat(room.shape, until - room.opened_at)
    numbers = range(max(room.chat_from, total - limit), total)
    return [line(room, audience, number) for number in numbers]


def line(room: Room, audience: Audience, number: int) -> ChatLine:
    """The crowd's line of that number, from 0; the muted and the banned leave their turn to the
    next one.
    """
    rng = random.Random(f"{room.shape.seed} says {number}")
    said_at = room.opened_at + moment(room.shape, number + 1)
    first, count = audience.stretch(room, said_at)
    start = rng.randrange(max(1, count))
    silent = room.muted.keys() | room.banned.keys()
    speaker = next(iter(audience.names(first + start, len(silent) + 1, silent)))
    return {"MsgSeq": number, "Time": int(said_at), "From_Account": speaker, "Text": anything(rng)}


def anything(rng: random.Random) -> str:
    """What somebody of a crowd says: mostly welcome."""
    return rng.choice(UNWELCOME if rng.random() < UNWELCOME_SHARE else USUAL)


def moment(shape: figures.Shape, said: int) -> float:
    """The age at which the crowd says so many lines, a tenth of a second early at most."""
    low, high = 0.0, 64.0
    while figures.chat(shape, high) < said:
        low, high = high, 2 * high
    while high - low > 0.1:
        middle = (low + high) / 2
        low, high = (low, middle) if figures.chat(shape, middle) >= said else (middle, high)
    return low
