"""The endpoint for webhooks: who is let in, what is answered, and what happens when Redis is away."""

import asyncio
import contextlib
import hashlib
import json
import logging
import time
from urllib.parse import urlencode

import pytest

from liveapi.webhook_events import RoomsNearLimit
from rooms.infra import redis
from rooms.webhooks import inbox, receiver
from rooms.webhooks.inbox import StoredWebhook
from tests.support.waiting import comes_about

TOKEN = "the-token-of-the-tests"
ENTER = "Live.CallbackAfterMemberStateChanged"
OK = {"ActionStatus": "OK", "ErrorCode": 0, "ErrorInfo": ""}


@pytest.fixture(autouse=True)
def token(settings):
    settings.LIVE_WEBHOOK_TOKEN = TOKEN


@pytest.fixture
async def endpoint():
    async def application(scope, receive, send):
        await receiver.answer(send, 299, b'"the pages"')

    made = receiver.WebhookEndpoint(application)
    yield made
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.1):
            await settled(made)
    if made.pile._writer is not None:
        made.pile._writer.cancel()
    await redis.close_async_client()


def signed(command=ENTER, *, token=TOKEN, at=None, **more):
    at = str(int(time.time() if at is None else at))
    sign = hashlib.sha256((token + at).encode()).hexdigest()
    query = {"SdkAppid": "1400000000", "CallbackCommand": command, "contenttype": "json"}
    return query | {"Sign": sign, "RequestTime": at} | more


async def ask(
    endpoint,
    query,
    body=b"{}",
    *,
    method="POST",
    path=receiver.PATH,
    headers=None,
    parts=1,
    client=None,
):
    """(status, decoded answer, headers) of one request."""
    size = -(-len(body) // parts) or 1
    pieces = [body[start : start + size] for start in range(0, len(body), size)] or [b""]
    waiting = [
        {"type": "http.request", "body": piece, "more_body": number < len(pieces) - 1}
        for number, piece in enumerate(pieces)
    ]
    sent = []

    async def receive():
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    given = headers if headers is not None else [(b"content-length", str(len(body)).encode())]
    query = query if isinstance(query, bytes) else urlencode(query).encode()
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query,
        "headers": given,
        "client": client,
    }
    await endpoint(scope, receive, send)
    return sent[0]["status"], json.loads(sent[1]["body"]), dict(sent[0]["headers"])


async def settled(endpoint):
    """Waits until nothing is on its way any more."""
    writer = lambda: endpoint.pile._writer  # noqa: E731
    await comes_about("the endpoint has written its pile", lambda: not writer() or writer().done())


def stored(hot):
    return [inbox.unpacked(value) for value in hot.lrange("lw:events", 0, -1)]


def counts(hot):
    found = {}
    for key in hot.keys("lw:webhooks:*"):
        for name, value in hot.hgetall(key).items():
            found[name.decode()] = found.get(name.decode(), 0) + int(value)
    return found


async def test_a_signed_request_is_stored_before_it_is_answered(endpoint, hot):
    before = int(time.time() * 1000)

    status, told, headers = await ask(endpoint, signed(), b'{"RoomId":"a"}')

    assert (status, told) == (200, OK)
    assert headers[b"content-type"] == b"application/json"
    [record] = stored(hot)
    assert (record.command, record.body) == (ENTER, b'{"RoomId":"a"}')
    assert record.arrived_ms >= before
    assert int(hot.hget("lw:webhooks", "last_at")) >= before


async def test_names_of_the_address_are_read_in_any_spelling(endpoint, hot):
    query = {name.lower(): value for name, value in signed().items() if name != "CallbackCommand"}
    query |= {"WebhookCommand": ENTER, "SdkAppId": query.pop("sdkappid")}

    assert (await ask(endpoint, query))[:2] == (200, OK)
    assert [record.command for record in stored(hot)] == [ENTER]


async def test_a_body_in_many_pieces_is_put_together(endpoint, hot):
    body = json.dumps({"RoomId": "a", "MemberList": [{"Member_Account": "x" * 20}] * 100}).encode()

    await ask(endpoint, signed(), body, parts=7)

    assert [record.body for record in stored(hot)] == [body]


async def test_any_other_address_goes_on_to_the_pages(endpoint):
    assert (await ask(endpoint, signed(), path="/webhooks/other"))[0] == 299
    assert (await ask(endpoint, {}, path="/", method="GET"))[0] == 299


