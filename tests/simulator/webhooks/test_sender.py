"""Webhooks over HTTP: what arrives, how often, and what becomes of what does not."""

import asyncio
import json

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from simulator.app import Simulator
from simulator.control.orders import LIES
from simulator.webhooks import payloads, sender
from simulator.webhooks.sender import DeliverySettings
from simulator.world import events
from tests.simulator.conftest import ADMIN, OPTIONS, SDKAPPID, Vendor, make_world
from tests.support.waiting import comes_about

TOKEN = "the webhook token"
OK = {"ActionStatus": "OK", "ErrorCode": 0, "ErrorInfo": ""}


class Receiver:
    """Whatever the platform calls back. `answer` and `status`: what it says."""

    def __init__(self):
        self.got, self.answer, self.status, self.wait = [], OK, 200, 0.0

    async def take(self, request):
        self.got.append((dict(request.query), await request.json()))
        await asyncio.sleep(self.wait)
        return web.json_response(self.answer, status=self.status)

    def bodies(self, command):
        return [body for _, body in self.got if body["CallbackCommand"] == command]


@pytest.fixture
async def receiver():
    return Receiver()


@pytest.fixture
async def calling(receiver):
    """A vendor that calls the receiver back, in the samples' spelling and without the crowd."""
    app = web.Application()
    app.router.add_post("/webhooks/live", receiver.take)
    async with TestServer(app) as server:
        deliveries = DeliverySettings(
            url=str(server.make_url("/webhooks/live")), spelling="samples", lines=0, moves=0
        )
        simulator = Simulator(make_world(), OPTIONS, webhook_token=TOKEN, deliveries=deliveries)
        async with TestClient(TestServer(simulator.application())) as client:
            yield Vendor(simulator, client)


async def order(vendor, what, **fields):
    answer = await vendor.client.post(f"/_simulator/{what}", json=fields)
    return answer.status, await answer.json()


async def seen(vendor, path="webhooks", **query):
    return await (await vendor.client.get(f"/_simulator/{path}", params=query)).json()


async def test_a_signed_webhook_arrives_and_is_counted(calling, receiver):
    await order(calling, "update", room_id=calling.room.room_id, Notice="Be kind")
    await comes_about("a webhook comes", lambda: receiver.got)
    asked, body = receiver.got[0]
    assert asked["Sign"] == payloads.sign(TOKEN, int(asked["RequestTime"]))
    assert (asked["SdkAppid"], asked["CallbackCommand"]) == (str(SDKAPPID), events.UPDATED)
    assert body["RoomInfo"] == {"RoomId": calling.room.room_id, "Notice": "Be kind"}
    await comes_about(
        "a webhook is counted as sent", lambda: calling.simulator.webhooks.counts["sent"], equals=1
    )
    told = await seen(calling)
    assert (told["sent"], told["failed"], told["commands"]) == (1, 0, {events.UPDATED: 1})
    assert told["slowest_ms"] > 0


async def test_everything_that_rest_changes_is_told(calling, receiver):
    await calling.in_room("set_room_metadata", Metadata=[{"Key": "k", "Value": "v"}])
    await calling.in_room("del_room_metadata", Keys=["k"])
    await calling.in_room("modify_admin", Admin_Account=["viewer_1"], OpType="add")
    await calling.in_room("add_robot", RobotList_Account=["viewer_2"])
    await calling.in_room("pick_user_on_seat", Member_Account="viewer_2", Index=1)
    await calling.in_room("send_text_msg", Sender_Account=ADMIN, TextContent="hello")
    await calling.get(
        "create_room",
        {"RoomInfo": {"RoomId": "new", "RoomType": "Live", "Owner_Account": "viewer_3"}},
    )
    await calling.in_room("destroy_room")
    wanted = {
        events.METADATA_SET,
        events.METADATA_DELETED,
        events.ADMINS,
        events.MEMBERS,
        events.SEATS,
        events.AFTER_MESSAGE,
        events.CREATED,
        events.DESTROYED,
    }
    await comes_about(
        "every kind of webhook comes",
        lambda: {body["CallbackCommand"] for _, body in receiver.got},
        equals=wanted,
    )
    (created,) = receiver.bodies(events.CREATED)
    assert (
        created["RoomInfo"]["Owner_Account"] == "viewer_3" and created["Operator_Account"] == ADMIN
    )
    (ended,) = receiver.bodies(events.DESTROYED)
    assert ended["Operator_Account"] == ADMIN and ended["Statistic"]["TotalViewers"] > 0
    (said,) = receiver.bodies(events.AFTER_MESSAGE)
    assert said["MsgBody"] == events.text("hello")


