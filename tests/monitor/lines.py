"""Stand-ins for the way to a browser."""

import orjson

from monitor.realtime.connections import Connection
from monitor.realtime.hub import Hub
from monitor.realtime.transport import Frame


class FakeLine:
    """Keeps what it takes. `full`: takes nothing, as a browser that stopped reading."""

    def __init__(self) -> None:
        self.full = False
        self.taken: list[Frame] = []
        self.closed: tuple[int, str] | None = None
        self.released = False

    def take(self, frame: Frame) -> bool:
        if not self.full:
            self.taken.append(frame)
        return not self.full

    def close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)

    def release(self) -> None:
        self.released = True

    @property
    def said(self) -> list[dict]:
        return [orjson.loads(frame.text) for frame in self.taken]

    @property
    def kinds(self) -> list[str]:
        return [said["k"] for said in self.said]


def open_tab(
    hub: Hub, *rooms: int, person: int = 1, session: str = ""
) -> tuple[Connection, FakeLine]:
    """A tab in step with the hub, its first snapshot behind it. The hub's loops do not run."""
    tab = Connection(hub.ask, session=session, person=person)
    tab.line = line = FakeLine()
    tab.watch(frozenset(rooms), visible=True)
    hub._asking.clear()
    hub.tabs.add(tab)
    tab.hold()
    tab.send_snapshot(snapshot())
    line.taken.clear()
    return tab, line


def snapshot() -> Frame:
    from monitor.realtime import transport

    return transport.frame(b'{"k":"snapshot"}')
