"""Sentences that a worker or the collector has stored, said again in the language of whoever reads
them.

Nobody looks while they are made, so they are stored in English, as they stand in the source. A
sentence without places is looked up in the catalogue as it is; one with places is recognised by its
pattern. What is neither (a vendor's own words, a line of chat) stays as it is.
"""

import functools
import re

from django.utils.translation import get_language, gettext, gettext_noop

# Whatever of these is stored somewhere else is spelt there, too; a test compares the two.
PATTERNS = (
    gettext_noop("The cap of %(cap)s in 24 hours is reached."),
    gettext_noop("Its time was over at %(time)s; the limit is from %(who)s."),
    gettext_noop("The host has been gone since %(time)s: %(state)s."),
    gettext_noop("The host has not started since %(time)s."),
    gettext_noop("The rule acts on %(count)s findings within %(seconds)s s."),
    gettext_noop("Room name: “%(text)s”"),
    gettext_noop("Notice: “%(text)s”"),
    gettext_noop("Host name: “%(text)s”"),
    gettext_noop("Reporters: %(reporters)s (%(categories)s): %(texts)s"),
    gettext_noop("Reporters: %(reporters)s (%(categories)s)"),
    gettext_noop("This broadcast has ended: by %(who)s at %(time)s."),
    gettext_noop("This room is in quarantine, by %(who)s since %(time)s. Release it, or end it."),
    gettext_noop("the RoomId belongs to %(owner)s"),
    gettext_noop("the room has %(now)s administrators, and may have %(most)s: take one out first"),
    gettext_noop("the room has %(now)s keys, and may have %(most)s: delete one first"),
    gettext_noop("all values together may have %(most)s bytes: delete one first"),
    gettext_noop(
        "%(value)s viewers since %(time)s, %(factor)s times the usual %(usual)s; chat did not "
        "follow."
    ),
    gettext_noop(
        "Viewers have risen steadily to %(value)s, %(factor)s times the usual %(usual)s; chat did "
        "not follow. Noticed at %(time)s."
    ),
    gettext_noop("%(value)s viewers since %(time)s, usually %(usual)s, and the broadcast goes on."),
    gettext_noop(
        "%(value)s lines of chat per minute since %(time)s, %(factor)s times the usual %(usual)s, "
        "without more viewers or gifts."
    ),
    gettext_noop(
        "%(value)s lines of chat per minute since %(time)s, usually %(usual)s; viewers are still "
        "there."
    ),
    gettext_noop(
        "%(value)s coins per minute since %(time)s, %(factor)s times the usual %(usual)s, from "
        "very few givers."
    ),
    gettext_noop(
        "%(value)s gifts per minute since %(time)s, %(factor)s times the usual %(usual)s; neither "
        "chat nor viewers followed."
    ),
    gettext_noop(
        "No gifts since %(time)s, usually %(usual)s per minute; viewers and chat go on as before."
    ),
    gettext_noop(
        "The cap of %(cap)s alerts about anomalies in an hour is reached; further ones are only "
        "counted here."
    ),
    gettext_noop("The cap of %(cap)s alerts in an hour is reached."),
    gettext_noop("The picture has been black since %(time)s."),
    gettext_noop("The picture has not moved since %(time)s."),
    gettext_noop("No picture has come since %(time)s."),
    gettext_noop("The same picture as in %(room)s, whose host is banned; that ended at %(time)s."),
    gettext_noop("The same picture as in %(room)s, which was ended at %(time)s."),
)
WORDS = {"state"}  # places that hold words of ours
PLACE = re.compile(r"%\((\w+)\)s")


def again(text: str) -> str:
    """A stored text in the language of whoever reads it."""
    return _again(text, get_language() or "") if text else ""


@functools.lru_cache(maxsize=2048)
def _again(text: str, language: str) -> str:
    for message, pattern in _patterns():
        if found := pattern.fullmatch(text):
            values = {
                name: gettext(value) if name in WORDS else value
                for name, value in found.groupdict().items()
            }
            return gettext(message) % values
    return gettext(text)


@functools.cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Each message with what its places may hold."""
    return [(message, re.compile(_expression(message))) for message in PATTERNS]


def _expression(message: str) -> str:
    pieces = PLACE.split(message)  # text, name, text, name, ..., text
    return "".join(
        re.escape(piece) if at % 2 == 0 else f"(?P<{piece}>.+?)" for at, piece in enumerate(pieces)
    )
