"""A full run of the whole console, looked through afterwards: no secret anywhere, no page with code
inside.

Every address is opened by every role and by a stranger, acts are ordered while the vendor's side is
well and while it quotes back what it was asked, every kind of error page is provoked; then pages,
frames, pushed messages, logs, the database and Redis are searched.
"""

import asyncio
import json
import os
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis
from django.urls import URLPattern, URLResolver, get_resolver

from launcher.smoke_test.console_client import ConsoleClient
from launcher.smoke_test.leaks import holds, leaks
from liveapi.usersig import sign
from tests.contract.gateway import MODES, Gateway, gateway
from tests.contract.running import SECRET, simulator
from tests.running_stack import ROOT, Launched, launched, managed
from tests.support.waiting import eventually

pytestmark = pytest.mark.timeout(120)
ROLES = ("moderator", "banadmin", "supervisor", "auditor")
MIN_CALLS = 3  # in each mood of the gateway
VERBS = ("end", "warn", "mute", "unmute", "room_ban", "room_unban")
DJANGO_SECRET = "the-signing-key-of-this-full-run-and-of-nothing-else-0123456789"
PASSWORD = "four people, one word"
ACCOUNT = {"LIVE_SDKAPPID": "1400000000", "LIVE_SECRET_KEY": SECRET, "LIVE_ADMIN": "administrator"}


@dataclass
class Seen:
    """One answer of the console."""

    who: str
    path: str
    status: int
    headers: httpx.Headers
    text: str


@dataclass
class Run:
    """What the whole run left behind."""

    answers: list[Seen] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)
    pushed: list[str] = field(default_factory=list)
    stores: dict[str, str] = field(default_factory=dict)
    usersigs: set[str] = field(default_factory=set)
    secrets: dict[str, str] = field(default_factory=dict)
    quoted: dict[str, int] = field(default_factory=dict)
    refused_origin: int = 0

    @property
    def pages(self) -> list[Seen]:
        return [
            seen for seen in self.answers if "text/html" in seen.headers.get("content-type", "")
        ]


# --- The run --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("full") / "var"
    run = Run(secrets={"the SecretKey": SECRET, "Django's secret": DJANGO_SECRET})
    settings = {**ACCOUNT, "LIVEWARDEN_SECRET_KEY": DJANGO_SECRET, "LIVE_ALLOW_LOOPBACK": "1"}
    quick = {"LIVEWARDEN_END_GRACE_SECONDS": "0", "LIVEWARDEN_ACT_RETRY_SECONDS": "2"}
    with (
        simulator("--rooms", "60", "--viewers", "2000") as world,
        gateway(world.host) as between,
        launched(
            folder, LIVE_HOST=between.host, LIVEWARDEN_LOG_LEVEL="DEBUG", **settings, **quick
        ) as stack,
        listening(stack, run),
    ):
        assert stack.state["control"] is None  # a real account, as far as ./run knows
        own = {**settings, "LIVE_HOST": between.host}
        managed(
            folder, "demo_people", "--password", PASSWORD, **own
        )  # none are made beside a real account
        people = {role: ConsoleClient(stack.url, role, PASSWORD) for role in ROLES}
        rooms = eventually("rooms come", lambda: enough_rooms(people["moderator"]), 30)
        assert rooms, "no rooms came"
        act_in_every_mode(run, people["supervisor"], rooms, between, stack)
        for who, person in people.items():
            look_at_everything(run, who, person.client, folder, rooms[0])
        with httpx.Client(base_url=stack.url, timeout=10) as stranger:
            look_at_everything(run, "stranger", stranger, folder, rooms[0])
            provoke_errors(run, stranger, people["supervisor"].client, folder, rooms[0])
        seen = asyncio.run(people["moderator"].watch(rooms, enough=5, seconds=20))
        assert seen["figures"] >= 5
        run.refused_origin = asyncio.run(foreign_page(stack, people["moderator"]))
        run.stores["redis"] = everything_in_redis(stack)
        for person in people.values():
            person.close()
    run.frames = list(ConsoleClient.shown)
    run.usersigs, run.quoted = between.usersigs, between.quoted
    run.stores |= {
        file.name: file.read_text("utf-8", "replace") for file in (folder / "log").iterdir()
    }
    run.stores |= {file.name: file.read_text("latin-1") for file in folder.glob("*.sqlite3*")}
    run.stores["the launcher's words"] = stack.said
    return run


