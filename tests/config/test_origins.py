"""Which pages may open a websocket, and what an unknown address answers."""

import pytest
from channels.testing import WebsocketCommunicator
from pytest_django import Settings

from config.serving.origins import OwnOrigin, close_unknown, is_own, scheme_of


@pytest.fixture(autouse=True)
def hosts(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["console.example.org", "127.0.0.1"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://desk.example.org"]


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://console.example.org", "console.example.org"),
        ("http://127.0.0.1:8000", "127.0.0.1:8000"),
        ("https://desk.example.org", "inner:8000"),
    ],
)
def test_own_and_trusted_pages_may(origin: str, host: str) -> None:
    assert is_own(origin, host)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("", "console.example.org"),
        ("null", "console.example.org"),
        ("https://evil.example", "console.example.org"),
        ("https://evil.example", "evil.example"),
        ("http://127.0.0.1:9000", "127.0.0.1:8000"),
        ("https://console.example.org.evil.example", "console.example.org"),
        ("console.example.org", "console.example.org"),
        ("file://127.0.0.1", "127.0.0.1"),
        ("https://", ""),
    ],
)
def test_others_may_not(origin: str, host: str) -> None:
    assert not is_own(origin, host)


async def test_a_foreign_page_is_refused_before_anything_else_runs() -> None:
    async def never(scope: object, receive: object, send: object) -> None:
        raise AssertionError("reached")

    headers = [(b"host", b"127.0.0.1:8000"), (b"origin", b"https://evil.example")]
    communicator = WebsocketCommunicator(OwnOrigin(never), "/ws/live", headers=headers)

    connected, _ = await communicator.connect()

    assert not connected


async def test_an_unknown_address_is_closed_and_raises_nothing() -> None:
    connected, _ = await WebsocketCommunicator(close_unknown, "/ws/nothing").connect()

    assert not connected


@pytest.mark.parametrize(
    ("behind", "plain", "told", "expected"),
    [
        (True, False, b"https", "https"),
        (True, False, b"wss", "https"),
        (False, False, b"http", "https"),
        (False, True, b"", ""),
    ],
)
def test_a_page_that_came_by_plain_http_opens_nothing_under_https(
    settings: Settings, behind: bool, plain: bool, told: bytes, expected: str
) -> None:
    settings.BEHIND_PROXY, settings.PLAIN_HTTP = behind, plain

    assert scheme_of({b"x-forwarded-proto": told}) == expected
    assert is_own("http://console.example.org", "console.example.org", expected) is (
        expected != "https"
    )
    assert is_own("https://console.example.org", "console.example.org", expected)
