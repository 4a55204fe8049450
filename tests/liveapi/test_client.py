"""Both clients against answers of every kind, without a network."""

import json
import logging
import traceback
from dataclasses import replace
from urllib.parse import parse_qs

import httpx
import pytest

from liveapi import LiveApiError, LiveClient, LocalBudget, commands
from liveapi.budget.limits import OVERALL
from liveapi.usersig import decode
from tests.liveapi.asking import CONFIG, OK, SECRET, answer, refusal

INFO = commands.get_room_info("live_1")
STATISTICS = commands.get_room_statistics("live_1")
TOTALS = {"TotalGiftCoins": 5}


def query(request):
    return {name: values[0] for name, values in parse_qs(request.url.query.decode()).items()}


def always(response):
    return lambda request: response


def test_a_request_is_what_the_vendor_documents(asker):
    seen = []

    def vendor(request):
        seen.append(request)
        return answer({"GiftList": []})

    asker(vendor).ask(commands.get_gift_info_list())

    (request,) = seen
    assert request.method == "POST"
    assert request.url.scheme == "https"
    assert request.url.host == request.headers["host"] == "console.tim.qq.com"
    assert request.url.path == "/v4/live_engine_http_srv/get_gift_info_list"
    assert request.content == b"{}"
    assert request.headers["content-type"] == "application/json"
    asked = query(request)
    assert set(asked) == {"sdkappid", "identifier", "usersig", "random", "contenttype"}
    assert (asked["sdkappid"], asked["identifier"], asked["contenttype"]) == (
        "1400000000",
        "administrator",
        "json",
    )
    assert 0 <= int(asked["random"]) < 2**32
    assert decode(asked["usersig"])["TLS.identifier"] == "administrator"


def test_the_url_reads_the_same_from_every_side(asker):
    seen = []
    asker(lambda request: seen.append(request) or answer({"GiftList": []})).ask(
        commands.get_gift_info_list()
    )

    url = seen[0].url

    assert httpx.URL(str(url)).raw_path == url.raw_path
    assert url.raw_path.endswith(url.query)
    assert url.params["random"] == query(seen[0])["random"]


def test_every_request_has_its_own_random_number_and_all_share_a_signature(asker):
    seen = []
    client = asker(lambda request: seen.append(query(request)) or answer({"RoomInfo": {}}))

    for _ in range(20):
        client.ask(INFO)

    assert len({asked["random"] for asked in seen}) == 20
    assert len({asked["usersig"] for asked in seen}) == 1


def test_an_administrator_of_any_name_is_quoted(asker):
    seen = []
    client = asker(
        lambda request: seen.append(query(request)) or answer({"RoomInfo": {}}),
        replace(CONFIG, admin="a&b=c ü"),
    )

    client.ask(INFO)

    assert seen[0]["identifier"] == "a&b=c ü"


def test_an_answer_carries_value_request_id_and_time(asker):
    found = asker(always(answer({"RoomInfo": {"RoomName": "Late show"}}))).ask(INFO)

    assert found.value.room_name == "Late show"
    assert found.value.room_id == "live_1"
    assert found.request_id == "request-1"
    assert found.elapsed >= 0


def test_chat_commands_answer_at_the_top_level(asker):
    item = {"To_Account": "a", "ProfileItem": [{"Tag": "Tag_Profile_IM_Nick", "Value": "Ann"}]}

    found = asker(always(answer(UserProfileItem=[item]))).ask(commands.portrait_get(["a"]))

    assert found.value[0].nick == "Ann"


@pytest.mark.parametrize(
    ("response", "kind", "code", "retryable", "unknown"),
    [
        (refusal(100004), "vendor", 100004, False, False),
        (refusal(60007), "vendor", 60007, True, False),
        (refusal(60008), "vendor", 60008, True, True),
        (refusal(60010), "vendor", 60010, False, False),
        (refusal(424242), "vendor", 424242, False, False),
        (httpx.Response(200, json={**OK, "ErrorCode": "100004"}), "vendor", 100004, False, False),
        (httpx.Response(500, json={**OK, "ErrorCode": 60013}), "vendor", 60013, True, True),
        (httpx.Response(502, json=OK), "transport", None, True, True),
        (httpx.Response(502, text="<html>"), "transport", None, True, True),
        (httpx.Response(404, text="<html>"), "transport", None, False, False),
        (
            httpx.Response(302, headers={"location": "https://example.com"}),
            "transport",
            None,
            False,
            False,
        ),
        (httpx.Response(429), "transport", None, True, False),
        (httpx.Response(200, text=""), "malformed", None, True, True),
        (httpx.Response(200, text="<html>"), "malformed", None, True, True),
        (httpx.Response(200, json=[]), "malformed", None, True, True),
        (httpx.Response(200, json={}), "malformed", None, True, True),
        (httpx.Response(200, json={"ErrorCode": None}), "malformed", None, True, True),
        (httpx.Response(200, json={"ErrorCode": True}), "malformed", None, True, True),
        (httpx.Response(200, json={"ActionStatus": "FAIL"}), "malformed", None, True, True),
        (httpx.Response(200, json={**OK, "Response": {}}), "malformed", None, True, True),
        (httpx.Response(200, json={**OK, "Response": [1]}), "malformed", None, True, True),
        (httpx.Response(200, text="[" * 5000), "malformed", None, True, True),
        (httpx.Response(200, content=b"\x1f\x8bjunk"), "malformed", None, True, True),
    ],
)
def test_an_answer_is_judged_by_its_error_code(asker, response, kind, code, retryable, unknown):
    with pytest.raises(LiveApiError) as caught:
        asker(always(response)).ask(INFO)

    error = caught.value
    assert (error.kind, error.code, error.retryable, error.effect_unknown) == (
        kind,
        code,
        retryable,
        unknown,
    )
    assert error.command == "get_room_info"


