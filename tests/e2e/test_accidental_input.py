"""Hands that slip: typing that goes on, fingers that tap twice or rest, other layouts.

Nothing is ordered that was not meant.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.hands import choose_reason

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SECONDS = 25_000
# The second tap comes 250 ms after the first, on the first reason, wherever that is; a busy page
# hears of it later.
SECOND_TAP = """() => {
  let first = 0;
  document.addEventListener('click', ({ timeStamp }) => { first = timeStamp; }, { capture: true, once: true });
  document.querySelector('[data-ask]').addEventListener('toggle', () => setTimeout(() => {
    const tap = new MouseEvent('click', { bubbles: true, detail: 2 });
    Object.defineProperty(tap, 'timeStamp', { value: first + 250 });
    document.querySelector('[data-ask] [data-reason]').dispatchEvent(tap);
    window.tapped = 1;
  }, 1000), { once: true });
}"""
LIVE = ":is(.room-row, .tile):not([data-ended])"


def posts(page: Page) -> list[str]:
    """What the page orders from now on; a list that grows."""
    told: list[str] = []
    page.on("request", lambda asked: told.append(asked.url) if asked.method == "POST" else None)
    return told


@pytest.mark.parametrize(("address", "part"), [("/", "rooms"), ("/wall", "wall")])
def test_who_types_pauses_and_types_on_keeps_the_caret_and_orders_nothing(log_in, address, part):
    page = log_in("supervisor", at=address)
    page.wait_for_selector(LIVE)
    choose_reason(page, "3")
    ordered = posts(page)
    page.locator("#filters [name=sort]").focus()
    with page.expect_response("**sort=name**"):
        page.locator("#filters [name=sort]").select_option("name")
    page.wait_for_timeout(300)
    expect(page.locator("#filters [name=sort]")).to_be_focused()
    field = page.locator("#filters [name=q]")
    field.click()
    page.evaluate(f"document.getElementById('{part}').dataset.old = '1'")
    page.keyboard.type("live_")
    expect(page.locator(f"#{part}")).not_to_have_attribute("data-old", "1", timeout=SECONDS)
    page.keyboard.type("je1e", delay=20)
    expect(field).to_be_focused()
    assert field.input_value() == "live_je1e"
    page.wait_for_timeout(1500)
    assert [one for one in ordered if "/rooms/" in one or "/acts/" in one] == []


def test_keys_that_follow_typing_are_no_commands_though_the_field_has_gone(log_in):
    page = log_in("supervisor")
    choose_reason(page, "3")
    ordered = posts(page)
    page.locator("#filters [name=q]").click()
    page.keyboard.type("a")
    page.evaluate("document.querySelector('#filters').remove()")
    page.keyboard.type("jje", delay=30)
    assert page.evaluate("document.activeElement.matches('.room-row')") is False
    page.wait_for_timeout(2100)
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.matches('.room-row')") is True
    assert [one for one in ordered if "/end" in one] == []


BOX_WHILE_IT_DRAINS = """pk => {
  const end = document.querySelector(`:is(.room-row, .tile)[data-room="${pk}"] [data-act=e]`);
  const { x, y, width, height } = end.getBoundingClientRect();
  return document.querySelector(`#acts-${pk} .drain`) && { x, y, width, height };
}"""


@pytest.mark.parametrize("language", ["en", "ja", "zh-hans"])
@pytest.mark.parametrize("address", ["/", "/wall"])
def test_a_double_tap_on_a_phone_orders_one_end_and_leaves_the_grace(phone, language, address):
    page = phone(language, address)
    row = untouched(page)
    pk = row.get_attribute("data-room")
    page.evaluate("document.querySelector('[data-reasons] [data-key=\"3\"]').click()")
    end = row.locator("[data-act=e]")
    end.scroll_into_view_if_needed()
    before, width = end.bounding_box(), page.viewport_size["width"]
    assert before["x"] + before["width"] <= width, "End is wholly visible"
    ordered = posts(page)
    spot = (before["x"] + before["width"] / 2, before["y"] + before["height"] / 2)
    page.touchscreen.tap(*spot)
    page.wait_for_timeout(320)
    page.touchscreen.tap(*spot)
    # Measured in the step that sees it drain: the grace is three seconds, however busy the machine
    # is.
    seen = page.wait_for_function(BOX_WHILE_IT_DRAINS, arg=pk, timeout=SECONDS).json_value()
    assert seen == pytest.approx(before, abs=1), "End keeps its box"
    assert [one for one in ordered if one.endswith(("/now", "/undo"))] == []
    # On a slow machine the second may come late enough to be a press of its own: it is the same
    # act.
    assert len({one for one in ordered if one.endswith("/end")}) == 1
    page.evaluate(
        "pk => document.querySelector(`#acts-${pk} [data-act=u]`)?.click()", pk
    )  # never too early
    expect(page.locator(f"#acts-{pk} .drain")).to_have_count(0, timeout=SECONDS)


def test_without_a_reason_the_second_tap_of_two_picks_none(phone):
    page = phone("en", "/")
    row = untouched(page)
    ordered = posts(page)
    page.evaluate(SECOND_TAP)
    row.locator("[data-act=e]").tap(position={"x": 5, "y": 5})
    ask = page.locator("dialog[open][data-ask]")
    expect(ask).to_contain_text(row.locator(".title").inner_text())
    page.wait_for_function("() => window.tapped", timeout=SECONDS)
    expect(ask).to_be_visible()
    assert abs(ask.bounding_box()["x"]) < 1, "a sheet over the whole width"
    assert [one for one in ordered if one.endswith("/end")] == []


def hold_e(page: Page, pk: str) -> None:
    """Rests a finger on e until the room's end drains."""
    for _time in range(12):
        page.keyboard.down("e")
        page.wait_for_timeout(60)
    page.keyboard.up("e")
    expect(page.locator(f"#acts-{pk} .drain")).to_be_visible(timeout=SECONDS)


