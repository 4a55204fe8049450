"""From the inbox to what follows: what is read, what is handed on, and what is not believed."""

import json
from dataclasses import replace

import pytest

from liveapi.messages import RoomInfo, RoomStatistics
from rooms.collector import webhook_events
from rooms.collector.lookup import RoomLookup
from rooms.collector.webhook_events import EventCallbacks, WebhookConsumer
from rooms.infra import redis
from rooms.webhooks import inbox as webhooks_inbox
from rooms.webhooks.inbox import StoredWebhook
from tests.rooms.asked import Vendor, gone, known, poll_context, refusal
from tests.rooms.test_lanes import run_until

NOW = 1_800_000_000_000


class Heard:
    """What followed from events: rooms confirmed, totals to be read, what was handed on."""

    def __init__(self):
        self.confirmed = []
        self.rewards = []
        self.told = []

    async def hand_on(self, told):
        self.told += told

    def ways(self):
        return EventCallbacks(
            self.confirmed.append, lambda pk, seconds: self.rewards.append(pk), self.hand_on
        )


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def inbox(heard):
    """An inbox of a collector that knows room-1 and room-2, both since second 1000."""
    at = poll_context(Vendor(), known(1), known(2))
    return WebhookConsumer(at, RoomLookup(at), heard.ways())


def record(command, at=NOW, arrived=NOW, **body):
    body = body if at is None else {"EventTime": at, **body}
    return StoredWebhook(arrived, f"Live.{command}", json.dumps(body).encode())


def entered(room_id="room-1", account="ann", at=NOW, **more):
    members = [{"Member_Account": account}]
    more = {
        "EventType": "Online",
        "EventCause": "Enter",
        "RoomId": room_id,
        "MemberList": members,
        **more,
    }
    return record("CallbackAfterMemberStateChanged", at, **more)


def created(room_id, create_time, **more):
    info = {"RoomId": room_id, "CreateTime": create_time, "Owner_Account": "host"}
    return record("CallbackAfterCreateRoom", RoomInfo=info, **more)


def destroyed(room_id="room-1", **more):
    return record("CallbackAfterDestroyRoom", RoomId=room_id, EventType="DestroyByUser", **more)


def take(inbox, *records):
    return inbox.sort(inbox.read(records))


# --- Reading --------------------------------------------------------------------------------------


def test_events_are_put_in_the_order_in_which_they_happened(inbox):
    told = take(
        inbox,
        entered(account="c", at=NOW - 1),
        entered(account="a", at=NOW - 9),
        entered(account="b", at=NOW - 5),
    )

    assert [event.accounts for _, event in told] == [("a",), ("b",), ("c",)]


def test_an_event_that_comes_twice_is_one(inbox):
    assert len(take(inbox, entered(), entered())) == 1
    assert take(inbox, entered()) == []
    assert (
        len(
            take(
                inbox,
                entered(at=NOW - 1),
                entered(account="bob"),
                entered(EventCause="HeartbeatRecover"),
            )
        )
        == 3
    )


def test_an_event_without_a_time_happened_when_it_came_and_is_never_a_repeat(inbox):
    told = take(inbox, entered(at=None), entered(at=None))

    assert [event.at_ms for _, event in told] == [NOW, NOW]


def test_a_clock_that_runs_ahead_makes_nothing_future(inbox):
    [(_, event)] = take(inbox, entered(at=NOW + 999_999))

    assert event.at_ms == NOW


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff" * 50, b'{"RoomId":"room-1"}'])
def test_nonsense_costs_nothing_but_itself(inbox, body):
    broken = StoredWebhook(NOW, "Live.CallbackAfterMemberStateChanged", body)

    assert len(take(inbox, broken, entered())) == 1


def test_what_is_remembered_against_repeats_is_bounded(inbox, monkeypatch):
    monkeypatch.setattr(webhook_events, "REMEMBERED", 10)

    for number in range(50):
        take(inbox, entered(at=NOW - number))

    assert len(inbox._seen) == 10


