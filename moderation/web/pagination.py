"""Pages of lists that change while they are read: by the key of the row where a page ended, never
by how many rows to skip.

Whoever lifts the bans of page 1 finds on page 2 the ones that stood there, none skipped and none
twice.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

ROWS = 50
MARK = "~"  # between the values of a key; in no time and no number
LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Page:
    """rows: what it shows. previous, next: the queries of its neighbours' addresses, "" where there
    is none.
    """

    rows: Sequence[Model]
    previous: str
    next: str


def page(rows: QuerySet[Any], asked: QueryDict, size: int = ROWS) -> Page:
    """The page that `?after=<key>` or `?before=<key>` asks for; the first one without them, and for
    nonsense.

    The order of the rows is theirs; its columns are times and numbers, never null.
    """
    columns = order_of(rows)
    rows = rows.order_by(*columns)
    if key := key_of(asked.get("before", ""), rows.model, columns):
        found = list(rows.filter(beyond(columns, key, backwards=True)).reverse()[: size + 1])
        if len(found) > size:
            return made(found[:size][::-1], columns, asked, has_previous=True, has_next=True)
        key = None  # not a whole page: then it is the first one
    elif key := key_of(asked.get("after", ""), rows.model, columns):
        found = list(rows.filter(beyond(columns, key))[: size + 1])
        if found:
            earlier = rows.filter(
                beyond(columns, key_values(found[0], columns), backwards=True)
            ).exists()
            return made(
                found[:size], columns, asked, has_previous=earlier, has_next=len(found) > size
            )
        # What stood there is gone: the last page is nearest.
        found = list(rows.reverse()[: size + 1])
        return made(
            found[:size][::-1], columns, asked, has_previous=len(found) > size, has_next=False
        )
    found = list(rows[: size + 1])
    return made(found[:size], columns, asked, has_previous=False, has_next=len(found) > size)


def made(
    rows: Sequence[Model],
    columns: Sequence[str],
    asked: QueryDict,
    *,
    has_previous: bool,
    has_next: bool,
) -> Page:
    def neighbour(name: str, row: Model) -> str:
        query = asked.copy()
        for old in ("page", "after", "before"):
            query.pop(old, None)
        query[name] = MARK.join(written(value) for value in key_values(row, columns))
        return query.urlencode()

    return Page(
        rows,
        neighbour("before", rows[0]) if has_previous else "",
        neighbour("after", rows[-1]) if has_next else "",
    )


def order_of(rows: QuerySet[Any]) -> list[str]:
    """The columns by which the rows are in order, "-" before those that fall; the last one tells
    all rows apart.
    """
    columns = [str(column) for column in rows.query.order_by or rows.model._meta.ordering or ()]
    return columns if columns and columns[-1].lstrip("-") in {"pk", "id"} else [*columns, "-pk"]


def beyond(columns: Sequence[str], key: Sequence[object], *, backwards: bool = False) -> Q:
    """What comes after a key in this order, or before it."""
    found, same = Q(), Q()
    for column, value in zip(columns, key, strict=True):
        name, falls = column.lstrip("-"), column.startswith("-")
        found |= same & Q(**{f"{name}__{'lt' if falls != backwards else 'gt'}": value})
        same &= Q(**{name: value})
    return found


def key_values(row: Model, columns: Sequence[str]) -> list[object]:
    return [getattr(row, column.lstrip("-")) for column in columns]


def written(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.datetime) else str(value)


def key_of(text: str, model: type[Model], columns: Sequence[str]) -> list[object] | None:
    """The values of a key in an address; None for nonsense."""
    parts = text.split(MARK)
    if len(parts) != len(columns):
        return None
    values = [
        value_of(part, model, column.lstrip("-"))
        for part, column in zip(parts, columns, strict=True)
    ]
    return None if None in values else values


def value_of(text: str, model: type[Model], name: str) -> object:
    field: Any = model._meta.pk if name == "pk" else model._meta.get_field(name)
    if field.get_internal_type() == "DateTimeField":
        return moment(text)
    try:
        number = field.to_python(text)
    except ValidationError:
        return None
    return number if isinstance(number, int) and abs(number) <= LARGEST else None


def moment(text: str) -> dt.datetime | None:
    """A time with its zone; None for nonsense."""
    try:
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None
    return (
        found
        if found is not None and timezone.is_aware(found) and 1970 < found.year < 9000
        else None
    )
