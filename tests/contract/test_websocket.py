"""The websocket over a real daphne: who may open one, what may be said, and what arrives in every
trouble.
"""

import contextlib
import json
import re
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import orjson
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from moderation.core.roles import ROLES
from monitor.realtime import connections, consumers, sessions
from rooms.infra import redis
from rooms.ingest import chat
from rooms.live import hot_state, push
from rooms.models import ChatLine
from tests.contract.consoles import DAPHNE, UVICORN, Console, console
from tests.support.waiting import eventually

EVERYBODY = (*ROLES, "nobody", "stranger")
STATE = {
    "o": 5,
    "os": "OnlineCount",
    "oa": 100,
    "r": 7,
    "ra": 100,
    "n": "A <b>room</b>",
    "h": "host",
    "e": 0,
}


@pytest.fixture(scope="module")
def web(migrated: Path) -> Iterator[Console]:
    """Somebody always looks, so that the subscription stays."""
    with console(migrated) as made, made.serving(*DAPHNE), made.browser("supervisor") as keeper:
        keeper.watch(3)
        yield made


@pytest.fixture(autouse=True)
def same_redis(web: Console, settings) -> Iterator[None]:
    """What this process publishes, the console hears."""
    settings.REDIS_URL = web.redis
    hot_state.reset({1: STATE, 2: {**STATE, "o": 6}})
    with contextlib.ExitStack() as another:
        if not subscribed():  # on a busy machine the one that always looks may have been closed
            another.enter_context(web.browser("supervisor")).watch(3)
        eventually("the console listens to what is published", subscribed)
        yield


def subscribed() -> bool:
    return bool(redis.sync_client().pubsub_numsub(redis.key("push"))[0][1])


# --- Who may say and hear what --------------------------------------------------------------------

SAID = {
    "watch": '{"watch": [1], "visible": true}',
    "watch hidden": '{"watch": [1], "visible": false}',
    "bytes": b"\x00\x01",
    "not JSON": "<script>",
    "no message of ours": '{"k": "act", "room": 1}',
    "others' rooms": '{"watch": ["1"]}',
}
SAID_IN, LINE = chat.SaidIn(1, "room-1", "", ""), ChatLine(pk=3, text="<b>hi</b>")
PUBLISHED = {
    "tick": lambda: push.publish_tick({1: {"o": 9}}, {}),
    "act": lambda: push.publish_act(1, 44),
    "alerts": lambda: push.publish_alert(1),
    "bans": push.publish_bans,
    "chat": lambda: push.publish_chat({1: orjson.dumps(chat.frame(SAID_IN, [LINE]))}),
    "claim": lambda: push.publish_claim(1, {"by": "Heron 12", "person": 1, "at": 1_700_000_000}),
    "clock": lambda: push.publish_clocks({1: {"limit": 1_700_000_000}}),
    "host": lambda: push.publish_hosts([1]),
    "person": lambda: push.publish_person(10**9),
    "risk": lambda: push.publish_risk({1: [42, [["alerts", 42, 1]]]}),
    "seen": lambda: push.publish_seen({1: [1_700_000_000, "Heron 12"]}),
}


def test_every_kind_of_message_is_in_these_tables():
    sources = [
        file
        for package in ("rooms", "moderation", "monitor")
        for file in Path(package).rglob("*.py")
    ]
    spelt = {
        kind for file in sources for kind in re.findall(r'"k": ?"(\w+)"', file.read_text("utf-8"))
    }
    assert {*get_args(push.Kind)} == {*PUBLISHED}
    assert spelt <= {*PUBLISHED, "snapshot", "feed"}


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("said", SAID)
def test_only_those_who_may_watch_are_answered(web: Console, who: str, said: str):
    with web.browser(who) as browser:
        if who in ROLES:
            browser.say(SAID[said])
            if said.startswith("watch"):
                shown = [1] if said == "watch" else []
                assert [room[0] for room in browser.hear_of("snapshot")["rooms"]] == shown
            else:
                assert browser.watch(1)["rooms"], "it is ignored, and the next message is taken"
        else:
            refused = sessions.NOT_LOGGED_IN if who == "stranger" else sessions.NOT_ALLOWED
            assert browser.end() == (refused, sessions.REASONS[refused])


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("kind", PUBLISHED)
def test_only_those_who_may_watch_hear_what_is_published(web: Console, who: str, kind: str):
    with web.browser(who) as browser:
        if who not in ROLES:
            PUBLISHED[kind]()
            assert browser.end()[0] in {sessions.NOT_LOGGED_IN, sessions.NOT_ALLOWED}
            return
        browser.say('{"watch": [1], "visible": true, "chat": 1}')
        browser.hear_of("snapshot")
        PUBLISHED[kind]()
        push.publish_act(1, 45)
        heard = [browser.hear()]
        while heard[-1].get("action") != 45:
            heard.append(browser.hear())
    assert (kind in {frame["k"] for frame in heard[:-1]}) == (kind != "person")
    if kind == "act":
        assert next(frame for frame in heard if frame["k"] == kind).keys() == {
            "k",
            "room",
            "action",
            "version",
        }


