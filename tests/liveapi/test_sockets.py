"""Both clients over real sockets: the default transports, and what breaks on the way."""

import logging
import socket
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from liveapi import LiveApiError, commands
from tests.liveapi.asking import CONFIG

CALL = commands.destroy_room("live_1")
BODY = b'{"ErrorCode":0,"RequestId":"over the wire","Response":{"Statistic":{"TotalGiftCoins":7}}}'


def reply(body: bytes, *, length: int | None = None) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (
        len(body) if length is None else length,
        body,
    )


class Server:
    """Accepts connections one after the other and hands each to `serve`; counts requests and
    connections.
    """

    def __init__(self, serve: Callable[[socket.socket, bytes], bool]) -> None:
        self._serve = serve
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.requests: list[bytes] = []
        self.connections = 0
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                while request := self._read(connection):
                    self.requests.append(request)
                    if not self._serve(connection, request):
                        break

    @staticmethod
    def _read(connection: socket.socket) -> bytes:
        data = b""
        while not data.endswith(b"}"):
            try:
                chunk = connection.recv(65536)
            except OSError:
                return b""
            if not chunk:
                return b""
            data += chunk
        return data

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread in accept()
        self._listener.close()


@pytest.fixture
def serve(request):
    servers = []

    def make(handler):
        servers.append(Server(handler))
        return servers[-1]

    yield make
    for server in servers:
        server.close()


def at(server: Server):
    return replace(CONFIG, host=server.host, allow_loopback=True)


def ok(connection, request):
    connection.sendall(reply(BODY))
    return True


def test_calls_share_one_connection(asker, serve):
    server = serve(ok)
    client = asker(None, at(server))

    for _ in range(3):
        answer = client.ask(CALL, lane="act")

    assert answer.value.statistics.total_gift_coins == 7
    assert answer.request_id == "over the wire"
    assert len(server.requests) == 3
    assert server.connections == 1
    assert server.requests[0].startswith(
        b"POST /v4/live_engine_http_srv/destroy_room?sdkappid=1400000000&"
    )
    assert server.requests[0].endswith(b'\r\n\r\n{"RoomId":"live_1"}')


def test_the_libraries_below_log_no_signature(asker, serve, caplog):
    with caplog.at_level(logging.DEBUG):
        asker(None, at(serve(ok))).ask(CALL, lane="act")

    assert "usersig" not in caplog.text
    assert "sdkappid" not in caplog.text


def failing(client):
    with pytest.raises(LiveApiError) as caught:
        client.ask(CALL, lane="act")
    return caught.value


def test_a_connection_that_breaks_after_the_request_may_have_had_its_effect(asker, serve):
    error = failing(asker(None, at(serve(lambda connection, request: False))))

    assert (error.kind, error.effect_unknown) == ("transport", True)


def test_a_reused_connection_that_breaks_may_have_had_its_effect(asker, serve):
    server = serve(
        lambda connection, request: len(server.requests) == 1 and ok(connection, request)
    )
    client = asker(None, at(server))
    client.ask(CALL, lane="act")

    error = failing(client)

    assert (error.kind, error.effect_unknown) == ("transport", True)
    assert len(server.requests) == 2


def test_half_an_answer_may_have_had_its_effect(asker, serve):
    def half(connection, request):
        connection.sendall(reply(BODY[:20], length=len(BODY)))
        return False

    error = failing(asker(None, at(serve(half))))

    assert (error.kind, error.effect_unknown) == ("transport", True)


def test_what_is_not_http_may_have_had_its_effect(asker, serve):
    def noise(connection, request):
        connection.sendall(b"\x00\x01 nonsense\r\n\r\n")
        return False

    error = failing(asker(None, at(serve(noise))))

    assert error.kind in {"transport", "malformed"}
    assert error.effect_unknown


def test_nobody_listening_had_no_effect(asker, serve):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        host = f"127.0.0.1:{gone.getsockname()[1]}"

    error = failing(asker(None, replace(CONFIG, host=host, allow_loopback=True)))

    assert (error.kind, error.retryable, error.effect_unknown) == ("transport", True, False)


def test_silence_is_a_time_out_that_may_have_had_its_effect(asker, serve):
    released = threading.Event()
    server = serve(lambda connection, request: released.wait(20) and False)
    client = asker(None, at(server))
    shorten(client, 0.2)

    error = failing(client)
    released.set()

    assert (error.kind, error.retryable, error.effect_unknown) == ("timeout", True, True)


def test_an_answer_that_trickles_for_ever_is_a_time_out(asker, serve):
    stop = threading.Event()

    def trickle(connection, request):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        try:
            while not stop.wait(0.02):
                connection.sendall(b" ")
        except OSError:
            pass
        return False

    client = asker(None, at(serve(trickle)))
    shorten(client, 0.3)

    error = failing(client)
    stop.set()

    assert (error.kind, error.effect_unknown) == ("timeout", True)


def shorten(client, seconds):
    """A time-out that settings would refuse (the vendor's own is 3 s), so that the test need not
    wait.
    """
    exchange = client.client._exchange
    object.__setattr__(exchange.config, "timeout", seconds)
    exchange.extensions["timeout"] = dict.fromkeys(exchange.extensions["timeout"], seconds)
