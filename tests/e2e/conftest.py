"""The whole stack as `./run` starts it, and a real browser.

One stack for all tests of a process.
"""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from launcher.development.browser import chromium
from launcher.development.testing import find_browser
from tests.e2e.drawn import STATIC, document
from tests.running_stack import Launched, launched

# A small machine that starts two stacks and two browsers is slow now and then: what is awaited may
# come late, and a person of these tests may take longer than three seconds for an Undo.
expect.set_options(timeout=20_000)
GRACE = "6"
TEST_SECONDS = 200


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("browser") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(TEST_SECONDS))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    """A test that failed says where its pages stood: a closed browser can no longer be asked."""
    report = yield
    if report.when == "call" and report.failed:
        for said in getattr(item, "pages_say", list)():
            report.sections.append(("page", said))
    return report


ASIDE = """() => [...document.querySelectorAll("dialog[open], [role=status], [role=alert], [aria-live]")]
    .map((at) => at.innerText.trim()).filter(Boolean)"""


def where(page: Page, refused: list[str]) -> str:
    """The address of a page, its open dialog, what it said last, and the answers that were no
    success.
    """
    try:
        said = page.wait_for_function(ASIDE, timeout=5_000).json_value()
    except Error as error:  # a page that hangs or is gone must not take the other tests with it
        said = [f"does not tell: {error}"]
    return "\n".join([page.url, *said, *refused])


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launched]:
    with launched(
        tmp_path_factory.mktemp("stack"), "--rooms", "60", LIVEWARDEN_END_GRACE_SECONDS=GRACE
    ) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not find_browser():
        pytest.skip("no Chromium found")
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def sessions() -> dict[str, list]:
    """Cookies of the people who have logged in: to do it once is enough for all tests but those
    about it.
    """
    return {}


@pytest.fixture
def log_in(
    stack: Launched, browser: Browser, sessions: dict[str, list], request: pytest.FixtureRequest
) -> Iterator:
    """A function: opens a page as one of the demo people.

    Errors of the page's scripts fail the test.
    """
    contexts, errors, refused = [], [], []
    request.node.pages_say = lambda: [
        where(page, refused) for context in contexts for page in context.pages
    ]

    def enter(name: str, width: int = 1440, scheme: str = "dark") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, base_url=stack.url
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda said: (
                errors.append(said.text) if "Content Security Policy" in said.text else None
            ),
        )
        page.on(
            "response",
            lambda answer: (
                refused.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None
            ),
        )
        context.add_cookies(sessions.get(name, []))
        page.goto("/")
        if "/login" in page.url:
            page.fill("[name=username]", name)
            page.fill("[name=password]", stack.password)
            page.click("main button[type=submit]")
            page.wait_for_selector(".room-row, .empty")
            sessions[name] = [
                cookie for cookie in context.cookies() if cookie["name"] == "sessionid"
            ]
        page.wait_for_selector(".room-row, .empty")
        for _ in range(20):
            if page.locator(".room-row").count() >= 40:
                break
            page.wait_for_timeout(1000)
            page.reload()
        return page

    yield enter
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def draw(browser: Browser) -> Iterator:
    """A function: shows HTML with the console's styles.

    `looks`: what a context emulates (color_scheme, forced_colors). clock: the test says how time
    goes on."""
    contexts = []

    def show(
        main: str,
        width: int = 1440,
        height: int = 900,
        scripts: Sequence[str] = (),
        clock: bool = False,
        **looks,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, base_url="http://drawn.invalid", **looks
        )
        contexts.append(context)
        context.route("**/*", lambda route: route.abort())
        context.route(
            "**/static/**",
            lambda route: route.fulfill(
                path=STATIC / urlsplit(route.request.url).path.split("/static/")[1]
            ),
        )
        context.route(
            "http://drawn.invalid/",
            lambda route: route.fulfill(
                body=document(main, scripts), content_type="text/html; charset=utf-8"
            ),
        )
        page = context.new_page()
        if clock:
            page.clock.install()
        page.goto("/")
        return page

    yield show
    for context in contexts:
        context.close()
