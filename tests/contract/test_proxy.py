"""The proxies' examples, in front of the console: log-in, websocket, limits, what the log says,
whose address counts.
"""

import contextlib
import json
import re
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

from tests import proxies
from tests.contract.consoles import DAPHNE, console
from tests.contract.running import ROOT
from tests.proxies import CADDY, HOST, NGINX, OPENSSL, Proxy
from tests.support.waiting import eventually

pytestmark = pytest.mark.timeout(180)
KINDS = [
    pytest.param(
        proxies.nginx,
        id="nginx",
        marks=pytest.mark.skipif(not NGINX, reason="nginx is not installed"),
    ),
    pytest.param(
        proxies.caddy,
        id="caddy",
        marks=pytest.mark.skipif(not CADDY, reason="Caddy is not installed"),
    ),
]
Kind = Callable[[Path, int], contextlib.AbstractContextManager[Proxy]]
if not OPENSSL:
    pytest.skip("openssl is not installed", allow_module_level=True)


@pytest.fixture(scope="module")
def web(migrated: Path) -> Iterator[int]:
    """A web process with the variables that docs/production.md names; its port."""
    with console(migrated) as made:
        made.variables |= {
            "LIVEWARDEN_MODE": "production",
            "LIVEWARDEN_SECRET_KEY": "k" * 50,
            "LIVEWARDEN_ALLOWED_HOSTS": HOST,
            "LIVEWARDEN_ORIGINS": f"https://{HOST}",
            "LIVEWARDEN_BEHIND_PROXY": "yes",
            "LIVEWARDEN_IMAGE_ORIGINS": "https:",
            "LIVE_WEBHOOK_TOKEN": "token",
        }
        build = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run(build, cwd=ROOT, env=made.variables, check=True, timeout=120)
        with made.serving(*DAPHNE):
            yield made.port


@pytest.fixture(params=KINDS)
def proxy(request: pytest.FixtureRequest, web: int, tmp_path: Path) -> Iterator[Proxy]:
    with request.param(tmp_path, web) as running:
        yield running


def client_of(proxy: Proxy) -> httpx.Client:
    """A browser that was sent to HOST, whose name leads here."""
    answer = httpx.Client(base_url=proxy.url, headers={"Host": HOST}, verify=False, timeout=30)
    # The certificate, too, is chosen by the name.
    answer.event_hooks["request"] = [lambda request: request.extensions.update(sni_hostname=HOST)]
    return answer


def log_in(client: httpx.Client) -> httpx.Response:
    page = client.get("/login")
    assert page.status_code == 200
    [token] = set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text))
    entry = {"csrfmiddlewaretoken": token, "username": "moderator", "password": "x" * 12}
    where = {"Origin": f"https://{HOST}", "Referer": f"https://{HOST}/login"}
    return client.post("/login", data=entry, headers=where)


def test_people_log_in_and_figures_come_by_websocket(proxy: Proxy) -> None:
    with client_of(proxy) as client:
        answer = log_in(client)
        assert answer.status_code == 302, answer.text[:500]
        session = client.cookies["sessionid"]
        assert "Secure" in answer.headers["set-cookie"]
        assert "max-age" in client.get("/healthz").headers["strict-transport-security"]
    unchecked = ssl.create_default_context()
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    line = socket.create_connection(("127.0.0.1", proxy.port), timeout=20)
    with connect(
        f"wss://{HOST}/ws/live",
        sock=line,
        ssl=unchecked,
        origin=f"https://{HOST}",  # type: ignore[arg-type]
        additional_headers={"Cookie": f"sessionid={session}"},
        proxy=None,
        open_timeout=20,
        close_timeout=2,
    ) as figures:
        figures.send('{"watch": [1], "visible": true}')
        assert json.loads(figures.recv(timeout=20))["k"] == "snapshot"


@pytest.mark.parametrize(("path", "size"), [("/login", 1_500_000), ("/webhooks/live", 100_000)])
def test_what_is_too_large_is_told_so(proxy: Proxy, path: str, size: int) -> None:
    with client_of(proxy) as client:
        assert client.post(path, content=b"x" * size).status_code == 413


def test_addresses_of_webhooks_which_are_signed_are_in_no_log(proxy: Proxy) -> None:
    with client_of(proxy) as client:
        assert client.post("/webhooks/live?sign=of-the-vendor", content=b"{}").status_code in {
            400,
            403,
        }
        assert client.get("/healthz?seen=in-the-log").status_code == 200

    def said() -> str:
        return proxy.log.read_text() if proxy.log.exists() else ""

    eventually("the proxy logs the call", lambda: "seen=in-the-log" in said())
    assert "of-the-vendor" not in said()


LIES = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http", "Daphne-Root-Path": "/evil"}


def heard(client: httpx.Client) -> dict[str, list[str]]:
    headers = client.get("/", headers=LIES).json()["headers"]
    return {name: proxies.values(headers, name.lower()) for name in (*LIES, "Host")}


TRUTH = {"X-Forwarded-For": ["127.0.0.1"], "X-Forwarded-Proto": ["https"], "Host": [HOST]}


@pytest.mark.parametrize("kind", KINDS)
def test_the_console_hears_the_proxys_word_and_not_the_clients(kind: Kind, tmp_path: Path) -> None:
    with (
        proxies.echoing("127.0.0.1") as port,
        kind(tmp_path, port) as proxy,
        client_of(proxy) as client,
    ):
        said = heard(client)

    root = said.pop("Daphne-Root-Path")
    assert root in ([], [""])
    assert said == TRUTH


@pytest.mark.skipif(not NGINX, reason="nginx is not installed")
def test_two_webs_of_compose_share_the_work_and_one_does_it_alone(tmp_path: Path) -> None:
    """TLS by docs/nginx.conf, then the proxy of docker-compose.yml, then as many web processes as
    its name server knows.
    """
    (tmp_path / "inner").mkdir()
    with (
        proxies.echoing("127.0.0.1", "127.0.0.2") as port,
        proxies.of_compose(tmp_path / "inner", port) as inner,
        proxies.nginx(tmp_path, inner) as outer,
        client_of(outer) as client,
    ):
        served = {client.get("/").json()["at"] for _ in range(20)}
        said = heard(client)
    said.pop("Daphne-Root-Path")

    assert served == {"127.0.0.1", "127.0.0.2"}
    assert said == TRUTH
    (tmp_path / "again").mkdir()
    with (
        proxies.echoing("127.0.0.2") as port,
        proxies.of_compose(tmp_path / "again", port) as inner,
    ):
        assert {httpx.get(f"http://127.0.0.1:{inner}/").status_code for _ in range(6)} == {200}
