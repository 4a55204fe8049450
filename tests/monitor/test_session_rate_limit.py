"""A session that is too loud is refused late: refusals without a pause would cost the others their
clicks.
"""

from types import SimpleNamespace

import pytest
from channels.testing import WebsocketCommunicator

from monitor.realtime import consumers, sessions
from monitor.realtime.hub import hub


def knock(session: str) -> WebsocketCommunicator:
    async def application(scope, receive, send):
        scope = {**scope, "session": SimpleNamespace(session_key=session)}
        await consumers.LiveConsumer.as_asgi()(scope, receive, send)

    return WebsocketCommunicator(application, "/ws/live")


@pytest.fixture
def naps(monkeypatch) -> list[float]:
    """What was waited for, in seconds; nothing waits in truth."""
    told: list[float] = []

    async def sleep(seconds: float) -> None:
        told.append(seconds)

    monkeypatch.setattr(consumers.asyncio, "sleep", sleep)
    return told


async def test_a_hushed_session_waits_before_it_hears_why(naps):
    hub().hush("loud")
    loud = knock("loud")

    assert (await loud.connect())[0]
    assert await loud.receive_output() == {
        "type": "websocket.close",
        "code": sessions.TOO_MUCH,
        "reason": sessions.REASONS[sessions.TOO_MUCH],
    }
    assert consumers.REFUSED_AFTER in naps
    assert consumers.LiveConsumer.kept_waiting == 0


async def test_so_does_one_that_has_all_the_tabs_it_may_have(naps, settings):
    settings.MAX_TABS = 0
    many = knock("many")

    assert (await many.connect())[0]
    assert (await many.receive_output())["code"] == sessions.TOO_MUCH
    assert consumers.REFUSED_AFTER in naps


async def test_only_so_many_wait_and_the_rest_is_refused_at_once(naps, monkeypatch):
    monkeypatch.setattr(consumers.LiveConsumer, "kept_waiting", consumers.MAX_KEPT_WAITING)
    hub().hush("loud")

    connected, _ = await knock("loud").connect()

    assert not connected
    assert consumers.REFUSED_AFTER not in naps