async def test_what_happens_by_itself_is_told_without_anybody_asking(calling, receiver):
    world = calling.world
    world.due_at(
        world.clock.now() + 30, lambda at, room: world.close(room, "left", at), calling.room
    )
    world.clock.step(31)
    await comes_about("the end of the room is told", lambda: receiver.bodies(events.DESTROYED))
    assert receiver.bodies(events.DESTROYED)[0]["EventTime"] == int(1000 * (world.clock.now() - 1))


async def test_what_is_not_answered_well_has_failed_and_is_not_sent_again(calling, receiver):
    receiver.answer = {"ErrorCode": 0}
    await order(calling, "update", room_id=calling.room.room_id, Notice="x")
    await comes_about(
        "a webhook is counted as failed",
        lambda: calling.simulator.webhooks.counts["failed"],
        equals=1,
    )
    assert len(receiver.got) == 1
    assert events.UPDATED in (await seen(calling))["last_trouble"]


async def test_with_a_retry_it_is_sent_again(calling, receiver, monkeypatch):
    monkeypatch.setattr(sender, "RETRY_AFTER", 0.01)
    await order(calling, "webhooks", retry=True)
    receiver.status = 500
    await order(calling, "update", room_id=calling.room.room_id, Notice="x")
    await comes_about(
        "a webhook is counted as failed",
        lambda: calling.simulator.webhooks.counts["failed"],
        equals=1,
    )
    assert (
        len(receiver.got) == 1 + sender.RETRIES == 1 + calling.simulator.webhooks.counts["retried"]
    )


async def test_an_answer_that_does_not_come_is_a_failure(calling, receiver):
    app_session = calling.simulator.webhooks
    receiver.wait = 60
    await comes_about(
        "the session for webhooks is opened", lambda: app_session._session is not None
    )
    app_session._session._timeout = sender.aiohttp.ClientTimeout(total=0.05)
    await order(calling, "update", room_id=calling.room.room_id, Notice="x")
    await comes_about(
        "a webhook is counted as failed", lambda: app_session.counts["failed"], equals=1
    )
    assert "Timeout" in (await seen(calling))["last_trouble"]


async def test_nobody_at_the_address_is_a_failure_too(calling, receiver):
    await order(calling, "webhooks", url="http://127.0.0.1:9/nobody")
    await order(calling, "update", room_id=calling.room.room_id, Notice="x")
    await comes_about(
        "a webhook is counted as failed",
        lambda: calling.simulator.webhooks.counts["failed"],
        equals=1,
    )


async def test_loss_and_duplicates_come_as_ordered(calling, receiver):
    await order(calling, "webhooks", loss=1)
    await order(calling, "update", room_id=calling.room.room_id, Notice="lost")
    assert (await seen(calling))["lost"] == 1
    await order(calling, "webhooks", loss=0, duplicates=1)
    await order(calling, "update", room_id=calling.room.room_id, Notice="twice")
    await comes_about("both webhooks come", lambda: len(receiver.got), equals=2)
    assert (
        receiver.got[0][1] == receiver.got[1][1]
        and receiver.got[0][1]["RoomInfo"]["Notice"] == "twice"
    )