def test_an_answer_that_says_it_is_packed_and_is_not_is_malformed(asker):
    class Broken(httpx.SyncByteStream, httpx.AsyncByteStream):
        def __iter__(self):
            yield b"not gzip"

        async def __aiter__(self):
            yield b"not gzip"

    response = httpx.Response(200, headers={"content-encoding": "gzip"}, stream=Broken())
    with pytest.raises(LiveApiError) as caught:
        asker(always(response)).ask(INFO)
    assert caught.value.kind == "malformed"


def test_an_endless_answer_is_cut_off(asker):
    class Endless(httpx.SyncByteStream, httpx.AsyncByteStream):
        def __iter__(self):
            while True:
                yield b"x" * 1_000_000

        async def __aiter__(self):
            while True:
                yield b"x" * 1_000_000

    with pytest.raises(LiveApiError) as caught:
        asker(always(httpx.Response(200, stream=Endless()))).ask(INFO)
    assert caught.value.kind == "malformed"


@pytest.mark.parametrize(
    ("raised", "kind", "sent"),
    [
        (httpx.ConnectError("refused"), "transport", False),
        (httpx.ConnectTimeout("slow"), "timeout", False),
        (httpx.PoolTimeout("busy"), "timeout", False),
        (httpx.ReadTimeout("slow"), "timeout", True),
        (httpx.WriteError("reset"), "transport", True),
        (httpx.RemoteProtocolError("gone"), "transport", True),
        (OSError("odd"), "transport", True),
        (RuntimeError("odd"), "transport", True),
    ],
)
def test_trouble_on_the_way_says_whether_the_request_may_have_arrived(asker, raised, kind, sent):
    def vendor(request):
        raise raised

    with pytest.raises(LiveApiError) as caught:
        asker(vendor).ask(INFO)

    assert (caught.value.kind, caught.value.retryable) == (kind, True)
    assert caught.value.effect_unknown is sent


@pytest.mark.parametrize("quoted_by", ["vendor", "transport", "bug"])
def test_no_signature_and_no_key_in_any_text(asker, quoted_by, caplog, monkeypatch):
    usersigs = []

    def vendor(request):
        usersigs.append(query(request)["usersig"])
        if quoted_by == "vendor":
            return refusal(60004, f"bad {request.url} or {SECRET}")
        if quoted_by == "transport":
            raise httpx.ConnectError(f"cannot reach {request.url}", request=request)
        return answer({"RoomInfo": {}})

    call = INFO if quoted_by != "bug" else replace(INFO, parse=lambda payload: payload["Nothing"])
    client = asker(vendor)
    with caplog.at_level(logging.DEBUG), pytest.raises(LiveApiError) as caught:
        client.ask(call)

    error = caught.value
    texts = [
        str(error),
        repr(error),
        *traceback.format_exception(error),
        caplog.text,
        repr(client.client),
    ]
    texts.extend(repr(error.__dict__).splitlines())
    texts.append(repr(error.__context__) + repr(error.__cause__))
    assert usersigs
    for text in texts:
        assert usersigs[0] not in text
        assert SECRET not in text
        assert "usersig=eJ" not in text


def test_half_a_signature_at_the_end_of_the_vendors_words_is_taken_out_too(asker):
    usersigs = []

    def vendor(request):
        usersigs.append(query(request)["usersig"])
        return refusal(60004, "x" * 420 + usersigs[0])

    with pytest.raises(LiveApiError) as caught:
        asker(vendor).ask(INFO)

    assert usersigs[0][:24] not in caught.value.text
    assert caught.value.text.endswith("[secret]")


def test_an_expired_signature_is_made_anew_once(asker):
    seen = []

    def vendor(request):
        seen.append(request)
        return refusal(70001) if len(seen) == 1 else answer({"RoomInfo": {}})

    asker(vendor).ask(INFO)

    assert len(seen) == 2


