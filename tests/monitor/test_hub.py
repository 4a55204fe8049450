"""The hub: who gets what, and that nobody holds up anybody."""

from monitor.hub import Hub
from rooms import live


class Tab:
    def __init__(self, *rooms: int) -> None:
        self.watched, self.visible, self.got = frozenset(rooms), True, []

    def offer(self, text: str) -> None:
        self.got.append(text)

    def resync(self) -> None:
        self.got.append("resync")


def test_tabs_with_the_same_rooms_share_one_frame_and_others_get_a_heartbeat():
    hub, one, two, other = Hub(), Tab(1, 2), Tab(2, 1), Tab(9)
    hub.sockets |= {one, two, other}
    hub.deliver(live.message({"k": "tick", "at": 1, "changes": 0, "vendor": None}, {1: {"o": 5}}))
    assert one.got[0] is two.got[0]
    assert '"rooms":[]' in other.got[0]


def test_an_act_is_told_only_to_tabs_that_show_its_room():
    hub, shows, does_not = Hub(), Tab(4), Tab(5)
    hub.sockets |= {shows, does_not}
    hub.deliver(b'{"k":"act","room":4,"action":1}')
    assert (len(shows.got), len(does_not.got)) == (1, 0)


def test_a_broken_message_is_survived():
    hub, tab = Hub(), Tab(1)
    hub.sockets.add(tab)
    hub._deliver_safely(b"\xff nonsense")
    hub._deliver_safely(live.message({"k": "tick", "at": 1, "changes": 0, "vendor": None}, {}))
    assert len(tab.got) == 1
