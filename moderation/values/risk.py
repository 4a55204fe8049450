"""The terms of a room's risk, and their weights: what is stored of them, and the names of both.

A term is stored as `[code, points, number]`, the terms of a room as a list of them; weights as
`{code: points}`. Points are whole numbers, so that a sum is exactly its terms.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple, get_args

Code = Literal[
    "alerts",
    "labels",
    "words",
    "reward",
    "viewers",
    "picture",
    "new_host",
    "strikes",
    "reopened",
    "unseen",
    "people",
]
CODES: tuple[Code, ...] = get_args(Code)
Weights = Mapping[Code, int]
MAX_WEIGHT = 200  # points
# Points of a term at its full strength. What a person has to decide stands above what may be
# nothing; what is no suspicion at all (unseen, people) decides only among rooms that are equal.
DEFAULTS: Weights = {
    "alerts": 60,
    "labels": 50,
    "words": 30,
    "reward": 40,
    "viewers": 30,
    "picture": 40,
    "new_host": 10,
    "strikes": 20,
    "reopened": 40,
    "unseen": 20,
    "people": 15,
}


class Term(NamedTuple):
    """One term of a sum. points: 1 or more. number: what it counts (open alerts, labels, strikes,
    minutes unseen, people at least); 0: nothing to count.
    """

    code: Code
    points: int
    number: int


def read_terms(stored: object) -> tuple[Term, ...]:
    """The terms that were stored; what is no term of ours is left out."""
    lines = stored if isinstance(stored, list) else []
    return tuple(term for line in lines if (term := _term(line)) is not None)


def read_weights(stored: object) -> dict[Code, int]:
    """The weights that were stored, within their bounds; the default for what is missing."""
    known: Mapping[object, object] = stored if isinstance(stored, Mapping) else {}
    return {code: _points(known.get(code), DEFAULTS[code]) for code in CODES}


def write_terms(terms: Iterable[Term]) -> list[list[object]]:
    return [list(term) for term in terms]


def _term(line: object) -> Term | None:
    match line:
        case [str() as code, int() as points, int() as number] if points > 0:
            return next((Term(known, points, number) for known in CODES if known == code), None)
    return None


def _points(value: object, default: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        return default
    return max(0, min(value, MAX_WEIGHT))