async def test_reordered_events_come_in_another_order(calling, receiver, monkeypatch):
    monkeypatch.setattr(sender, "SHUFFLED_OVER", 0.3)
    await order(calling, "webhooks", reordered=0.5)
    for number in range(20):
        await order(calling, "update", room_id=calling.room.room_id, ActivityStatus=number + 1)
    await comes_about("all twenty webhooks come", lambda: len(receiver.got), equals=20)
    arrived = [body["RoomInfo"]["ActivityStatus"] for _, body in receiver.got]
    assert arrived != sorted(arrived) == list(range(1, 21))


async def test_too_many_waiting_are_dropped_and_counted(calling, monkeypatch):
    monkeypatch.setattr(sender, "MAX_WAITING", 3)
    await order(calling, "webhooks", lag=60)
    for number in range(5):
        await order(calling, "update", room_id=calling.room.room_id, ActivityStatus=number + 1)
    told = await seen(calling)
    assert (told["waiting"], told["overflowed"]) == (3, 2)


async def test_never_more_are_under_way_than_allowed(calling, receiver):
    receiver.wait = 0.05
    most = 0
    for number in range(40):
        calling.world.tell(events.updated(calling.room, number, ADMIN, events.REST, {}))
    while len(receiver.got) < 40:
        most = max(most, len(calling.simulator.webhooks._sending))
        await asyncio.sleep(0.005)
    assert 1 < most <= sender.MAX_IN_FLIGHT + 1


async def test_a_lie_is_about_what_is_not_so(calling, receiver):
    await order(calling, "lie", about="destroyed", room_id=calling.room.room_id)
    await order(calling, "lie", about="created", room_id="there is none", account="mallory")
    await order(calling, "lie", about="seats_empty", room_id=calling.room.room_id)
    await comes_about("three webhooks come", lambda: len(receiver.got), equals=3)
    assert receiver.bodies(events.DESTROYED)[0]["RoomId"] == calling.room.room_id
    assert calling.room.room_id in calling.world.rooms and calling.room.seats
    assert receiver.bodies(events.CREATED)[0]["RoomInfo"]["Owner_Account"] == "mallory"
    assert "there is none" not in calling.world.rooms
    assert not any(
        "Member_Account" in seat for seat in receiver.bodies(events.SEATS)[0]["SeatList"]
    )
    assert (await order(calling, "lie", about="the weather", room_id="x"))[0] == 400


@pytest.mark.parametrize("about", LIES)
async def test_every_lie_can_be_told_of_a_room_and_of_none(calling, receiver, about):
    for room_id in (calling.room.room_id, "there is none"):
        assert (await order(calling, "lie", about=about, room_id=room_id, account="mallory"))[
            0
        ] == 200
    await comes_about("both webhooks come", lambda: len(receiver.got), equals=2)


async def test_one_is_sent_again_as_it_was(calling, receiver):
    await order(calling, "update", room_id=calling.room.room_id, Notice="x")
    await comes_about("one webhook comes", lambda: len(receiver.got), equals=1)
    calling.world.clock.step(10)
    assert (await order(calling, "resend", command=events.UPDATED))[0] == 200
    await comes_about("both webhooks come", lambda: len(receiver.got), equals=2)
    assert receiver.got[0][1] == receiver.got[1][1]
    assert (await order(calling, "resend", room_id="none such"))[0] == 400


async def test_any_body_can_be_sent_and_all_deliveries_can_be_read(calling, receiver):
    await order(
        calling, "event", command="Trtc.Whatever", room_id="r", EventGroupId=1, EventType=103
    )
    await comes_about("a webhook comes", lambda: receiver.got)
    assert receiver.got[0][1].items() >= {"EventGroupId": 1, "EventType": 103}.items()
    (delivery,) = await seen(calling, "deliveries", room_id="r")
    assert (delivery["number"], delivery["command"]) == (0, "Trtc.Whatever")
    assert await seen(calling, "deliveries", since="1") == []


@pytest.mark.parametrize(
    "orders",
    [
        {"loss": 2},
        {"loss": "all"},
        {"duplicates": True},
        {"retry": 1},
        {"spelling": "own"},
        {"url": "ftp://x"},
        {"delay": -1},
        {"unknown": 1},
        {"lines": 1e9},
    ],
)
async def test_orders_that_make_no_sense_change_nothing(calling, orders):
    before = calling.simulator.webhooks.settings
    assert (await order(calling, "webhooks", **orders))[0] == 400
    assert calling.simulator.webhooks.settings is before


