"""Servers that are away in one way each: what a person must not wait for longer than once."""

import contextlib
import socket
import threading
from collections.abc import Iterator


@contextlib.contextmanager
def refusing() -> Iterator[str]:
    """Nobody listens at this address."""
    with socket.socket() as nobody:
        nobody.bind(
            ("127.0.0.1", 0)
        )  # bound and not listening: connections are refused, and nobody else gets the port
        yield f"redis://127.0.0.1:{nobody.getsockname()[1]}/0"


@contextlib.contextmanager
def silent() -> Iterator[str]:
    """A server that takes connections, reads and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken: list[socket.socket] = []

        def take() -> None:
            with contextlib.suppress(OSError):
                while True:
                    taken.append(server.accept()[0])

        threading.Thread(target=take, daemon=True).start()
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        server.shutdown(socket.SHUT_RDWR)
        for connection in taken:
            connection.close()


@contextlib.contextmanager
def swallowing() -> Iterator[str]:
    """An address whose packets are lost: the queue of connections is full, and Linux drops what
    wants to join it.
    """
    with socket.socket() as server, contextlib.ExitStack() as waiting:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        address = server.getsockname()
        for _ in range(3):
            one = waiting.enter_context(socket.socket())
            one.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                one.connect(address)
        yield f"redis://127.0.0.1:{address[1]}/0"


WAYS = {"refusing": refusing, "silent": silent, "swallowing": swallowing}