# --- Rooms that come, change and go ---------------------------------------------------------------


def test_a_room_said_to_be_new_is_read_not_believed(inbox, heard):
    assert take(inbox, created("room-9", 2000)) == []

    assert "room-9" in inbox.discovery
    assert not inbox.context.batch
    assert heard.confirmed == []


def test_a_known_room_said_to_be_new_is_no_news(inbox, heard):
    take(inbox, created("room-1", 1000))

    assert "room-1" not in inbox.discovery
    assert heard.confirmed == []


def test_a_known_room_said_to_be_opened_again_is_read(inbox, heard):
    take(inbox, created("room-1", 5000))

    assert heard.confirmed == [1]


def test_a_room_said_to_be_over_is_read_not_ended(inbox, heard):
    take(inbox, destroyed(Statistic={"TotalGiftCoins": 70}))

    assert heard.confirmed == [1]
    assert not inbox.context.batch
    assert inbox.context.final_statistics[1][0] == RoomStatistics(total_gift_coins=70)


def test_the_end_of_an_earlier_broadcast_is_no_news(inbox, heard):
    take(
        inbox,
        destroyed(
            RoomInfo={"RoomId": "room-1", "CreateTime": 400}, Statistic={"TotalGiftCoins": 70}
        ),
    )

    assert heard.confirmed == []
    assert inbox.context.final_statistics == {}


def test_the_end_of_a_room_that_nobody_knows_is_no_news(inbox, heard):
    take(inbox, destroyed("room-9"))

    assert heard.confirmed == []
    assert "room-9" not in inbox.discovery


def test_a_changed_room_is_read_and_handed_on(inbox, heard):
    told = take(
        inbox,
        record("CallbackAfterUpdateRoomInfo", RoomInfo={"RoomId": "room-2", "RoomName": "New"}),
    )

    assert heard.confirmed == [2]
    assert [(pk, event.fields) for pk, event in told] == [(2, ("RoomName",))]


def test_totals_are_read_again_after_a_gift(inbox, heard):
    gift = {"From_Account": "ann", "GiftId": "rose", "Count": 1}

    assert take(inbox, record("CallbackBeforeSendGift", RoomId="room-2", GiftWater=gift)) == []
    assert heard.rewards == [2]