def enough_rooms(person: ConsoleClient) -> list[int]:
    found = sorted({int(pk) for pk in re.findall(r'href="/rooms/(\d+)"', person.page("/"))})
    return found if len(found) >= 40 else []


@contextmanager
def listening(stack: Launched, run: Run) -> Iterator[None]:
    """Keeps every message that goes through Redis meanwhile."""
    store = redis.Redis.from_url(stack.state["variables"]["REDIS_URL"], socket_timeout=None)
    channel = store.pubsub()
    channel.psubscribe("*")
    over = threading.Event()

    def listen() -> None:
        while not over.is_set():
            message = channel.get_message(ignore_subscribe_messages=True, timeout=0.2)
            if message:
                run.pushed.append(as_text(message["data"]))

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(5)
        channel.close()
        store.close()


def act_in_every_mode(
    run: Run, person: ConsoleClient, rooms: list[int], between: Gateway, stack: Launched
) -> None:
    """Every act and a ban in each mood of the gateway; a fragment that asks the vendor and
    check_account in some.
    """
    for number, mode in enumerate(MODES):
        between.mode = mode
        for index, verb in enumerate(VERBS):
            pk = rooms[number * len(VERBS) + index]
            names = {"room_ban": "ban", "room_unban": "unban"}
            fields = {"account": f"guest-{number}"} if verb not in {"end", "warn"} else {}
            person.send(f"/rooms/{pk}/act/{verb}", f"/rooms/{pk}/{names.get(verb, verb)}", **fields)
        person.send("/bans/new", "/bans/new", account=f"guest-{number}")
        if mode in {"quote", "hang up"}:
            ask(run, "supervisor", person.client, f"/rooms/{pk}/restrictions")
        if mode == "quote":
            run.stores["check_account"] = checked_account(stack)
        eventually(
            f"the vendor quotes what it was sent, in the mode {mode}",
            lambda mode=mode: between.quoted[mode] >= MIN_CALLS,
            15,
        )
        expected = f"/audit?actor=supervisor&target=guest-{number}"
        eventually(
            "the audit page shows the guest",
            lambda path=expected: "guest-" in person.page(path),
            10,
        )
    between.mode = "pass"


def checked_account(stack: Launched) -> str:
    """What `manage.py check_account` says of a vendor that quotes back what it was asked."""
    answer = subprocess.run(
        [sys.executable, "manage.py", "check_account"],
        cwd=ROOT,
        env={**os.environ, **stack.state["variables"], "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "60002" in answer.stdout, answer.stdout + answer.stderr
    assert "Traceback" not in answer.stderr
    return answer.stdout + answer.stderr


def look_at_everything(run: Run, who: str, client: httpx.Client, folder: Path, room: int) -> None:
    for path in addresses(get_resolver().url_patterns, folder, room):
        if path not in {"/logout"}:
            ask(run, who, client, path)
    for path in (
        "/static/js/live/socket.js",
        "/?q=%3Cscript%3E&sort=reward",
        "/?state=ended",
        "/audit?verb=end",
    ):
        ask(run, who, client, path)


def ask(
    run: Run, who: str, client: httpx.Client, path: str, method: str = "GET", **more: Any
) -> int:
    answer = client.request(method, path, **more)
    run.answers.append(Seen(who, path, answer.status_code, answer.headers, answer.text))
    return answer.status_code


def addresses(patterns: list[Any], folder: Path, room: int, prefix: str = "/") -> Iterator[str]:
    """Every address of the console, filled with numbers of things that exist."""
    tables = {"acts": "moderation_action", "bans": "moderation_ban", "people": "auth_user"}
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, folder, room, path)
        elif isinstance(pattern, URLPattern):
            kind = path.split("/")[1]
            number = newest(folder, tables[kind]) if kind in tables and "<int:pk>" in path else room
            for verb in VERBS if "<slug:verb>" in path else ("",):
                filled = path.replace("<int:pk>", str(number)).replace("<slug:verb>", verb)
                yield filled.replace("<slug:slug>", "banned-host")


def newest(folder: Path, table: str) -> int:
    with closing(sqlite3.connect(folder / "livewarden.sqlite3")) as database:
        return int(database.execute(f"SELECT max(id) FROM {table}").fetchone()[0])


def provoke_errors(
    run: Run, stranger: httpx.Client, client: httpx.Client, folder: Path, room: int
) -> None:
    """One page of each kind of failure: 400, 403, 404, 405, 422 and 500."""
    assert ask(run, "stranger", stranger, "/login", headers={"Host": "evil.example"}) == 400
    assert (
        ask(run, "stranger", stranger, "/login", "POST", data={"username": "a"}) == 403
    )  # no token
    assert ask(run, "supervisor", client, "/rooms/999999999") == 404
    assert ask(run, "supervisor", client, f"/rooms/{room}/end") == 405
    headers = {"X-CSRFToken": client.cookies["csrftoken"]}
    assert (
        ask(run, "supervisor", client, "/bans/new", "POST", data={"account": ""}, headers=headers)
        == 422
    )
    with closing(sqlite3.connect(folder / "livewarden.sqlite3", timeout=20)) as database:
        database.execute("ALTER TABLE moderation_policy RENAME TO moderation_policy_away")
        database.commit()
        try:
            assert ask(run, "supervisor", client, "/policies") == 500
        finally:
            database.execute("ALTER TABLE moderation_policy_away RENAME TO moderation_policy")
            database.commit()


async def foreign_page(stack: Launched, person: ConsoleClient) -> int:
    """The status that a websocket from another origin is answered with."""
    import aiohttp

    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.client.cookies.jar)
    headers = {"Origin": "http://evil.example", "Cookie": cookies}
    async with aiohttp.ClientSession() as session:
        try:
            async with session.ws_connect(f"{stack.url}/ws/live", headers=headers):
                return 101
        except aiohttp.WSServerHandshakeError as refused:
            return refused.status