@pytest.mark.parametrize(
    ("reason", "status", "query"),
    [
        ("signature", 403, lambda: signed(token="another")),
        ("signature", 403, lambda: signed(at=time.time() - 62)),
        ("signature", 403, lambda: signed(at=time.time() + 62)),
        ("signature", 403, lambda: signed(Sign="")),
        ("signature", 403, lambda: signed(RequestTime="x")),
        ("application", 403, lambda: signed(SdkAppid="1400000001")),
        ("application", 403, lambda: {k: v for k, v in signed().items() if k != "SdkAppid"}),
        ("application", 403, lambda: b"\xff\xfe&&&==%zz"),
        ("form", 400, lambda: b"&".join(b"a=1" for _ in range(40))),
        ("form", 414, lambda: b"a" * 5000),
    ],
)
async def test_strangers_are_refused_in_words_and_counted(endpoint, hot, reason, status, query):
    answered, told, _ = await ask(endpoint, query())
    await settled(endpoint)

    assert answered == status
    assert told["ActionStatus"] == "FAIL" and told["ErrorCode"] == 1 and told["ErrorInfo"]
    assert stored(hot) == []
    assert counts(hot) == {"arrived": 1, f"refused {reason}": 1}


async def test_without_a_token_the_door_is_closed(endpoint, hot, settings):
    settings.LIVE_WEBHOOK_TOKEN = ""

    status, told, _ = await ask(endpoint, signed(token=""))

    assert status == 404
    assert "LIVE_WEBHOOK_TOKEN" in told["ErrorInfo"]


@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD", "DELETE"])
async def test_only_post_is_answered(endpoint, hot, method):
    status, _, headers = await ask(endpoint, signed(), method=method)

    assert (status, headers[b"allow"]) == (405, b"POST")


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"x" * (64 * 1024 + 1), None),
        (b"x" * (64 * 1024 + 1), []),
        (b"{}", [(b"content-length", b"9" * 30)]),
        (b"{}", [(b"content-length", b"-1")]),
    ],
)
async def test_a_body_that_is_too_large_is_refused(endpoint, hot, body, headers):
    status, told, _ = await ask(endpoint, signed(), body, headers=headers, parts=3)

    assert status == 413
    assert "65536" in told["ErrorInfo"]
    assert stored(hot) == []


async def test_a_body_that_never_ends_is_given_up(endpoint, hot, monkeypatch):
    monkeypatch.setattr(receiver, "BODY_SECONDS", 0.01)
    sent = []

    async def receive():
        await asyncio.sleep(10)

    async def send(message):
        sent.append(message)

    query = urlencode(signed()).encode()
    scope = {
        "type": "http",
        "method": "POST",
        "path": receiver.PATH,
        "query_string": query,
        "headers": [],
    }
    await endpoint(scope, receive, send)

    assert sent[0]["status"] == 408


async def test_a_sender_that_hangs_up_tells_nothing(endpoint, hot):
    sent = []

    async def receive():
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    query = urlencode(signed()).encode()
    scope = {
        "type": "http",
        "method": "POST",
        "path": receiver.PATH,
        "query_string": query,
        "headers": [],
    }
    await endpoint(scope, receive, send)

    assert sent[0]["status"] == 400
    assert stored(hot) == []


@pytest.mark.parametrize(
    "command",
    [
        "Group.CallbackBeforeSendMsg",
        "Live.CallbackAfterStartBattle",
        "something.new",
        "Live.CallbackBeforeSendGift",
    ],
)
async def test_what_nobody_needs_is_acknowledged_and_not_kept(endpoint, hot, command):
    assert (await ask(endpoint, signed(command)))[:2] == (200, OK)
    assert stored(hot) == []


async def test_gifts_are_allowed_and_read_only_when_wanted(endpoint, hot, settings):
    settings.LIVE_GIFT_EVENTS = True

    assert (await ask(endpoint, signed("Live.CallbackBeforeSendGift")))[:2] == (200, OK)
    assert len(stored(hot)) == 1


async def test_a_command_that_only_the_body_names_is_kept(endpoint, hot):
    query = signed()
    del query["CallbackCommand"]

    await ask(endpoint, query, json.dumps({"CallbackCommand": ENTER}).encode())

    assert [record.command for record in stored(hot)] == [""]


async def test_what_arrives_while_one_is_written_is_written_together(endpoint, hot, monkeypatch):
    monkeypatch.setattr(receiver, "STORE_SECONDS", 30)
    trips = []
    real = inbox.put

    async def put(client, records, counts):
        trips.append(len(records))
        while len(trips) == 1 and len(endpoint.pile._records) < 200 - trips[0]:
            await asyncio.sleep(0)
        await real(client, records, counts)

    monkeypatch.setattr(inbox, "put", put)

    answers = await asyncio.gather(*(ask(endpoint, signed(), b'{"n":%d}' % n) for n in range(200)))

    assert {status for status, _, _ in answers} == {200}
    assert len(stored(hot)) == 200
    assert len(trips) <= 2 and sum(trips) == 200


