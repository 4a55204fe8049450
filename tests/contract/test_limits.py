"""What strangers send too much of is refused in words, by the real server, before it is held in
memory.
"""

import contextlib
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.consoles import DAPHNE, Console, console

KILO = 1024
LIMITS = {
    "/login": 1024 * KILO,
    "/webhooks/live": 64 * KILO,
    "/api/v1/rooms": 256 * KILO,
    "/nowhere": 1024 * KILO,
}


@pytest.fixture(scope="module")
def web(migrated: Path) -> Iterator[Console]:
    with console(migrated) as made, made.serving(*DAPHNE):
        yield made


def said(web: Console, head: bytes, body: bytes = b"") -> tuple[int, str]:
    """(status, everything that was answered) to these bytes."""
    with socket.create_connection(("127.0.0.1", web.port), 20) as line:
        line.sendall(head)
        with contextlib.suppress(OSError):  # it had heard enough
            line.sendall(body)
        answer = b""
        while part := line.recv(65_536):
            answer += part
    return int(answer.split(b" ", 2)[1]), answer.decode()


def head(path: str, *lines: str, method: str = "POST") -> bytes:
    return "\r\n".join(
        [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *lines, "", ""]
    ).encode()


def chunks(size: int) -> bytes:
    piece = b"x" * 16_384
    return (
        b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for _ in range(size // len(piece)))
        + b"0\r\n\r\n"
    )


@pytest.mark.parametrize("path", LIMITS)
def test_a_length_beyond_the_limit_is_refused_before_the_body_comes(web, path):
    status, text = said(web, head(path, f"Content-Length: {LIMITS[path] + 1}"))
    assert status == 413
    assert str(LIMITS[path]) in text


@pytest.mark.parametrize("path", LIMITS)
def test_a_body_in_chunks_is_refused_as_soon_as_it_is_too_much(web, path):
    status, text = said(web, head(path, "Transfer-Encoding: chunked"), chunks(4 * 1024 * KILO))
    assert status == 413
    assert str(LIMITS[path]) in text


def test_an_endless_body_ends(web):
    endless = head("/login", "Transfer-Encoding: chunked")
    with socket.create_connection(("127.0.0.1", web.port), 20) as line:
        line.sendall(endless)
        with pytest.raises(OSError):
            for _ in range(64):  # of a megabyte
                line.sendall(chunks(1024 * KILO)[:-5])


def test_programs_are_refused_as_programs_read_it(web):
    _, text = said(web, head("/api/v1/rooms", f"Content-Length: {300 * KILO}"))
    assert json.loads(text.partition("\r\n\r\n")[2])["status"] == 413


@pytest.mark.parametrize("size", [9_000, 15_000, 40_000])
def test_an_address_that_is_too_long_is_told(web, size):
    status, text = said(web, head("/login?x=" + "y" * size, method="GET"))
    assert (status, "An address has at most" in text) == (414, True)


def test_headers_that_are_too_long_are_told(web):
    status, text = said(
        web, head("/login", *(f"X-{n}: {'y' * 2000}" for n in range(12)), method="GET")
    )
    assert (status, "Headers have at most" in text) == (431, True)


def test_a_body_within_the_limit_is_read_and_answered(web):
    status, _ = said(web, head("/login", "Transfer-Encoding: chunked"), chunks(512 * KILO))
    assert status == 403  # no token of ours: the page was reached


def test_what_a_client_calls_our_root_is_no_trace(web):
    assert said(web, head("/", "Daphne-Root-Path: \xff", method="GET"))[0] == 302
    assert "Traceback" not in web.log.read_text()
