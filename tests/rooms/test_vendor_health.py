"""What a failure means: for whom everybody pauses, and for what nobody does."""

import pytest

from liveapi import LiveApiError, commands
from liveapi.messages import RoomPage
from rooms.collector.vendor_health import FAILURES
from tests.rooms.asked import Vendor, gone, poll_context, refusal

CALL = commands.get_room_statistics("room-1")


async def fail(at, error, times=1):
    at.client.answers["get_room_stats"] = error
    for _ in range(times):
        with pytest.raises(LiveApiError):
            await at.ask(CALL)


@pytest.mark.parametrize("code", [60007, 60018, 60019])
async def test_too_often_holds_the_command_back(code):
    at = poll_context(Vendor())
    await fail(at, refusal(code))

    [(name, seconds)] = at.budget.held
    assert name == "get_room_stats"
    assert seconds >= 1.0
    assert at.health.ok


async def test_too_often_for_the_application_holds_everything_back():
    at = poll_context(Vendor())
    await fail(at, refusal(60011))

    [(name, seconds)] = at.budget.held
    assert name == "*"
    assert seconds >= 2.0


@pytest.mark.parametrize(
    "error",
    [
        LiveApiError(
            "bad gateway",
            kind="transport",
            http_status=502,
            retryable=True,
            command="get_room_stats",
        ),
        LiveApiError("refused", kind="transport", retryable=True, command="get_room_stats"),
        LiveApiError("no answer in time", kind="timeout", retryable=True, command="get_room_stats"),
        refusal(60008),
        refusal(70009),
    ],
)
async def test_a_vendor_in_trouble_holds_everything_back_and_is_told_so(error):
    at = poll_context(Vendor())
    await fail(at, error, FAILURES)

    assert {name for name, _ in at.budget.held} == {"*"}
    assert not at.health.ok


async def test_pauses_grow_with_failures_and_have_an_end(monkeypatch):
    monkeypatch.setattr(
        "rooms.collector.poll_context.backoff",
        lambda attempt, *, base, cap: min(cap, base * 2 ** (attempt - 1)),
    )
    at = poll_context(Vendor())
    await fail(at, refusal(60008), 7)

    assert [seconds for _, seconds in at.budget.held] == [1, 2, 4, 8, 15, 15, 15]


async def test_calls_that_were_under_way_during_a_pause_do_not_lengthen_it(monkeypatch):
    at = poll_context(Vendor())
    error = refusal(60008)
    await at._failed(error, began=10.0)
    await at._failed(error, began=10.0)

    assert len(at.budget.held) == 1


async def test_a_room_that_is_gone_is_no_trouble():
    at = poll_context(Vendor())
    await fail(at, gone("get_room_stats"), 5)

    assert at.budget.held == []
    assert at.health.ok


async def test_a_malformed_answer_holds_its_command_back_only():
    at = poll_context(Vendor())
    await fail(
        at, LiveApiError("not JSON", kind="malformed", retryable=True, command="get_room_stats")
    )

    assert at.budget.held[0][0] == "get_room_stats"


async def test_a_success_ends_the_growing(monkeypatch):
    monkeypatch.setattr(
        "rooms.collector.poll_context.backoff", lambda attempt, *, base, cap: float(attempt)
    )
    at = poll_context(Vendor())
    await fail(at, refusal(60008), 3)
    at.client.answers["get_room_stats"] = "fine"

    assert await at.ask(CALL) == "fine"
    await fail(at, refusal(60008))

    assert [seconds for _, seconds in at.budget.held] == [1, 2, 3, 1]


async def test_an_answer_to_another_command_does_not(monkeypatch):
    monkeypatch.setattr("rooms.collector.poll_context.backoff", lambda failures, **_: failures)
    at = poll_context(Vendor({"get_room_list": RoomPage((), "")}))
    await fail(at, refusal(60007))
    await at.ask(commands.get_room_list())
    await fail(at, refusal(60007))

    assert [seconds for _, seconds in at.budget.held] == [2, 3]


async def test_refused_signatures_silence_everything_for_the_vendors_minute():
    at = poll_context(Vendor())
    await fail(at, refusal(70050))

    [(name, seconds)] = at.budget.held
    assert name == "*"
    assert seconds >= 60
