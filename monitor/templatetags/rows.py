"""The rows of the list, the tiles of the wall (monitor.pages.row_cache), and what stands above them
(monitor.listing.parts): drawn once and kept.
"""

from collections.abc import Iterable

from django import template
from django.template import Context
from django.utils import translation
from django.utils.safestring import SafeString

from monitor.listing import parts
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


@register.simple_tag(takes_context=True)
def list_heads(context: Context) -> SafeString:
    """The heads of the list's columns."""
    may_select = "moderation.claim_room" in context["perms"]
    is_reported = bool(context.get("reward_is_reported"))
    return parts.heads_of(
        context["filters"], context["columns"], may_select, is_reported, language()
    )


@register.simple_tag(takes_context=True)
def room_chips(context: Context) -> SafeString:
    """The chips of list and wall."""
    shown = tuple(context["chips"])
    return parts.chips_of(shown, context["filters"].label, context.get("labels", ()), language())


@register.simple_tag
def column_menu(names: tuple[str, ...]) -> SafeString:
    """The menu in which columns are chosen."""
    return parts.column_menu(names, language())


@register.simple_tag
def legend() -> SafeString:
    """What each mark means."""
    return parts.legend(language())


def language() -> str:
    """The language of the page."""
    return translation.get_language() or ""
