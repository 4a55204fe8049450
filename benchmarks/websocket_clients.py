"""Many websocket clients in one thread, as cheap as Python allows: they create load and are not
measured themselves.

Each records when each tick arrived. Pings are answered, as browsers do.
"""

import base64
import contextlib
import os
import select
import socket
import struct
import time
from collections import Counter, defaultdict
from collections.abc import Callable

TICK = b'{"k":"tick","at":'
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
HANDSHAKE_SECONDS = 20.0
AT_ONCE = 1 << 18


class Member:
    """One websocket.

    `lost`: why it is gone ("4408 too slow", "EOF", "ConnectionResetError"), "" while it is open.
    """

    __slots__ = ("buffer", "label", "lost", "reading", "socket", "texts")

    def __init__(self, label: str, connection: socket.socket) -> None:
        self.label = label
        self.socket = connection
        self.buffer = b""
        self.lost = ""
        self.reading = False
        self.texts = 0


class Crowd:
    """`arrivals[label, at]`: when (time.monotonic) each socket of this label got the tick of this
    `at`.
    """

    def __init__(self) -> None:
        self.members: dict[int, Member] = {}
        self.arrivals: defaultdict[tuple[str, int], list[float]] = defaultdict(list)
        self.received: Counter[str] = Counter()  # bytes by label
        self._epoll = select.epoll()

    def open(self, label: str, port: int, path: str = "/", cookie: str = "") -> Member:
        """Opens one. Raises OSError when the server does not accept it."""
        connection = socket.create_connection(("127.0.0.1", port), HANDSHAKE_SECONDS)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            f"Origin: http://127.0.0.1:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            *([f"Cookie: {cookie}"] if cookie else []),
            "",
            "",
        ]
        connection.sendall("\r\n".join(lines).encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            part = connection.recv(4096)
            if not part:
                raise OSError(f"{label}: the server closed the connection: {answer[:200]!r}")
            answer += part
        head, _, rest = answer.partition(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise OSError(f"{label}: {head[:200]!r}")
        connection.setblocking(False)
        member = Member(label, connection)
        member.buffer = rest
        return self.add(member)

    def add(self, member: Member) -> Member:
        self.members[member.socket.fileno()] = member
        self.resume(member)
        return member

    def say(self, member: Member, text: str) -> None:
        """Sends one short text."""
        member.socket.sendall(masked(TEXT, text.encode()))

    def stop(self, member: Member) -> None:
        """Reads nothing from it any more, as a browser that hangs."""
        self._epoll.unregister(member.socket)
        member.reading = False

    def resume(self, member: Member) -> None:
        self._epoll.register(member.socket, select.EPOLLIN)
        member.reading = True

    def close(self, label: str) -> None:
        """Closes all of this label."""
        for member in [member for member in self.members.values() if member.label == label]:
            self._lose(member, "closed")

    def open_ones(self, label: str) -> list[Member]:
        return [member for member in self.members.values() if member.label == label]

    def listen(self, seconds: float, until: Callable[[], bool] | None = None) -> bool:
        """Takes what arrives for so long, or until the question is answered with yes; that
        answer.
        """
        end = time.monotonic() + seconds
        while (rest := end - time.monotonic()) > 0:
            if until is not None and until():
                return True
            for number, _event in self._epoll.poll(min(rest, 0.05)):
                self._read(self.members[number])
        return until is not None and until()

    def _read(self, member: Member) -> None:
        try:
            data = member.socket.recv(AT_ONCE)
        except BlockingIOError:
            return
        except OSError as error:
            self._lose(member, type(error).__name__)
            return
        now = time.monotonic()
        if not data:
            self._lose(member, "EOF")
            return
        self.received[member.label] += len(data)
        buffer = member.buffer + data if member.buffer else data
        at, end = 0, len(buffer)
        while end - at >= 2:
            size, header = buffer[at + 1] & 0x7F, 2
            if size == 126:
                if end - at < 4:
                    break
                size, header = struct.unpack_from("!H", buffer, at + 2)[0], 4
            elif size == 127:
                if end - at < 10:
                    break
                size, header = struct.unpack_from("!Q", buffer, at + 2)[0], 10
            if end - at < header + size:
                break
            self._take(member, buffer[at] & 0x0F, buffer[at + header : at + header + size], now)
            at += header + size
        member.buffer = buffer[at:]

    def _take(self, member: Member, opcode: int, payload: bytes, now: float) -> None:
        if opcode == TEXT:
            member.texts += 1
            if payload.startswith(TICK):
                number = int(payload[len(TICK) : payload.index(b",", len(TICK))])
                self.arrivals[member.label, number].append(now)
        elif opcode == PING:
            with contextlib.suppress(OSError):
                member.socket.sendall(masked(PONG, payload))
        elif opcode == CLOSE:
            code = struct.unpack("!H", payload[:2])[0] if len(payload) >= 2 else 1005
            self._lose(member, f"{code} {payload[2:].decode('utf-8', 'replace')}")

    def _lose(self, member: Member, why: str) -> None:
        if member.lost:
            return
        member.lost = why
        del self.members[member.socket.fileno()]
        member.socket.close()


def masked(opcode: int, payload: bytes) -> bytes:
    """A frame as a client sends it: a mask of zeros is a mask, and costs nothing."""
    size = len(payload)
    length = struct.pack("!B", 0x80 | size) if size < 126 else struct.pack("!BH", 0x80 | 126, size)
    return bytes((0x80 | opcode,)) + length + bytes(4) + payload
