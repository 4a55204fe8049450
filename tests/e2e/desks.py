"""Browser contexts of the demo people, as their desks stand: logged in, with the console's files in
the cache.

A new context for each test loads and compiles everything again, which was half of a test's time.
"""

from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from tests.running_stack import Launched

ROOMS_SHOWN = 40
FORGET = "() => { localStorage.clear(); sessionStorage.clear(); }"


@dataclass
class Sitting:
    """One test's page at a desk, what its scripts complained of, and what it was refused."""

    page: Page
    is_own: bool
    errors: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._note_policy)
        self.page.on("response", self._note_refusal)

    def _note_policy(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.errors.append(message.text)

    def _note_refusal(self, answer: Response) -> None:
        if answer.status >= 400:
            self.refused.append(f"{answer.status} {answer.url}")


class Desks:
    """The contexts of one browser in front of one stack."""

    def __init__(self, browser: Browser, stack: Launched) -> None:
        self._browser = browser
        self._stack = stack
        self._kept: dict[tuple[str, int, str], BrowserContext] = {}
        self._sessions: dict[str, list] = {}
        self._has_rooms = False

    def sit_down(self, name: str, width: int, scheme: str, own: bool) -> Sitting:
        key = (name, width, scheme)
        if own or key not in self._kept:
            context = self._browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme=scheme,
                base_url=self._stack.url,
            )
            context.add_cookies(self._sessions.get(name, []))
            if not own:
                self._kept[key] = context
        else:
            context = self._kept[key]
        return Sitting(context.new_page(), own)

    def go(self, page: Page, name: str, address: str) -> None:
        """To an address; through the log-in when this person has no session yet."""
        page.goto(address if self._has_rooms and name in self._sessions else "/")
        if "/login" in page.url:
            self._log_in(page, name)
        if not self._has_rooms:
            self._wait_for_rooms(page)
        if page.url != page.evaluate("to => new URL(to, location).href", address):
            page.goto(address)
        if address == "/":
            page.wait_for_selector(".room-row, .empty")

    def leave(self, sitting: Sitting) -> None:
        """Ends the pages of a test; what they stored is forgotten."""
        context = sitting.page.context
        if sitting.is_own:
            context.close()
            return
        for page in context.pages:
            if page.url.startswith(self._stack.url):
                page.evaluate(FORGET)
            page.close()

    def close(self) -> None:
        for context in self._kept.values():
            context.close()

    def _log_in(self, page: Page, name: str) -> None:
        page.fill("[name=username]", name)
        page.fill("[name=password]", self._stack.password)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/login" not in url)
        cookies = page.context.cookies()
        self._sessions[name] = [cookie for cookie in cookies if cookie["name"] == "sessionid"]

    def _wait_for_rooms(self, page: Page) -> None:
        """Once a stack: the collector has found the rooms that the tests expect."""
        for _ in range(30):
            page.wait_for_selector(".room-row, .empty")
            if page.locator(".room-row").count() >= ROOMS_SHOWN:
                break
            page.wait_for_timeout(1000)
            page.reload()
        self._has_rooms = True
