"""Values that one module stores as JSON and another reads: a frozen dataclass spells both sides.

The writer builds the dataclass and stores `write` of it; the reader gets it back by `read`,
whatever an older version of the console, or somebody else, has put there. Every field has a
default, which stands for what is missing or of another type. Fields may be str, int, float, bool,
tuple[str, ...], tuple[int, ...], dict[str, str], and each of them or None.
"""

import dataclasses
import functools
import types
import typing
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Value = TypeVar("Value", bound="DataclassInstance")
NO = object()  # of another type: the field's default


def write(value: "DataclassInstance") -> dict[str, object]:
    """The JSON object of a value; fields that are None are left out."""
    found = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
    return {name: _json(inner) for name, inner in found if inner is not None}


def read(kind: type[Value], stored: object) -> Value:
    """The value that was stored; for no JSON object the one of defaults."""
    known: Mapping[object, object] = stored if isinstance(stored, Mapping) else {}
    fitted = {name: fit(known[name]) for name, fit in _fields(kind).items() if name in known}
    return kind(**{name: value for name, value in fitted.items() if value is not NO})


def _json(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _text(value: object) -> object:
    return value if isinstance(value, str) else NO


def _whole(value: object) -> object:
    return value if isinstance(value, int) and not isinstance(value, bool) else NO


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return NO
    try:
        return float(value)
    except OverflowError:
        return NO


def _yes_or_no(value: object) -> object:
    return value if isinstance(value, bool) else NO


def _texts(value: object) -> object:
    return (
        tuple(item for item in value if isinstance(item, str))
        if isinstance(value, list | tuple)
        else NO
    )


def _wholes(value: object) -> object:
    return (
        tuple(item for item in value if _whole(item) is not NO)
        if isinstance(value, list | tuple)
        else NO
    )


def _pairs(value: object) -> object:
    if not isinstance(value, Mapping):
        return NO
    return {
        name: inner
        for name, inner in value.items()
        if isinstance(name, str) and isinstance(inner, str)
    }


_FITS: dict[object, Callable[[object], object]] = {
    str: _text,
    int: _whole,
    float: _number,
    bool: _yes_or_no,
    tuple[str, ...]: _texts,
    tuple[int, ...]: _wholes,
    dict[str, str]: _pairs,
}


@functools.cache
def _fields(kind: "type[DataclassInstance]") -> dict[str, Callable[[object], object]]:
    hints = typing.get_type_hints(kind)
    return {
        field.name: _FITS[_without_none(hints[field.name])] for field in dataclasses.fields(kind)
    }


def _without_none(hint: object) -> object:
    if isinstance(hint, types.UnionType):
        (hint,) = (part for part in typing.get_args(hint) if part is not type(None))
    return hint