def everything_in_redis(stack: Launched) -> str:
    """Every key and every value of the stack's Redis as text."""
    readers = {"string": "GET", "hash": "HGETALL", "set": "SMEMBERS"}
    ranges = {"list": "LRANGE", "zset": "ZRANGE", "stream": "XRANGE"}
    texts: list[str] = []
    with closing(
        redis.Redis.from_url(stack.state["variables"]["REDIS_URL"], socket_timeout=10)
    ) as store:
        for key in store.scan_iter():
            kind = store.type(key).decode()
            bounds = ("-", "+") if kind == "stream" else (0, -1)
            value = (
                store.execute_command(readers[kind], key)
                if kind in readers
                else store.execute_command(ranges[kind], key, *bounds)
                if kind in ranges
                else b""
            )
            texts += [as_text(key), as_text(value)]
    return "\n".join(texts)


def as_text(value: Any) -> str:
    """Anything Redis answers, with every text in it readable."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict):
        return "\n".join(f"{as_text(k)} {as_text(v)}" for k, v in value.items())
    if isinstance(value, list | tuple | set):
        return "\n".join(as_text(part) for part in value)
    return str(value)


# --- Secrets --------------------------------------------------------------------------------------


def test_the_run_was_a_full_one(run: Run) -> None:
    statuses = {seen.status for seen in run.answers}

    assert {200, 302, 400, 403, 404, 405, 422, 500} <= statuses
    assert {seen.who for seen in run.answers} == {*ROLES, "stranger"}
    assert run.usersigs
    assert all(run.quoted[mode] >= MIN_CALLS for mode in MODES)
    assert len(run.frames) > 20
    assert run.pushed
    assert "lw:" in run.stores["redis"]
    assert "Traceback" in run.stores["web.log"]  # of the page that failed
    assert "DEBUG" in "".join(text for name, text in run.stores.items() if name.endswith(".log"))


def test_no_page_frame_log_error_or_store_holds_a_secret(run: Run) -> None:
    texts = {
        f"{seen.who} at {seen.path} ({seen.status})": f"{seen.headers}\n{seen.text}"
        for seen in run.answers
    }
    texts |= {f"page or frame {number}": text for number, text in enumerate(run.frames)}
    texts |= {f"pushed message {number}": text for number, text in enumerate(run.pushed)}

    assert {
        where: found
        for where, text in texts.items()
        if (found := leaks(text, run.secrets, run.usersigs))
    } == {}


def test_no_log_and_no_store_holds_a_secret(run: Run) -> None:
    found = {}
    for name, text in run.stores.items():
        if "sqlite" in name:
            # Sessions look like UserSigs there: those that there were are looked for, by their
            # pieces.
            parts = run.secrets | {
                f"UserSig {n}": usersig for n, usersig in enumerate(run.usersigs)
            }
            leaked = [what for what, secret in parts.items() if holds(text, secret)]
        else:
            leaked = leaks(text, run.secrets, run.usersigs)
        if leaked:
            found[name] = leaked

    assert found == {}


def test_the_search_finds_what_it_looks_for() -> None:
    usersig = sign("administrator", 1400000000, SECRET, now=1_700_000_000, expire=1000)

    assert leaks(f"x {SECRET} y", {"key": SECRET}) == ["key"]
    assert leaks(SECRET[5:], {"key": SECRET}) == ["key"]
    assert leaks(f"GET /v4?usersig={usersig[:20]}", {}) == ["a UserSig"]
    assert leaks(usersig, {}) == ["a UserSig"]
    assert leaks(usersig[30:70], {}, [usersig]) == ["a UserSig"]
    assert leaks("usersig=[secret]", {"key": SECRET}, [usersig]) == []


# --- Pages ----------------------------------------------------------------------------------------


class Code(HTMLParser):
    """Collects what a strict policy would not run or paint: code and style inside the page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style" or (tag == "script" and not names.get("src")):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            address = (value or "").strip().lower()
            if (
                name == "style"
                or name.startswith(("on", "hx-on"))
                or address.startswith(("javascript:", "data:text"))
            ):
                self.found.append(f"<{tag} {name}={value!r}>")