@pytest.mark.parametrize("shows", [{"visible": True}, {"visible": False, "chat": 1}])
def test_chat_goes_to_nobody_who_does_not_look_at_it(web: Console, shows: dict[str, object]):
    with web.browser("moderator") as browser:
        browser.say(json.dumps({"watch": [1], **shows}))
        browser.hear_of("snapshot")
        PUBLISHED["chat"]()
        push.publish_act(1, 45)
        assert browser.hear_of("act", "chat")["k"] == "act"


@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:1", "null", None])
def test_pages_of_others_may_not_open_one(web: Console, origin: str | None):
    with pytest.raises(InvalidStatus, match="403"):
        web.browser("moderator", origin=origin)


def test_an_address_that_does_not_exist_is_refused(web: Console):
    with pytest.raises(InvalidStatus, match="403"):
        web.browser("moderator", path="/ws/other")


def test_whoever_talks_nonsense_is_closed_with_a_reason(web: Console):
    with web.browser("moderator") as browser:
        for _ in range(consumers.MAX_BAD_MESSAGES + 1):
            browser.say("nonsense")
        assert browser.end() == (sessions.BAD_MESSAGES, sessions.REASONS[sessions.BAD_MESSAGES])


def test_whoever_talks_without_end_is_closed_and_others_are_not(web: Console):
    """48,450 messages in nine seconds, each answered by a snapshot, were everybody's wait."""
    with web.browser("moderator") as quiet, web.browser("loud") as loud:
        assert quiet.watch(1)["rooms"]
        with contextlib.suppress(ConnectionClosed):
            for _ in range(int(consumers.MAX_AT_ONCE) * 3):
                loud.say('{"watch": [1]}')
        assert loud.end() == (sessions.TOO_MUCH, sessions.REASONS[sessions.TOO_MUCH])
        with web.browser("loud") as again:  # nor does it come again at once
            assert again.end() == (sessions.TOO_MUCH, sessions.REASONS[sessions.TOO_MUCH])
        push.publish_act(1, 45)
        assert quiet.hear_of("act")["action"] == 45


def test_a_session_has_so_many_tabs_and_gets_room_again_when_one_is_closed(web: Console, settings):
    opened = [web.browser("banadmin") for _ in range(settings.MAX_TABS)]
    assert all(browser.watch(1)["rooms"] for browser in opened)
    with web.browser("banadmin") as refused:
        assert refused.end() == (sessions.TOO_MUCH, sessions.REASONS[sessions.TOO_MUCH])
    with web.browser("moderator") as other:
        assert other.watch(1)["rooms"]
    opened.pop().close()

    def is_let_in() -> bool:
        with web.browser("banadmin") as again:
            try:
                return bool(again.watch(1)["rooms"])
            except ConnectionClosed:
                return False

    eventually("a person who closed a tab is let in", is_let_in)
    for browser in opened:
        browser.close()


def test_when_an_account_changes_its_sockets_end_soon_and_only_they(web: Console):
    changed = ("leaver", "changer", "demoted", "locked")
    opened = {name: web.browser(name) for name in (*changed, "moderator")}
    for browser in opened.values():
        browser.watch(1)
    web.shell(
        "from django.contrib.auth.models import User\n"
        "from django.test import Client\n"
        "from django.conf import settings\n"
        "people = {user.username: user for user in User.objects.all()}\n"
        f"client = Client(); client.cookies[settings.SESSION_COOKIE_NAME] = "
        f"{web.cookies['leaver']!r}\n"
        "assert client.post('/logout', headers={'host': '127.0.0.1'}).status_code == 302\n"
        "people['changer'].set_password('another password'); people['changer'].save()\n"
        "people['demoted'].groups.clear()\n"
        "people['locked'].is_active = False; people['locked'].save()\n"
    )
    ended = {name: opened[name].end()[0] for name in changed}
    assert ended == {
        "leaver": sessions.NOT_LOGGED_IN,
        "changer": sessions.NOT_LOGGED_IN,
        "demoted": sessions.NOT_ALLOWED,
        "locked": sessions.NOT_LOGGED_IN,
    }
    assert opened["moderator"].watch(2)["rooms"]
    for browser in opened.values():
        browser.close()


# --- What arrives ---------------------------------------------------------------------------------


def test_a_page_gets_a_snapshot_first_then_what_changed_in_its_rooms(web: Console):
    with web.browser("auditor") as browser:
        push.publish_tick({1: {"o": 1}}, {})
        browser.say({"watch": [1]})
        first = browser.hear_of("snapshot", "tick")
        assert (first["k"], [room[0] for room in first["rooms"]]) == ("snapshot", [1])
        assert first["vendor"]["ok"] is True
        push.publish_tick({1: {"o": 8}, 2: {"o": 9}}, {})
        assert browser.hear_of("tick")["rooms"] == [[1, "o", 8]]