def test_a_signature_that_stays_expired_is_an_error(asker):
    seen = []

    with pytest.raises(LiveApiError) as caught:
        asker(lambda request: seen.append(request) or refusal(70001)).ask(INFO)

    assert len(seen) == 2
    assert caught.value.code == 70001


UNKNOWN = [
    refusal(60009),
    refusal(60002),
    httpx.Response(404, text="no"),
    refusal(40000, "Unknown Command"),
]


@pytest.mark.parametrize("unknown", UNKNOWN)
@pytest.mark.parametrize("known", ["get_room_stats", "get_room_statistic"])
def test_the_statistics_command_is_found_out_once_and_remembered(asker, unknown, known):
    seen = []

    def vendor(request):
        seen.append(request.url.path.rpartition("/")[2])
        return answer(TOTALS) if seen[-1] == known else unknown

    client = asker(vendor)
    assert client.ask(STATISTICS).value.total_gift_coins == 5
    client.ask(STATISTICS)
    client.ask(STATISTICS)

    assert seen[-3:] == [known] * 3
    assert len(seen) == (3 if known == "get_room_stats" else 4)
    assert client.client.statistics_command == known


def test_a_room_that_is_gone_proves_the_command_too(asker):
    def vendor(request):
        return refusal(100004) if request.url.path.endswith("statistic") else refusal(60009)

    client = asker(vendor)
    with pytest.raises(LiveApiError) as caught:
        client.ask(STATISTICS)

    assert caught.value.code == 100004
    assert client.client.statistics_command == "get_room_statistic"


def test_no_statistics_command_at_all_shows_the_first_answer(asker):
    seen = []

    def vendor(request):
        seen.append(request)
        return refusal(60009, f"no such resource {len(seen)}")

    client = asker(vendor)
    with pytest.raises(LiveApiError) as caught:
        client.ask(STATISTICS)

    assert len(seen) == 2
    assert caught.value.text == "no such resource 1"
    assert client.client.statistics_command == "get_room_stats"


def test_other_commands_have_one_name_only(asker):
    seen = []

    with pytest.raises(LiveApiError):
        asker(lambda request: seen.append(request) or refusal(60009)).ask(INFO)

    assert len(seen) == 1


def test_the_first_cursor_of_the_listing_is_a_setting(asker):
    seen = []
    client = asker(
        lambda request: seen.append(json.loads(request.content)) or answer({}),
        replace(CONFIG, list_first_next="0"),
    )

    client.ask(commands.get_room_list())
    client.ask(commands.get_room_list("20-1"))

    assert [body["Next"] for body in seen] == ["0", "20-1"]


def test_every_request_is_told_to_the_observer(asker):
    told = []
    responses = [refusal(70001), answer({"RoomInfo": {}}), httpx.Response(502), refusal(100004)]
    client = asker(lambda request: responses.pop(0), observer=lambda *outcome: told.append(outcome))

    client.ask(INFO)
    for _ in range(2):
        with pytest.raises(LiveApiError):
            client.ask(INFO)

    assert [(command, code) for command, code, _ in told] == [
        ("get_room_info", code) for code in (70001, 0, None, 100004)
    ]
    assert all(seconds >= 0 for _, _, seconds in told)


def test_an_observer_that_fails_fails_nothing_else(asker, caplog):
    client = asker(always(answer({"RoomInfo": {}})), observer=lambda *outcome: 1 / 0)

    client.ask(INFO)
    client.ask(INFO)

    assert len([record for record in caplog.records if "observer" in record.message]) == 1


def test_a_call_takes_its_turn_in_the_budget(asker):
    client = asker(always(answer({})))
    listing = commands.get_room_list()
    client.budget.take("get_room_list", "act", 1000)

    with pytest.raises(LiveApiError) as caught:
        client.ask(listing, wait=0)

    assert caught.value.kind == "budget"
    assert client.ask(listing, wait=0, granted=True).value.rooms == ()


@pytest.mark.parametrize(
    ("code", "held", "free"),
    [
        (60007, "get_room_info", "get_room_list"),
        (60018, "get_room_info", "get_room_list"),
        (60011, OVERALL, None),
    ],
)
def test_a_complaint_of_the_vendor_holds_the_polls_back_but_not_the_acts(asker, code, held, free):
    client = asker(always(refusal(code)))

    with pytest.raises(LiveApiError):
        client.ask(INFO)

    assert client.budget.try_acquire("get_room_info", "poll") > 0
    assert client.budget.try_acquire("get_room_info", "act") == 0
    assert held in client.budget._held
    if free:
        assert client.budget.try_acquire(free, "poll") == 0


def test_a_client_is_not_made_from_settings_that_cannot_work():
    with pytest.raises(LiveApiError) as caught:
        LiveClient(replace(CONFIG, secret_key=""), budget=LocalBudget())
    assert caught.value.kind == "config"