async def test_mixed_spelling_uses_both(calling, receiver):
    await order(calling, "webhooks", spelling="mixed")
    for number in range(40):
        await order(calling, "update", room_id=calling.room.room_id, ActivityStatus=number + 1)
    await comes_about("all forty webhooks come", lambda: len(receiver.got), equals=40)
    spelt = {("SdkAppId" in asked, "WebhookCommand" in asked) for asked, _ in receiver.got}
    assert spelt == {(True, True), (False, False)}


# --- questions: the answer decides ----------------------------------------------------------------


async def test_a_line_is_said_unless_the_webhook_objects(calling, receiver):
    room_id = calling.room.room_id
    assert await order(calling, "say", room_id=room_id, account="viewer_1", text="hi") == (
        200,
        {"said": True, "code": 0},
    )
    await comes_about("the message is told", lambda: receiver.bodies(events.AFTER_MESSAGE))
    assert not receiver.bodies(events.BEFORE_MESSAGE)
    await order(calling, "webhooks", before_messages=True)
    receiver.answer = OK | {"ErrorCode": 2}
    assert (await order(calling, "say", room_id=room_id, account="viewer_1", text="no"))[1][
        "code"
    ] == 2
    assert len(receiver.bodies(events.BEFORE_MESSAGE)) == 1
    receiver.status = 500  # no answer: it is delivered
    assert (await order(calling, "say", room_id=room_id, account="viewer_1", text="yes"))[1]["said"]
    assert [said["Text"] for said in calling.room.messages] == ["hi", "yes"]


async def test_a_gift_is_given_unless_the_webhook_objects_or_is_silent(calling, receiver):
    gift = {"room_id": calling.room.room_id, "account": "viewer_1", "gift_id": "rocket", "count": 2}
    assert (await order(calling, "gift", **gift))[1] == {"given": True, "code": 0}
    assert not receiver.got
    await order(calling, "webhooks", gifts=True, url=calling.simulator.webhooks.settings.url)
    calling.simulator.webhooks.crowd.gifts = 0
    assert (await order(calling, "gift", **gift))[1]["given"]
    (asked,) = receiver.bodies(events.BEFORE_GIFT)
    assert (
        asked["GiftWater"].items()
        >= {"From_Account": "viewer_1", "GiftId": "rocket", "Count": 2}.items()
    )
    receiver.answer = OK | {"ErrorCode": 102150}
    assert (await order(calling, "gift", **gift))[1] == {"given": False, "code": 102150}
    receiver.status = 502
    assert (await order(calling, "gift", **gift))[1] == {"given": False, "code": 102004}
    assert calling.room.extra_coins == 2 * 2 * 500


async def test_a_muted_member_says_nothing(calling, receiver):
    await calling.in_room("mute_member", MemberList_Account=["viewer_1"], MuteTime=60)
    status, answer = await order(
        calling, "say", room_id=calling.room.room_id, account="viewer_1", text="hi"
    )
    assert (status, answer["code"]) == (409, 100017)


async def test_without_an_address_nothing_is_written(vendor):
    await order(vendor, "update", room_id=vendor.room.room_id, Notice="x")
    assert await seen(vendor, "deliveries") == []
    assert (await order(vendor, "say", room_id=vendor.room.room_id, account="viewer_1", text="hi"))[
        1
    ]["said"]


async def test_bodies_are_json_whatever_is_in_a_room(calling, receiver):
    for name in ("\u202e\ufeff", "\ud83d\ude00", "'\"<>&", "\x00"):
        await order(calling, "update", room_id=calling.room.room_id, RoomName=name)
    await comes_about("all four webhooks come", lambda: len(receiver.got), equals=4)
    assert json.dumps(receiver.bodies(events.UPDATED))
