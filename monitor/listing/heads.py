"""The heads of the list's columns: what each says, and the address that sorts by it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from monitor.listing import columns
from monitor.listing.columns import Column
from monitor.listing.filters import Filters

# A past broadcast has nobody who takes care of it, but an end.
TITLES_OF_ENDED = {"watch": _("Ended"), "time": _("Lasted")}


@dataclass(frozen=True, slots=True)
class Head:
    """address: sorts by it, or the other way round; None where nothing can be sorted. direction:
    ascending or descending, as aria-sort has it; "" while it does not sort. title: the column's,
    or another for ended rooms.
    """

    column: Column
    address: str | None
    direction: str
    title: str | Promise


def of(filters: Filters, names: Iterable[str]) -> list[Head]:
    """The heads of the name and of these columns. Ended rooms have one order."""
    return [_head(filters, columns.NAME), *(_head(filters, columns.COLUMNS[n]) for n in names)]


def _head(filters: Filters, column: Column) -> Head:
    if filters.state == "ended":
        return Head(column, None, "", TITLES_OF_ENDED.get(column.name, column.title))
    if not column.sort:
        return Head(column, None, "", column.title)
    rises = column.rises != filters.reverse
    direction = ("ascending" if rises else "descending") if filters.sort == column.sort else ""
    return Head(column, filters.sorted_by(column.sort), direction, column.title)
