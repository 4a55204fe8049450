"""The whole stack as `./run` starts it, and a real browser.

One stack for all tests of a process.
"""

from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from launcher.development.browser import chromium
from launcher.development.testing import find_browser
from tests.e2e.desks import Desks, Sitting
from tests.e2e.drawn import document
from tests.e2e.drawn_pages import DrawnPages
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
def desks_of(browser: Browser) -> Iterator:
    """A function: the desks in front of a stack (a file of tests may have one of its own)."""
    opened: dict[str, Desks] = {}

    def of(stack: Launched) -> Desks:
        return opened.setdefault(stack.url, Desks(browser, stack))

    yield of
    for desks in opened.values():
        desks.close()


@pytest.fixture
def log_in(desks_of, stack: Launched, request: pytest.FixtureRequest) -> Iterator:
    """A function: opens a page as one of the demo people, at an address.

    Errors of the page's scripts fail the test. `own`: in a browser context of its own, for a test
    that turns the context's clock, network or cookies; other contexts are kept with what they have
    loaded.
    """
    desks, sittings = desks_of(stack), list[Sitting]()
    request.node.pages_say = lambda: [
        where(page, sitting.refused) for sitting in sittings for page in sitting.page.context.pages
    ]

    def enter(
        name: str, width: int = 1440, scheme: str = "dark", at: str = "/", own: bool = False
    ) -> Page:
        sitting = desks.sit_down(name, width, scheme, own)
        sittings.append(sitting)
        desks.go(sitting.page, name, at)
        return sitting.page

    yield enter
    for sitting in sittings:
        desks.leave(sitting)
    assert [error for sitting in sittings for error in sitting.errors] == []


@pytest.fixture(scope="session")
def drawn_pages(browser: Browser) -> Iterator[DrawnPages]:
    with DrawnPages(browser) as pages:
        yield pages


@pytest.fixture
def draw(drawn_pages: DrawnPages) -> Iterator:
    """A function: shows HTML with the console's styles.

    `looks`: what a context emulates (color_scheme, forced_colors). clock: the test says how time
    goes on."""
    opened = []

    def show(
        main: str,
        width: int = 1440,
        height: int = 900,
        scripts: Sequence[str] = (),
        clock: bool = False,
        **looks,
    ) -> Page:
        page = drawn_pages.open(document(main, scripts), width, height, clock, looks)
        opened.append(page)
        return page

    yield show
    for page in opened:
        drawn_pages.close(page)
