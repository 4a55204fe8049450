"""The rows of the list, drawn once and kept (monitor.rows)."""

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