def test_a_held_key_is_one_press(log_in):
    page = log_in("supervisor")
    page.wait_for_selector(LIVE)
    row = untouched(page)
    pk = row.get_attribute("data-room")
    choose_reason(page, "3")
    row.evaluate("row => row.focus()")
    ordered = posts(page)
    hold_e(page, pk)
    for _time in range(6):
        page.keyboard.down("c")
    page.keyboard.up("c")
    page.wait_for_timeout(300)
    assert len([one for one in ordered if one.endswith("/end")]) == 1
    assert len([one for one in ordered if one.endswith("/claim")]) == 1
    assert [one for one in ordered if one.endswith("/now")] == []
    page.keyboard.press("c")
    page.keyboard.press("u")  # on a busy machine the grace is over
    expect(page.locator(f"#acts-{pk} .drain")).to_have_count(0, timeout=SECONDS)


@pytest.mark.parametrize("language", ["en", "ja", "zh-hans"])
def test_a_held_key_is_one_press_on_a_small_screen_too(phone, language):
    page = phone(language, "/")
    row = untouched(page)
    pk = row.get_attribute("data-room")
    page.evaluate("document.querySelector('[data-reasons] [data-key=\"3\"]').click()")
    row.evaluate("row => row.focus()")
    ordered = posts(page)
    hold_e(page, pk)
    page.wait_for_timeout(300)
    assert len([one for one in ordered if one.endswith("/end")]) == 1
    assert [one for one in ordered if one.endswith("/now")] == []
    page.keyboard.press("u")  # on a busy machine the grace is over
    expect(page.locator(f"#acts-{pk} .drain")).to_have_count(0, timeout=SECONDS)


def test_an_armed_reason_is_spent_once_and_forgotten_after_a_minute(log_in):
    page = log_in("supervisor")
    row = untouched(page)
    armed = page.locator("[data-reasons] [aria-pressed=true]")
    choose_reason(page, "3")
    row.evaluate("row => row.focus()")
    page.keyboard.press("e")
    expect(armed).to_have_count(0)
    expect(row.locator(".drain")).to_be_visible(timeout=SECONDS)
    page.keyboard.press("u")
    expect(row.locator(".acts")).to_contain_text("undone", timeout=SECONDS)
    assert page.evaluate("document.activeElement !== document.body")
    choose_reason(page, "3")
    page.evaluate("sessionStorage.setItem('reason-until', String(Date.now() - 1))")
    page.reload()
    page.wait_for_selector(LIVE)
    page.wait_for_timeout(500)
    expect(armed).to_have_count(0)


OTHER_REASON = """() => { const other = document.querySelector('[data-other-reason]'); other?.click(); return Boolean(other); }"""