async def test_the_limit_of_rooms_is_remembered(inbox, hot, monkeypatch):
    monkeypatch.setattr(webhook_events, "PATIENCE_SECONDS", 0)
    take(
        inbox, record("CallbackAfterCreateRoomReachingThreshold", CurRoomCount=70, MaxRoomCount=100)
    )

    await inbox.step()
    await redis.close_async_client()

    assert webhooks_inbox.traffic()[-3:] == (NOW // 1000, 70, 100)


# --- Rooms that are not known yet -----------------------------------------------------------------


def test_any_event_makes_a_hidden_room_known_and_waits_for_it(inbox):
    assert take(inbox, entered("hidden")) == []
    assert "hidden" in inbox.discovery

    inbox.context.registry.put(replace(known(7), room_id="hidden"))

    assert [(pk, event.accounts) for pk, event in inbox._released()] == [(7, ("ann",))]
    assert inbox._released() == []


def test_what_waits_for_a_room_that_never_comes_is_forgotten(inbox, monkeypatch):
    monkeypatch.setattr(webhook_events, "HELD_SECONDS", 0.0)
    take(inbox, entered("hidden"))

    assert inbox._released() == []
    assert not inbox._held


def test_what_waits_is_bounded(inbox, monkeypatch):
    monkeypatch.setattr(webhook_events, "MAX_HELD", 5)

    for number in range(20):
        take(inbox, entered("hidden", at=NOW - number))

    assert len(inbox._held) == 5


def test_events_of_a_room_that_may_have_been_opened_again_wait_for_the_answer(inbox, heard):
    assert (
        take(inbox, destroyed(at=NOW - 9), created("room-1", 5000, at=NOW - 5), entered(at=NOW - 1))
        == []
    )
    assert inbox._released() == []

    inbox.context.registry.drop(1)
    inbox.context.registry.put(replace(known(3), room_id="room-1", create_time=5000))

    assert [pk for pk, _ in inbox._released()] == [3]


# --- The lane that looks rooms up -----------------------------------------------------------------


async def test_a_room_that_exists_is_learnt_and_stored_at_once():
    hurried = []
    at = poll_context(Vendor({"get_room_info": RoomInfo("room-9", 2000, is_public_visible=False)}))
    at.hurry = lambda: hurried.append(1)
    discovery = RoomLookup(at)
    discovery.ask("room-9")

    await run_until(discovery, lambda: hurried)

    [reading] = at.batch.infos.values()
    assert (reading.info.room_id, reading.whole) == ("room-9", True)


async def test_a_room_that_does_not_exist_is_not_asked_for_again_at_once():
    vendor = Vendor({"get_room_info": gone("get_room_info")})
    discovery = RoomLookup(poll_context(vendor))
    discovery.ask("lie")

    await run_until(discovery, lambda: discovery._unknown)

    assert not discovery.ask("lie")
    assert len(vendor.asked) == 1
    assert discovery.ask("lie", surely=True)


async def test_a_room_just_created_is_asked_for_once_more(monkeypatch):
    monkeypatch.setattr("rooms.collector.lookup.RETRY_SECONDS", 0.001)
    vendor = Vendor({"get_room_info": gone("get_room_info")})
    discovery = RoomLookup(poll_context(vendor))
    discovery.ask("slow", surely=True)

    await run_until(discovery, lambda: discovery._unknown)

    assert len(vendor.asked) == 2


async def test_a_lost_answer_is_asked_for_again_a_few_times(monkeypatch):
    monkeypatch.setattr("rooms.collector.lookup.RETRY_SECONDS", 0.001)
    vendor = Vendor({"get_room_info": refusal(60008, "get_room_info")})
    discovery = RoomLookup(poll_context(vendor))
    discovery.ask("room-9")

    await run_until(discovery, lambda: len(vendor.asked) == 4 and not discovery._calls)

    assert "room-9" not in discovery


def test_the_names_that_wait_are_bounded(monkeypatch):
    monkeypatch.setattr("rooms.collector.lookup.MAX_WAITING", 3)
    discovery = RoomLookup(poll_context(Vendor()))

    assert [discovery.ask(f"made-up-{number}") for number in range(5)] == [True] * 3 + [False] * 2
    assert discovery.ask("made-up-1")


# --- From Redis -----------------------------------------------------------------------------------


async def test_a_look_takes_everything_and_hands_it_on(inbox, heard, hot, settings, monkeypatch):
    monkeypatch.setattr(webhook_events, "GAP_SECONDS", 0)
    settings.LIVE_WEBHOOK_TOKEN = "a-token-of-the-tests"
    hot.rpush(
        "lw:events",
        *(
            webhooks_inbox.packed(one)
            for one in (entered(at=NOW - 1), entered(account="bob", at=NOW - 9))
        ),
    )
    hot.rpush("lw:discover", "planned")

    await inbox.step()
    await redis.close_async_client()

    assert [(pk, event.accounts) for pk, event in heard.told] == [(1, ("bob",)), (1, ("ann",))]
    assert "planned" in inbox.discovery
    assert hot.llen("lw:events") == hot.llen("lw:discover") == 0


async def test_without_redis_it_waits_and_says_so_once(inbox, no_redis, caplog, monkeypatch):
    monkeypatch.setattr(webhook_events, "PATIENCE_SECONDS", 0)

    for _ in range(3):
        await inbox.step()
    await redis.close_async_client()

    assert caplog.text.count("Webhooks cannot be read") == 1
