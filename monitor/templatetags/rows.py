"""The rows of the list and the tiles of the wall, drawn once and kept (monitor.pages.row_cache)."""

from collections.abc import Iterable

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from monitor.pages import row_cache

register = template.Library()


@register.simple_tag(takes_context=True)
def room_rows(
    context: Context, shown: Iterable[row_cache.Row], columns: tuple[str, ...]
) -> SafeString:
    """The rows for the person who asks, with these columns."""
    return row_cache.html(shown, context["request"], columns=columns)


@register.simple_tag(takes_context=True)
def room_tiles(context: Context, shown: Iterable[row_cache.Row]) -> SafeString:
    """The tiles for the person who asks."""
    return row_cache.html(shown, context["request"], row_cache.TILE)