def test_no_page_brings_code_or_style_of_its_own_whatever_names_the_vendor_tells(run: Run) -> None:
    assert len(run.pages) > 60
    assert any("&lt;script&gt;alert" in seen.text for seen in run.pages)  # a hostile name was there
    assert {
        f"{seen.who} {seen.path}": code for seen in run.pages if (code := Code(seen.text).found)
    } == {}


def test_the_reading_of_pages_sees_code() -> None:
    page = '<style></style><script>1</script><p style="a" onclick="b" hx-on:click="c"><a href=" JavaScript:d">'

    assert len(Code(page).found) == 6


def test_every_page_forbids_inline_code_and_foreign_frames(run: Run) -> None:
    for seen in run.pages:
        policy = dict(
            directive.strip().split(" ", 1)
            for directive in seen.headers["content-security-policy"].split(";")
            if " " in directive.strip()
        )
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert policy["form-action"] == "'self'"
        assert "unsafe" not in seen.headers["content-security-policy"]


def test_every_refusal_has_words(run: Run) -> None:
    refusals = [seen for seen in run.answers if seen.status >= 400]

    assert {400, 403, 404, 405, 422, 500} <= {seen.status for seen in refusals}
    assert [f"{seen.path} {seen.status}" for seen in refusals if not has_words(seen)] == []
    assert [seen.path for seen in run.answers if "Traceback" in seen.text] == []


def has_words(seen: Seen) -> bool:
    """A page says with a heading what is the matter, the API in the detail of its problem."""
    if seen.path.startswith("/api/"):
        problem = json.loads(seen.text)
        return bool(problem["title"] and problem["detail"]) and problem["status"] == seen.status
    return re.search("<h[12]", seen.text) is not None


def test_every_answer_says_how_it_may_be_used(run: Run) -> None:
    for seen in run.answers:
        assert seen.headers["x-content-type-options"] == "nosniff"
        assert "server" not in seen.headers
        if "text/html" in seen.headers.get("content-type", ""):
            assert seen.headers["x-frame-options"] == "DENY"
            assert seen.headers["referrer-policy"] == "same-origin"
            assert seen.headers["cross-origin-opener-policy"] == "same-origin"


def test_cookies_are_closed_to_scripts_and_other_sites(run: Run) -> None:
    cookies = [cookie for seen in run.answers for cookie in seen.headers.get_list("set-cookie")]

    assert cookies
    assert all("SameSite=Lax" in cookie for cookie in cookies)
    assert all("HttpOnly" in cookie for cookie in cookies if cookie.startswith("sessionid"))


def test_a_websocket_from_another_origin_is_refused(run: Run) -> None:
    assert run.refused_origin == 403


def test_a_stranger_sees_only_the_log_in_and_the_signs_of_life(run: Run) -> None:
    opened = {seen.path for seen in run.answers if seen.who == "stranger" and seen.status == 200}

    assert opened == {"/login", "/healthz", "/readyz", "/static/js/live/socket.js"}
