"""Pages while Redis is away, in every way it can be: the stored figures, marked, and nothing that
is not known.
"""

import json

import pytest
from django.test import Client

from moderation.core.roles import make_person
from monitor.pages import queries
from rooms.infra import redis
from rooms.infra.breaker import Breaker
from tests.rooms.stores import WAYS
from tests.rooms.test_redis import waits
from tests.support.factories import PASSWORD, make_room

pytestmark = pytest.mark.django_db
__all__ = ["waits"]
SAID = "Live figures are unavailable"


@pytest.fixture(params=WAYS)
def away(request, settings, monkeypatch):
    monkeypatch.setattr(Breaker, "_start", lambda self: None)
    with WAYS[request.param]() as url:
        settings.REDIS_URL = url
        queries._summary.cache_clear()
        yield
        queries._summary.cache_clear()


@pytest.fixture
def client():
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(make_person("sup", "supervisor", PASSWORD))
    return client


def test_every_page_of_figures_says_so_and_shows_the_stored_ones(away, client, waits):
    room = make_room("r", online=61_769, online_at=1_700_000_000)
    for path in ("/", "/wall", f"/rooms/{room.pk}"):
        html = client.get(path).content.decode()
        assert SAID in html, path
        assert "61,769" in html
        assert 'data-changes-at=""' in html
        assert "data-away" in html
    swapped = client.get("/", headers={"HX-Request": "true"}).content.decode()
    assert SAID in swapped

    # All four pages together waited once.
    assert waits.count(redis.QUICK_SECONDS) <= 1


def test_what_is_not_known_is_not_told_as_fine(away, client):
    make_room("r", online=5)
    for path in ("/", "/summary", "/system"):
        html = client.get(path).content.decode()
        assert "not known" in html, path
        assert ("answering" in html) is (path == "/system")  # there it is said of the database
        assert "collecting" not in html


def test_a_page_that_asks_for_itself_is_told_nothing_rather_than_old_things(away, client):
    room = make_room("r", online=5)
    told = json.loads(client.get(f"/live?rooms={room.pk}").content)

    assert told["rooms"] == []
    assert told["changes"] is None
    assert "vendor" not in told


def test_each_request_has_a_wait_of_its_own(away, client, waits, monkeypatch):
    """The breaker belongs to the process: here it is closed again before each call, as a flapping
    server has it.
    """
    monkeypatch.setattr(Breaker, "failed", lambda self, why="": None)
    make_room("r", online=5)
    client.get("/")

    assert waits.count(redis.QUICK_SECONDS) <= 1
    assert len(waits) <= 2


def test_with_the_store_nothing_of_it_is_on_the_page(hot, client):
    queries._summary.cache_clear()
    room = make_room("r", online=5)
    for path in ("/", "/wall", f"/rooms/{room.pk}"):
        html = client.get(path).content.decode()
        assert SAID not in html
        assert "data-away" not in html
        assert 'data-changes-at="0"' in html


def test_an_ended_room_has_its_last_figures_whatever_the_store_does(away, client):
    assert SAID not in client.get("/?state=ended").content.decode()
