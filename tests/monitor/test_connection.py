"""A tab that falls behind, catches up, or is given up."""

from monitor.realtime import connections, transport
from monitor.realtime.hub import Hub
from tests.monitor.lines import open_tab
from tests.support.waiting import comes_about


def frame(text="{}"):
    return transport.frame(text.encode())


def test_nothing_is_sent_before_the_first_snapshot():
    asked = []
    tab = connections.Connection(asked.append)
    from tests.monitor.lines import FakeLine

    tab.line = FakeLine()
    tab.send_tick(frame('{"k":"tick"}'))
    assert tab.line.taken == []
    tab.watch(frozenset({1}), visible=True)
    tab.hold()
    tab.send_snapshot(frame('{"k":"snapshot"}'))
    assert (tab.line.kinds, asked) == (["snapshot"], [tab])


def test_too_much_while_a_snapshot_is_read_costs_one_more_snapshot():
    hub = Hub()
    tab, line = open_tab(hub, 1)
    tab.hold()
    for _ in range(connections.MAX_HELD + 1):
        tab.send_tick(frame('{"k":"tick"}'))
    tab.send_snapshot(frame('{"k":"snapshot"}'))
    assert line.kinds == ["snapshot"]
    assert hub._asking == {tab}


async def another_is_closed():
    """A tab that falls behind now is closed: the time of each that fell behind before is over."""
    tab, line = open_tab(Hub(), 1)
    line.full = True
    tab.send_tick(frame())
    await comes_about("the tab that fell behind last is closed", lambda: line.closed)


async def test_a_tab_that_stays_behind_is_closed_with_a_reason_once(monkeypatch):
    monkeypatch.setattr(connections, "SLOW_SECONDS", 0.05)
    hub = Hub()
    tab, line = open_tab(hub, 1)
    line.full = True
    for _ in range(3):
        tab.send_tick(frame())
        tab.send_snapshot(frame())
    await comes_about("the tab is closed", lambda: line.closed)
    code, reason = line.closed
    assert code == connections.TOO_SLOW
    assert reason


async def test_a_tab_that_takes_again_in_time_is_kept(monkeypatch):
    monkeypatch.setattr(connections, "SLOW_SECONDS", 0.05)
    hub = Hub()
    tab, line = open_tab(hub, 1)
    line.full = True
    tab.send_tick(frame())
    line.full = False
    tab.on_drained()
    await another_is_closed()
    assert line.closed is None
    assert hub._asking == {tab}


async def test_a_tab_that_is_gone_is_left_in_peace(monkeypatch):
    monkeypatch.setattr(connections, "SLOW_SECONDS", 0.05)
    tab, line = open_tab(Hub(), 1)
    line.full = True
    tab.send_tick(frame())
    tab.release()
    await another_is_closed()
    assert line.closed is None
    assert line.released
