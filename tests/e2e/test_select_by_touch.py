"""Several rooms are selected without a keyboard: by taps, while the button says so."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.context_processors import PermWrapper
from django.template.loader import render_to_string

from monitor.listing.filters import Filters
from monitor.pages import row_cache
from tests.e2e.drawn import ALL, body, row

pytestmark = pytest.mark.browser
SCRIPTS = ("core/dialog", "rooms/actions", "rooms/selection")


def filters(template):
    perms = PermWrapper(row_cache._Holder(ALL))
    context = {
        "perms": perms,
        "filters": Filters(),
        "sizes": [],
        "wall": SimpleNamespace(density="small", paces=[], pins=[], query=""),
        "total": 3,
    }
    parts = (
        "monitor/_rooms_filters.html"
        if template == row_cache.ROW
        else "monitor/_wall_filters.html",
    )
    return "".join(
        render_to_string(part, context) for part in (*parts, "moderation/_selection.html")
    )


@pytest.mark.parametrize("template", [row_cache.ROW, row_cache.TILE])
@pytest.mark.parametrize("width", [390, 1440])
def test_taps_select_rooms_while_the_mode_is_on_and_open_them_otherwise(template, width, draw):
    shown = [row(1), row(2), row(3)]
    page = draw(
        filters(template) + body(shown, template), width, 1400, scripts=SCRIPTS, has_touch=True
    )
    page.evaluate("""() => {
      Object.assign(document.body.dataset, { wordsSelected: "{room}: {text}", wordsDeselected: "{room}: {text}" });
      window.opened = [];
      document.addEventListener("click", (event) => {
        const link = event.target.closest("a");
        if (link && !event.defaultPrevented) { event.preventDefault(); window.opened.push(link.getAttribute("href")); }
      });
    }""")
    place = ".room-row" if template == row_cache.ROW else ".tile"
    title = page.locator(f"{place} .title")
    mode, bar = page.locator("[data-select-mode]"), page.locator("[data-selection]")
    assert mode.bounding_box()["height"] >= 24
    title.nth(0).tap()
    assert page.evaluate("window.opened.length") == 1

    mode.tap()
    assert mode.get_attribute("aria-pressed") == "true"
    for number in (0, 1, 2, 1):
        title.nth(number).tap()
    assert page.evaluate("window.opened.length") == 1, "a link opens nothing meanwhile"
    assert page.locator("[data-selected]").evaluate_all(
        "all => all.map((one) => one.dataset.room)"
    ) == [
        "1",
        "3",
    ]
    assert bar.is_visible()
    assert "2" in bar.locator("[data-selected-text]").text_content()
    page.locator(f"{place} a").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("window.opened.length") == 2, "by the keyboard a link is a link"

    mode.tap()
    title.nth(1).tap()
    assert page.evaluate("window.opened.length") == 3
    assert page.locator("[data-selected]").count() == 2
    mode.tap()
    page.evaluate(
        "document.body.dispatchEvent(new CustomEvent('ordered', { detail: { rooms: [] } }))"
    )
    assert (page.locator("[data-selected]").count(), mode.get_attribute("aria-pressed")) == (
        0,
        "false",
    )