def test_an_armed_reason_is_seen_on_the_focused_row_and_the_toast_lets_it_be_changed(log_in):
    page = log_in("supervisor")
    for address in ("/wall", "/"):
        page.goto(address)
        row = untouched(page)
        choose_reason(page, "3")
        reasons = page.locator("[data-reasons] [data-reason]").evaluate_all(
            "all => all.map(one => one.lastChild.data)"
        )
        row.evaluate("row => row.focus()")
        controls = row.locator(".controls")
        expect(controls).to_have_attribute("data-armed", reasons[2])
        drawn = controls.evaluate(
            "one => [getComputedStyle(one, '::after').content, "
            "getComputedStyle(one.closest('[data-room]')).contentVisibility]"
        )
        assert drawn == [f'"{reasons[2]}"', "visible"], "nothing cuts it off"
        expect(row.locator("[data-act=e]")).to_have_attribute(
            "aria-description", f"For the reason {reasons[2]}."
        )
        before = row.locator("[data-act=e]").bounding_box()
        page.keyboard.press("3")
        expect(page.locator("[data-armed]")).to_have_count(0)
        assert row.locator("[data-act=e]").bounding_box() == before, "it moves nothing"
    page.keyboard.press("3")
    page.keyboard.press("e")
    expect(page.locator("[data-armed]")).to_have_count(0)
    page.wait_for_function(OTHER_REASON, timeout=SECONDS)
    page.keyboard.press("2")
    toast = page.locator("[data-toasts] .toast:not(.toast--bad)")
    expect(toast).to_contain_text(f"Reason: {reasons[1]}", timeout=SECONDS)
    expect(toast).to_have_count(1)
    row.evaluate("row => row.querySelector('[data-act=u]')?.click()")
    expect(page.locator("[data-other-reason]")).to_have_count(
        0, timeout=SECONDS
    )  # undone, or under way


def test_what_a_word_is_composed_of_is_not_sent(log_in):
    page = log_in("moderator")
    page.locator("#filters [name=q]").click()
    asked = []
    page.on("request", lambda sent: asked.append(sent.url) if "q=" in sent.url else None)
    client = page.context.new_cdp_session(page)
    client.send("Input.imeSetComposition", {"text": "か", "selectionStart": 1, "selectionEnd": 1})
    page.wait_for_timeout(900)
    assert asked == []
    with page.expect_request(lambda sent: "q=" in sent.url, timeout=SECONDS):
        client.send("Input.insertText", {"text": "蚊"})
    page.wait_for_timeout(600)
    assert len(asked) == 1
    expect(page.locator("#filters [name=q]")).to_be_focused()


def test_the_keyboard_is_never_on_the_body_after_undo_by_enter_and_paging(log_in):
    page = log_in("supervisor")
    row = untouched(page)
    pk = row.get_attribute("data-room")
    choose_reason(page, "3")
    row.locator("[data-act=e]").focus()
    page.keyboard.press("Enter")
    undo = page.locator(f"#acts-{pk} [data-act=u]")
    undo.focus(timeout=SECONDS)
    page.wait_for_timeout(800)
    page.keyboard.press("Enter")
    expect(page.locator(f"#acts-{pk}")).to_contain_text("undone", timeout=SECONDS)
    assert page.evaluate("document.activeElement.closest('[data-room]')?.dataset.room") == pk
    row.evaluate("row => row.remove()")
    assert page.evaluate("document.activeElement !== document.body")
    page.keyboard.press("e")  # nobody has chosen what has the keyboard now
    expect(page.locator("dialog[open]")).to_have_count(0)


@pytest.fixture
def phone(log_in) -> Iterator[Callable[[str, str], Page]]:
    """A function: a page of 390 px with touch, in a language, of a moderator.

    Other tests read English.
    """
    desks: list[Page] = []

    def opened(language: str, address: str) -> Page:
        desk = log_in("moderator")
        desks.append(desk)
        context = desk.context.browser.new_context(
            viewport={"width": 390, "height": 844},
            has_touch=True,
            is_mobile=True,
            base_url=desk.url.split("/?")[0],
        )
        context.add_cookies(desk.context.cookies())
        page = context.new_page()
        desk.on("close", lambda _page: context.close())
        choose_language(page, language)
        page.goto(address)
        page.wait_for_selector(LIVE)
        return page

    yield opened
    for desk in desks:
        choose_language(desk, "en")


def choose_language(page: Page, language: str) -> None:
    page.goto("/preferences")
    with page.expect_navigation():
        page.evaluate(
            "language => { const field = document.querySelector('[name=language]'); field.value = "
            "language;"
            " field.form.submit(); }",
            language,
        )


def untouched(page: Page):
    """A room on air that nobody has acted upon."""
    fresh = page.locator(f"{LIVE}:not(:has(.acts__line)):has([data-act=e])")
    pk = fresh.nth(min(12, fresh.count() - 1)).get_attribute("data-room")
    return page.locator(f":is(.room-row, .tile)[data-room='{pk}']")