def test_a_page_that_shows_other_rooms_gets_a_snapshot_of_them(web: Console):
    with web.browser("auditor") as browser:
        browser.watch(1)
        assert [room[0] for room in browser.watch(2)["rooms"]] == [2]


def test_a_hidden_page_watches_nothing_until_it_is_seen_again(web: Console):
    with web.browser("auditor") as browser:
        browser.watch(1, visible=False)
        push.publish_tick({1: {"o": 8}}, {1: {**STATE, "o": 8}})
        assert browser.hear_of("tick")["rooms"] == []
        assert browser.watch(1)["rooms"][0][:3] == [1, "o", 8]


def test_no_compression_is_negotiated_even_when_offered(web: Console):
    with web.browser("auditor", compression="deflate") as browser:
        assert browser.connection.response is not None
        assert "Sec-WebSocket-Extensions" not in browser.connection.response.headers


def slow_sockets(web: Console) -> int:
    return web.log.read_text().count("was dropped: it took nothing")


# 15 MB: more than the kernel keeps for a socket that nobody reads from.
MANY = 300


def fat(at: int) -> dict:
    return {1: {"o": at, "n": "x" * 50_000}}


def test_a_socket_that_stops_reading_is_dropped_and_nobody_else_notices(web: Console):
    before = slow_sockets(web)
    # A queue of one frame: this client reads no more from its socket once that is full.
    stuck, other = web.browser("moderator", max_queue=1), web.browser("moderator")
    stuck.say({"watch": [1]})
    other.watch(1)
    for at in range(MANY):
        push.publish_tick(fat(at), {1: STATE})
        assert other.hear_of("tick")["rooms"][0][2] == at
    eventually(
        "the socket that reads nothing is dropped",
        lambda: slow_sockets(web) > before,
        connections.SLOW_SECONDS + 10,
    )
    push.publish_tick({1: {"o": 1}}, {})
    assert other.hear_of("tick")["rooms"] == [[1, "o", 1]]
    for browser in (stuck, other):
        browser.close()


def test_a_socket_that_reads_again_in_time_gets_a_snapshot_for_what_it_missed(web: Console):
    with web.browser("moderator", max_queue=1) as browser:
        browser.watch(1)
        for at in range(MANY):
            push.publish_tick(fat(at), {1: STATE})
        push.publish_act(1, 7)
        ticks = 0
        while (frame := browser.hear())["k"] != "snapshot":
            assert frame["k"] != "act", "what was missed comes first"
            ticks += frame["k"] == "tick"  # between them it may hear of people
        assert frame["rooms"][0][2] == STATE["o"]
        assert ticks < MANY
        assert browser.hear_of("act")["action"] == 7


def test_after_a_restart_of_redis_every_page_is_brought_up_to_date(web: Console):
    with web.browser("moderator") as browser:
        browser.watch(1)
        web.restart_valkey()
        hot_state.reset({1: {**STATE, "o": 77}})
        while (frame := browser.hear_of("snapshot"))["rooms"] == []:
            pass
        assert frame["rooms"][0][:3] == [1, "o", 77]
        push.publish_tick({1: {"o": 78}}, {})
        assert browser.hear_of("tick")["rooms"] == [[1, "o", 78]]


def test_under_another_server_frames_go_through_asgi(web: Console):
    daphne = web.port
    try:
        with web.serving(*UVICORN), web.browser("moderator") as browser:
            assert browser.watch(1)["rooms"]
            push.publish_act(1, 3)
            assert browser.hear_of("act")["action"] == 3
            for _ in range(consumers.MAX_BAD_MESSAGES + 1):
                browser.say("nonsense")
            assert browser.end() == (sessions.BAD_MESSAGES, sessions.REASONS[sessions.BAD_MESSAGES])
    finally:
        web.port = daphne


def handshake(web: Console, who: str, *, aborted: bool) -> None:
    """A handshake as a browser sends it, of somebody who does not wait for the answer. aborted:
    reset, not closed.
    """
    port = web.port
    asked = (
        f"GET /ws/live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nCookie: "
        f"sessionid={web.cookies[who]}\r\n\r\n"
    )
    client = socket.create_connection(("127.0.0.1", port), 5)
    client.sendall(asked.encode())
    if aborted:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


@pytest.mark.parametrize("aborted", [False, True])
def test_a_browser_that_leaves_during_the_handshake_leaves_no_trace(web: Console, aborted):
    """Also while it is kept waiting for its refusal."""
    before = len(web.log.read_bytes())
    with web.browser("loud") as loud, contextlib.suppress(ConnectionClosed):
        for _ in range(int(consumers.MAX_AT_ONCE) * 3):
            loud.say('{"watch": [1]}')
    for who in ("loud", "moderator", "loud", "moderator"):
        handshake(web, who, aborted=aborted)
    with web.browser("loud") as late:  # comes after them, and is told after them
        assert late.end()[0] == sessions.TOO_MUCH
    with web.browser("moderator") as other:
        assert other.watch(1)["rooms"]
    said = web.log.read_bytes()[before:].decode()
    assert "Traceback" not in said
    assert "Error" not in said
