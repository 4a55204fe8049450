"""The rows of the list and the tiles of the wall, drawn once and kept (monitor.rows)."""

from collections.abc import Iterable

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from monitor import rows

register = template.Library()


@register.simple_tag(takes_context=True)
def room_rows(context: Context, shown: Iterable[rows.Row]) -> SafeString:
    """The rows for the person who asks."""
    return rows.html(shown, context["request"])


@register.simple_tag(takes_context=True)
def room_tiles(context: Context, shown: Iterable[rows.Row]) -> SafeString:
    """The tiles for the person who asks."""
    return rows.html(shown, context["request"], rows.TILE)
