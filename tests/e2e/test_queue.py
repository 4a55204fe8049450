"""The queue as somebody works it off: few inputs, no press lost, nothing that moves under a hand."""

import re

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SECONDS = 25_000
ALERTS, INPUTS = 20, 40
ANY = re.compile(r"^$")
MAKE_RULE = """async ([title, word]) => {
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  const body = new URLSearchParams({ kind: "words", title, words: word, act: "alert", severity: 2, policy: "fraud",
    places: "chat", phase: "off", daily_cap: 100, seconds: 3600, version: 0 });
  const made = await fetch("/rules/new", { method: "POST", headers, body });
  body.set("phase", "on");
  body.set("version", 1);
  await fetch(`${new URL(made.url).pathname}/change`, { method: "POST", headers, body });
  return new URL(made.url).pathname.split("/").at(-1);
}"""


def order(stack, what: str, **fields) -> None:
    """Something happens on the simulated platform."""
    door = f"{stack.state['control']}/_simulator/{what}"
    httpx.post(door, json=fields, timeout=10).raise_for_status()


class Worker:
    """Somebody at the queue, whose inputs are counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.inputs = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.inputs += 1
            self.page.keyboard.press(key)

    def handle(self, number: int, *keys: str) -> None:
        """The same keys for so many alerts, each seen before it is decided about."""
        closed = self.page.locator(".bench__row[data-closed]").count()
        for at in range(number):
            self.press(*keys)
            self.until_closed(closed + at + 1)

    def until_closed(self, number: int) -> None:
        rows = self.page.locator(".bench__row[data-closed]")
        expect(rows).to_have_count(number, timeout=SECONDS)


def says(stack, room_id: str, account: str, text: str) -> bool:
    """Whether the platform has taken the line."""
    order(stack, "enter", room_id=room_id, account=account)
    try:
        order(stack, "say", room_id=room_id, account=account, text=text)
    except httpx.HTTPStatusError:
        return False
    return True


def alerts_of_a_rule(log_in, stack, name: str, number: int) -> str:
    """That many alerts, each about another viewer; the address of the queue with these alone."""
    supervisor = log_in("supervisor")
    rows = supervisor.locator(".room-row:not([data-ended])")
    room_ids = rows.locator(".id").all_text_contents()
    rule = supervisor.evaluate(MAKE_RULE, [name, f"{name} coins"])
    left = iter(room_ids)
    for at in range(number):
        account = f"{name}-{at}"
        # Where another test has muted everybody, nothing can be said.
        while not says(stack, next(left), account, f"free {name} coins {at}"):
            pass
    address = f"/queue?rule=system:{rule}"
    for _ in range(40):
        supervisor.goto(address)
        if supervisor.locator(".bench__row").count() == number:
            return address
        supervisor.wait_for_timeout(500)
    raise AssertionError(f"{supervisor.locator('.bench__row').count()} alerts have come")


def test_twenty_alerts_are_handled_with_at_most_forty_inputs(log_in, stack):
    """Ten mutes, two quarantines, four dismissals one by one and four in one go."""
    page = log_in("moderator", at=alerts_of_a_rule(log_in, stack, "twenty", ALERTS))
    expect(page.locator("[data-case]")).to_be_visible()
    order_before = page.locator(".bench__row").evaluate_all("rows => rows.map(row => row.id)")
    at_work = Worker(page)
    at_work.handle(10, "6", "m")  # reason, mute: the alert is closed, the next one comes
    at_work.handle(2, "6", "q")
    at_work.handle(4, "d")
    at_work.press("x", "j", "j", "j", "X", "d")
    expect(page.locator("dialog[open] [name=why]").first).to_be_visible()
    at_work.press("Enter") if page.locator("[name=why]:checked").count() else at_work.press(
        "Space", "Enter"
    )
    at_work.until_closed(ALERTS)
    assert at_work.inputs <= INPUTS, at_work.inputs
    assert (
        page.locator(".bench__row").evaluate_all("rows => rows.map(row => row.id)") == order_before
    )
    assert page.evaluate("document.activeElement !== document.body")
    page.reload()
    expect(page.locator(".bench__row")).to_have_count(0)
    auditor = log_in("auditor", at="/audit?verb=mute&outcome=requested&target=twenty-")
    expect(auditor.locator(".list tbody tr")).to_have_count(10)


def test_a_key_pressed_between_two_alerts_acts_on_the_one_that_is_then_selected(log_in, stack):
    page = log_in("moderator", at=alerts_of_a_rule(log_in, stack, "swap", 2))
    expect(page.locator("[data-case]")).to_be_visible()
    first = page.locator("[data-case]").get_attribute("data-alert")
    held: list[Route] = []
    page.route(re.compile("/alerts/[0-9]+/close"), lambda route: held.append(route))
    page.keyboard.press("d")
    page.keyboard.press("w")  # before the next alert is there
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert page.locator("[data-case]").get_attribute("data-alert") == first
    held[0].continue_()
    expect(page.locator("dialog[open] .act-form")).to_be_visible(timeout=SECONDS)
    second = page.locator("[data-case]").get_attribute("data-alert")
    assert second != first
    expect(page.locator("dialog[open] [name=alert]")).to_have_value(second or "")


def test_undo_opens_the_alert_again_and_a_colleague_sees_rows_change_where_they_stand(
    log_in, stack
):
    address = alerts_of_a_rule(log_in, stack, "undo", 3)
    page, colleague = log_in("moderator", at=address), log_in("banadmin", at=address)
    expect(page.locator("[data-case]")).to_be_visible()
    page.keyboard.press("h")
    closed = page.locator(".bench__row[data-closed]")
    expect(closed).to_have_count(1, timeout=SECONDS)
    expect(colleague.locator(".bench__row[data-closed]")).to_have_count(1, timeout=SECONDS)
    page.keyboard.press("z")
    expect(closed).to_have_count(0, timeout=SECONDS)
    expect(colleague.locator(".bench__row[data-closed]")).to_have_count(0, timeout=SECONDS)
    expect(colleague.locator(".bench__row")).to_have_count(3)


def test_a_phone_shows_one_pane_at_a_time_and_nothing_wider_than_itself(log_in, stack):
    page = log_in("moderator", 390, at=alerts_of_a_rule(log_in, stack, "phone", 2))
    expect(page.locator("#queue")).to_be_visible()
    expect(page.locator("[data-case]")).to_be_hidden()
    page.locator(".bench__row a").first.click()
    expect(page.locator("[data-case]")).to_be_visible()
    expect(page.locator("#queue")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.click("[data-back]")
    expect(page.locator("#queue")).to_be_visible()


def test_an_account_opens_its_card_and_the_keyboard_comes_back(log_in, stack):
    page = log_in("moderator")
    link = page.locator(".room-row:not([data-ended]) .is-host a").first
    link.focus()
    page.keyboard.press("Enter")
    card = page.locator("[data-card]")
    expect(card).to_be_visible()
    expect(card).to_contain_text("Strikes in 90 days")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(link).to_be_focused()


def test_a_ban_is_asked_for_from_a_card_and_declined_in_the_queue(log_in, stack):
    moderator = log_in("moderator")
    link = moderator.locator(".room-row:not([data-ended]) .is-host a").nth(3)
    link.click()
    moderator.click("[data-card] >> text=Ask for a platform ban")
    moderator.locator("dialog[open] [name=policy]").nth(2).check()
    moderator.fill("dialog[open] [name=note]", "asked in a test")
    moderator.click("dialog[open] [type=submit]")
    expect(moderator.locator("dialog[open]")).to_have_count(0, timeout=SECONDS)
    expect(link).to_be_focused()
    desk = log_in("banadmin", at="/queue?rule=requests")
    row = desk.locator(".bench__row").first
    row.locator("a").click()
    expect(desk.locator("[data-case]")).to_contain_text("asked in a test")
    desk.keyboard.press("d")
    desk.fill("dialog[open] [name=note]", "one warning first")
    desk.click("dialog[open] [type=submit]")
    expect(row).to_have_attribute("data-closed", ANY, timeout=SECONDS)
    link.click()
    expect(moderator.locator("[data-card]")).to_contain_text("one warning first")
