"""The client of the console, talking to a running simulator that is also seen from inside."""

import itertools

import pytest

from liveapi import LiveApiError, LiveClient, LiveConfig, LocalBudget
from tests.contract.running import SECRET

SDKAPPID = 1400000000
NUMBERS = itertools.count()


def client_of(simulated, **changed):
    options = {
        "sdkappid": SDKAPPID,
        "secret_key": SECRET,
        "host": simulated.url,
        "allow_loopback": True,
    }
    return LiveClient(LiveConfig(**options | changed), budget=LocalBudget(1.0))


class Vendor:
    """The client, and the simulator seen from inside."""

    def __init__(self, simulated, client):
        self.inside, self.client = simulated, client

    def __call__(self, call):
        """The value of the answer."""
        answer = self.client.call(call, lane="act")
        assert answer.request_id
        return answer.value

    def code(self, call):
        """The vendor's code of a refusal."""
        with pytest.raises(LiveApiError) as refused:
            self(call)
        return refused.value.code

    def room(self, **fields):
        """The RoomId of a new room with people in it, and its host."""
        number = next(NUMBERS)
        opened = {
            "RoomId": f"live room {number}",
            "Owner_Account": f"streamer_{number}",
            "size": 80,
        } | fields
        room = self.inside.order("rooms", **opened)
        return room["RoomId"], room["owner"]

    def seen(self, room_id):
        return self.inside.get("rooms", room_id=room_id)
