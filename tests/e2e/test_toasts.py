"""Messages wait for who reads them, keep every Undo in reach, and the newest one has a key."""

import pytest

pytestmark = pytest.mark.browser
HELP = "<dialog data-dialog><div id=dialog></div></dialog>"
BEGUN = """() => {
  window.asked = [];
  window.htmx = { ajax: (...given) => { window.asked.push(given[1]); return Promise.resolve(); } };
}"""

MODULE = "/static/js/core/toast.js"
SAY = "async ([module, text, options]) => (await import(module)).toast(text, options)"


@pytest.fixture
def page(draw):
    page = draw(
        HELP + "<p tabindex=-1>a page</p>",
        scripts=("core/toast", "core/dialog", "keys"),
        clock=True,
    )
    page.evaluate(BEGUN)
    return page


def say(page, text, module=MODULE, **options):
    page.evaluate(SAY, [module, text, options])


def shown(page):
    return page.locator(".toast").evaluate_all("all => all.map((one) => one.firstChild.data)")


def test_a_message_goes_by_itself_but_not_while_it_is_pointed_at_or_has_the_keyboard(page):
    say(page, "one")
    say(page, "two", undo="/acts/2/undo")
    page.clock.fast_forward(3_000)
    assert shown(page) == ["one", "two"]
    page.locator(".toast").first.hover()
    page.clock.fast_forward(60_000)
    assert shown(page) == ["one", "two"], "neither: the pointer would find another one under it"
    page.mouse.move(1, 1)
    page.locator(".toast button").focus()
    page.clock.fast_forward(60_000)
    assert shown(page) == ["one", "two"]
    page.evaluate("document.activeElement.blur()")
    page.clock.fast_forward(3_000)
    assert shown(page) == []


def test_a_message_stays_as_long_as_the_person_may_undo(page):
    say(page, "usual")
    page.clock.fast_forward(10_500)
    assert shown(page) == []
    page.evaluate("document.body.dataset.undoSeconds = '20'")
    say(page, "mine", module=f"{MODULE}?as-the-person-prefers", undo="/acts/1/undo")
    page.clock.fast_forward(13_000)
    assert shown(page) == ["mine"]
    page.clock.fast_forward(8_000)
    assert shown(page) == []


def test_a_fifth_message_takes_no_undo_away(page):
    say(page, "first", undo="/acts/1/undo")
    for number in range(2, 8):
        say(page, f"said {number}")
    assert shown(page) == ["first", "said 5", "said 6", "said 7"]
    for number in range(11, 16):
        say(page, f"act {number}", undo=f"/acts/{number}/undo")
    assert [text for text in shown(page) if "said" not in text] == [
        "first",
        *(f"act {n}" for n in range(11, 16)),
    ]


def test_z_takes_back_what_the_newest_message_offers(page):
    page.keyboard.press("z")
    say(page, "first", undo="/acts/1/undo")
    say(page, "second", undo="/acts/2/undo")
    say(page, "nothing to undo")
    assert page.locator(".toast kbd").count() == 1
    assert (
        page.locator(".toast", has=page.locator("kbd")).evaluate("one => one.firstChild.data")
        == "second"
    )
    assert page.get_by_role("button", name="Undo", exact=True).count() == 2
    page.keyboard.press("z")
    page.keyboard.press("z")
    page.keyboard.press("z")
    assert page.evaluate("window.asked") == ["/acts/2/undo", "/acts/1/undo"]
    assert shown(page) == ["nothing to undo"]
