"""Parts above the rows as HTML, drawn once and kept by all that they are drawn from: people who ask
for the same view at the same moment are given the same heads, chips, menu of columns and legend.
"""

from collections.abc import Mapping
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from monitor.listing import columns, heads
from monitor.listing.chips import ShownChip
from monitor.listing.filters import Filters

MAX_KEPT = 256  # of a few KB each


@lru_cache(MAX_KEPT)
def heads_of(
    filters: Filters, names: tuple[str, ...], may_select: bool, is_reported: bool, language: str
) -> SafeString:
    """The heads of the list. is_reported: coins are those that the platform's backend reports."""
    context = {
        "filters": filters,
        "heads": heads.of(filters, names),
        "may_select": may_select,
        "reward_is_reported": is_reported,
    }
    return _drawn("monitor/_heads.html", context, language)


@lru_cache(MAX_KEPT)
def chips_of(
    shown: tuple[ShownChip, ...], label: str, labels: tuple[str, ...], language: str
) -> SafeString:
    """The chips with their counts. label: the chosen one of these labels, or another, or ""."""
    context = {"chips": shown, "label": label, "labels": labels}
    return _drawn("monitor/_chips.html", context, language)


@lru_cache(MAX_KEPT)
def column_menu(names: tuple[str, ...], language: str) -> SafeString:
    """The menu in which columns are chosen. Its request has the page's CSRF header."""
    context = {"columns": names, "all_columns": columns.COLUMNS.values()}
    return _drawn("monitor/_columns.html", context, language)


@lru_cache(16)
def legend(language: str) -> SafeString:
    """What each mark means."""
    return _drawn("monitor/_legend.html", {}, language)


def _drawn(template: str, context: Mapping[str, object], language: str) -> SafeString:
    with translation.override(language):
        return render_to_string(template, dict(context))
