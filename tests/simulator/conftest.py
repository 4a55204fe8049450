"""One simulated application behind a real socket, asked as its administrator.

Its clock stands still until stepped.
"""

import time
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from liveapi.usersig import sign
from simulator.api.commands.table import GROUPS, LIVE, SEATS
from simulator.api.server import ApiOptions
from simulator.app import Simulator
from simulator.world.clock import Clock
from simulator.world.options import WorldOptions
from simulator.world.rooms import Room
from simulator.world.world import World

SECRET = "a-secret-for-tests"
SDKAPPID = 1400000000
ADMIN = "administrator"
OPTIONS = ApiOptions(sdkappid=SDKAPPID, secret=SECRET, admin=ADMIN)
SERVICES = {
    "get_seat_list": SEATS,
    "pick_user_on_seat": SEATS,
    "kick_user_off_seat": SEATS,
    "switch_seat": SEATS,
    "lock_seat": SEATS,
    "send_group_msg": GROUPS,
    "account_import": "im_open_login_svc",
    "multiaccount_import": "im_open_login_svc",
    "account_check": "im_open_login_svc",
    "account_delete": "im_open_login_svc",
    "kick": "im_open_login_svc",
    "portrait_get": "profile",
    "portrait_set": "profile",
    "setnospeaking": "openconfigsvr",
    "getnospeaking": "openconfigsvr",
    "query_online_status": "openim",
}


def make_world(**more: Any) -> World:
    """45 rooms where nobody comes or goes by themselves, at a fixed moment."""
    options = {
        "rooms": 45,
        "viewers": 20_000,
        "seed": 3,
        "churn": 0.0,
        "address": "http://vendor",
    } | more
    return World(WorldOptions(**options), Clock(frozen_at=1_790_000_000.0))


class Vendor:
    """Asks a Simulator over HTTP. `room` is an ordinary room of its world with people in it."""

    def __init__(self, simulator: Simulator, client: TestClient) -> None:
        self.simulator, self.world, self.client = simulator, simulator.world, client
        self.room: Room = next(
            room
            for room in self.world.rooms.values()
            if 50 < room.shape.size < 5000 and room.host % 2
        )

    def query(self, **changed: str) -> dict[str, str]:
        usersig = sign(ADMIN, SDKAPPID, SECRET, now=int(time.time()), expire=600)
        asked = {"sdkappid": str(SDKAPPID), "identifier": ADMIN, "usersig": usersig, "random": "1"}
        return {
            name: value
            for name, value in (asked | {"contenttype": "json"} | changed).items()
            if value
        }

    async def post(
        self, command: str, data: bytes | None = None, body: Any = None, **query: str
    ) -> Any:
        """The HTTP answer; `command` may name its service."""
        path = command if "/" in command else f"{SERVICES.get(command, LIVE)}/{command}"
        sent = {"data": data} if data is not None else {"json": {} if body is None else body}
        return await self.client.post(f"/v4/{path}", params=self.query(**query), **sent)

    async def ask(self, command: str, body: Any = None, **query: str) -> dict[str, Any]:
        """The whole answer, whatever its code."""
        answer = await self.post(command, body=body, **query)
        assert answer.status == 200
        return await answer.json()

    async def code(self, command: str, body: Any = None) -> int:
        """The ErrorCode; its words are there when there is one."""
        answer = await self.ask(command, body)
        assert (
            (answer["ActionStatus"] == "OK")
            == (answer["ErrorCode"] == 0)
            == (answer["ErrorInfo"] == "")
        )
        assert answer["RequestId"]
        return answer["ErrorCode"]

    async def get(self, command: str, body: Any = None) -> Any:
        """The payload under `Response`."""
        answer = await self.ask(command, body)
        assert answer["ErrorCode"] == 0, answer
        return answer.get("Response")

    async def in_room(self, command: str, **fields: Any) -> Any:
        """The payload of a command about the ordinary room."""
        return await self.get(command, {"RoomId": self.room.room_id, **fields})

    async def code_in_room(self, command: str, **fields: Any) -> int:
        return await self.code(command, {"RoomId": self.room.room_id, **fields})

    def step(self, seconds: float) -> None:
        self.world.clock.step(seconds)
        self.world.move()


@pytest.fixture
async def vendor():
    simulator = Simulator(make_world(), OPTIONS)
    async with TestClient(TestServer(simulator.application())) as client:
        yield Vendor(simulator, client)