async def test_the_list_is_bounded_and_what_fell_off_is_counted(endpoint, hot, monkeypatch):
    monkeypatch.setattr(inbox, "MAX_STORED", 10)

    monkeypatch.setattr(receiver, "STORE_SECONDS", 30)
    await asyncio.gather(*(ask(endpoint, signed(), b'{"n":%d}' % n) for n in range(25)))
    await settled(endpoint)

    assert [record.body for record in stored(hot)] == [b'{"n":%d}' % n for n in range(15, 25)]
    assert counts(hot)["dropped"] == 15


async def test_without_redis_the_answer_is_still_ok(endpoint, no_redis, caplog):
    caplog.set_level(logging.DEBUG)

    for number in range(5):
        assert (await ask(endpoint, signed(), b'{"secret":%d}' % number))[:2] == (200, OK)

    assert "Webhooks wait for Redis" in caplog.text
    assert caplog.text.count("Webhooks wait for Redis") == 1
    assert "secret" not in caplog.text
    assert len(endpoint.pile._records) == 5


async def test_what_came_while_redis_was_away_is_stored_when_it_is_back(
    endpoint, hot, settings, monkeypatch
):
    monkeypatch.setattr(receiver, "PAUSE_SECONDS", 0.05)
    address, settings.REDIS_URL = settings.REDIS_URL, "unix:///nowhere/valkey.sock"
    await ask(endpoint, signed(), b'{"n":1}')
    await ask(endpoint, signed(), b'{"n":2}')

    settings.REDIS_URL = address
    await settled(endpoint)

    assert [record.body for record in stored(hot)] == [b'{"n":1}', b'{"n":2}']


async def test_what_is_kept_without_redis_is_bounded(endpoint, no_redis, monkeypatch):
    monkeypatch.setattr(receiver, "MAX_PENDING", 3)

    for number in range(8):
        await ask(endpoint, signed(), b"%d" % number)

    assert len(endpoint.pile._records) == 3
    assert endpoint.pile._counts["dropped"] == 5
    assert inbox.unpacked(endpoint.pile._records[-1]).body == b"7"


async def test_an_answer_does_not_wait_for_a_redis_that_hangs(endpoint, hot, monkeypatch):
    async def hangs(client, records, counts):
        await asyncio.sleep(10)

    monkeypatch.setattr(inbox, "put", hangs)
    monkeypatch.setattr(receiver, "STORE_SECONDS", 0.01)

    async with asyncio.timeout(5):
        assert (await ask(endpoint, signed()))[:2] == (200, OK)
    endpoint.pile._writer.cancel()


# --- The inbox ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "record",
    [
        StoredWebhook(1, "a.b", b"{}"),
        StoredWebhook(1_700_000_000_000, "", b"\n\n\xff"),
        StoredWebhook(0, "with space", b""),
    ],
)
def test_a_record_is_read_as_it_was_written(record):
    assert inbox.unpacked(inbox.packed(record)) == record


@pytest.mark.parametrize("value", [b"", b"junk", b"x a.b\n{}", b"9" * 20 + b" a\n{}", b"-1 a\n{}"])
def test_what_no_door_has_written_is_no_record(value):
    assert inbox.unpacked(value) is None


def test_a_command_cannot_break_its_record():
    record = inbox.unpacked(inbox.packed(StoredWebhook(1, "a\nb" * 100, b"{}")))

    assert record.body == b"{}" and len(record.command) <= 128


async def test_records_are_taken_oldest_first_and_once(hot):
    client = redis.async_client()
    await inbox.put(client, [inbox.packed(StoredWebhook(n, "c", b"")) for n in range(5)], {})
    hot.rpush("lw:events", b"junk")

    hot.rpush("lw:discover", "a", "b", "a")

    first, second, third = [await inbox.take(client, most) for most in (3, 9, 9)]

    assert [record.arrived_ms for record in first.records] == [0, 1, 2]
    assert first.room_ids == ["a", "b"]
    assert [record.arrived_ms for record in second.records] == [3, 4]
    assert third == inbox.Taken([], [])
    await redis.close_async_client()


async def test_the_system_page_is_told_what_came(hot):
    counts = {"arrived": 50, "refused signature": 3, "refused size": 1, "dropped": 2}
    await inbox.put(redis.async_client(), [inbox.packed(StoredWebhook(1, "c", b""))], counts)

    now = time.time()
    found = inbox.traffic(now)
    await redis.close_async_client()

    assert abs(found.last_at - now) <= 2
    assert (found.refused, found.dropped, found.waiting) == (4, 2, 1)
    assert 25 <= found.a_minute <= 50


async def test_a_warning_of_the_rooms_limit_is_remembered(hot):
    await inbox.near_limit(redis.async_client(), RoomsNearLimit("", 1_700_000_000_999, 70, None))
    await redis.close_async_client()

    found = inbox.traffic()

    assert (found.near_at, found.near_count, found.near_most) == (1_700_000_000, 70, 0)


def test_without_redis_the_system_page_is_told_nothing(no_redis):
    assert inbox.traffic() == inbox.Traffic()
