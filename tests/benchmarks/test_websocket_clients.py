"""The crowd counts what arrives, however it is cut into pieces, and knows why a socket is gone."""

import socket

import pytest
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from benchmarks.websocket_clients import Crowd, Member, masked


@pytest.fixture
def opened():
    """A crowd of one, and the server's end of its socket."""
    theirs, ours = socket.socketpair()
    ours.setblocking(False)
    crowd = Crowd()
    member = crowd.add(Member("ours", ours))
    with theirs:
        yield crowd, member, theirs
    crowd.close("ours")


def frame(opcode: Opcode, data: bytes) -> bytes:
    return Frame(opcode, data).serialize(mask=False)


@pytest.mark.parametrize("size", [0, 200, 70_000])
@pytest.mark.parametrize("cut", [1, 3, 1000])
def test_a_tick_is_noted_once_however_it_is_cut(opened, size: int, cut: int):
    crowd, member, server = opened
    sent = frame(Opcode.TEXT, b'{"k":"tick","at":%d,"x":"%s"}' % (7, b"x" * size)) + frame(
        Opcode.TEXT, b"{}"
    )
    step = max(cut, len(sent) // 50)
    for start in range(0, len(sent), step):
        server.sendall(sent[start : start + step])
        crowd.listen(0.001)
    crowd.listen(5, lambda: member.texts == 2)
    assert len(crowd.arrivals["ours", 7]) == 1
    assert member.texts == 2


def test_pings_are_answered(opened):
    crowd, _, server = opened
    server.sendall(frame(Opcode.PING, b"abcd"))
    crowd.listen(0.05)
    reader = StreamReader()
    reader.feed_data(server.recv(100))
    parsing = Frame.parse(reader.read_exact, mask=True)
    with pytest.raises(StopIteration) as stopped:
        next(parsing)
    assert (stopped.value.value.opcode, stopped.value.value.data) == (Opcode.PONG, b"abcd")


def test_a_close_is_known_by_its_code_and_reason(opened):
    crowd, member, server = opened
    server.sendall(frame(Opcode.CLOSE, (4408).to_bytes(2, "big") + b"too slow"))
    crowd.listen(0.05)
    assert member.lost == "4408 too slow"
    assert crowd.open_ones("ours") == []


def test_a_connection_that_ends_is_noted(opened):
    crowd, member, server = opened
    server.close()
    crowd.listen(0.05)
    assert member.lost == "EOF"


def test_a_member_that_stopped_reads_nothing(opened):
    crowd, member, server = opened
    crowd.stop(member)
    server.sendall(frame(Opcode.TEXT, b"{}"))
    crowd.listen(0.05)
    assert member.texts == 0
    crowd.resume(member)
    crowd.listen(0.05)
    assert member.texts == 1


@pytest.mark.parametrize("size", [0, 125, 126, 5000])
def test_what_it_says_is_a_frame_that_another_library_reads(size: int):
    reader = StreamReader()
    reader.feed_data(masked(1, b"x" * size))
    parsing = Frame.parse(reader.read_exact, mask=True)
    with pytest.raises(StopIteration) as stopped:
        next(parsing)
    assert stopped.value.value.data == b"x" * size
