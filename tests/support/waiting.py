"""Waits for what comes about by itself. Who waits in vain reads what was expected, and what was
seen instead.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

# A busy machine gets several times the seconds that a quiet one needs.
BUSY = 4
PAUSE_SECONDS = 0.05
SHORT_PAUSE_SECONDS = 0.005  # inside one process, where a look costs nothing
ANYTHING_TRUE = object()


def eventually(
    what: str,
    question: Callable[[], Any],
    seconds: float = 15.0,
    *,
    equals: Any = ANYTHING_TRUE,
    seen: Callable[[], Any] | None = None,
) -> Any:
    """The first answer of `question` that is true, or that is `equals`.

    Fails when none comes in time, with `what` (a sentence) and the last answer, or what `seen`
    tells then.

    seconds: what a quiet machine needs at most.
    """
    for answer, came in _looks(question, equals, seconds):
        if came:
            return answer
        time.sleep(PAUSE_SECONDS)
    raise AssertionError(_missing(what, seconds, equals, seen() if seen else answer))


async def comes_about(
    what: str,
    question: Callable[[], Any],
    seconds: float = 15.0,
    *,
    equals: Any = ANYTHING_TRUE,
    seen: Callable[[], Any] | None = None,
) -> Any:
    """As `eventually`, while the loop runs on."""
    for answer, came in _looks(question, equals, seconds):
        if came:
            return answer
        await asyncio.sleep(SHORT_PAUSE_SECONDS)
    raise AssertionError(_missing(what, seconds, equals, seen() if seen else answer))


def _looks(question: Callable[[], Any], equals: Any, seconds: float) -> Iterator[tuple[Any, bool]]:
    """(answer, whether that is what is waited for), at least once, until the time is over."""
    end = time.monotonic() + BUSY * seconds
    while True:
        late = time.monotonic() >= end
        answer = question()
        yield answer, bool(answer) if equals is ANYTHING_TRUE else bool(answer == equals)
        if late:
            return


def _missing(what: str, seconds: float, equals: Any, last: Any) -> str:
    wanted = "" if equals is ANYTHING_TRUE else f" Wanted: {equals!r}."
    return f"not within {BUSY * seconds:g} s: {what}.{wanted} Seen last: {last!r}"
