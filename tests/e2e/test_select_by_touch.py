"""Several rooms are selected without a keyboard: by taps, while the button says so."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.context_processors import PermWrapper
from django.template.loader import render_to_string

from monitor.listing import chips, columns
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
        "chips": [chips.ShownChip(chip, 7, False) for chip in chips.CHIPS.values()],
        "columns": columns.DEFAULT,
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


@pytest.mark.parametrize("template", [row_cache.ROW, row_cache.TILE])
def test_checkboxes_select_one_room_or_with_shift_all_from_the_last_one(template, draw):
    page = draw(
        filters(template) + body([row(n) for n in range(1, 8)], template), 1440, scripts=SCRIPTS
    )
    boxes = page.locator("[data-pick]")
    chosen = (
        """() => [...document.querySelectorAll("[data-selected]")].map((one) => one.dataset.room)"""
    )
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    assert page.evaluate(chosen) == ["2", "3", "4", "5"]
    assert [box.is_checked() for box in boxes.all()] == [False, *[True] * 4, False, False]
    boxes.nth(2).click()
    boxes.nth(3).click(modifiers=["Shift"])
    assert page.evaluate(chosen) == ["2", "5"], "a range is what its first room is"
    if template == row_cache.ROW:
        every = page.locator("[data-pick-all]")
        assert every.evaluate("box => box.indeterminate")
        every.click()
        assert len(page.evaluate(chosen)) == 7
        every.click()
        assert page.evaluate(chosen) == []


@pytest.mark.parametrize("width", [390, 320])
@pytest.mark.parametrize("template", [row_cache.ROW, row_cache.TILE])
def test_on_a_phone_the_filters_are_one_row_that_scrolls(template, width, draw):
    page = draw(filters(template) + body([row(1)], template), width)
    told = page.locator(".filters__row").evaluate("""fold => ({
      height: fold.getBoundingClientRect().height, scrolls: fold.scrollWidth > fold.clientWidth,
      page: document.documentElement.scrollWidth - innerWidth })""")
    assert told["height"] <= 60
    assert told["scrolls"]
    assert told["page"] <= 0
    page.locator("#only-unseen").focus()
    box = page.locator("#only-unseen").bounding_box()
    assert 0 <= box["x"] <= width, "what gets the keyboard comes into sight"
