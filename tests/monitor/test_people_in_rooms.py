"""Names and pictures in the chat and the audience, and the audience in pages."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from liveapi import LiveApiError
from liveapi.accounts import Profile
from liveapi.messages import MemberPage
from moderation.core.roles import make_person
from monitor.room_page import people
from rooms.infra import vendor
from rooms.live import profiles
from rooms.models import ChatLine
from tests.support.factories import PASSWORD, log_in, make_room
from tests.support.vendor import Vendor

pytestmark = pytest.mark.django_db
BAD = "<img src=x onerror=alert(1)>"
MANY = tuple(f"viewer_{number}" for number in range(120))


@pytest.fixture(autouse=True)
def kept(settings):
    """As in a process that runs: other tests keep nothing."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture
def told(monkeypatch):
    service = Vendor()
    monkeypatch.setattr(vendor, "sync_client", lambda: service)
    monkeypatch.setattr(profiles, "stored", lambda accounts: {})
    monkeypatch.setattr(profiles, "keep", lambda found: None)
    return service


@pytest.fixture
def look(client):
    log_in(client, make_person("watcher", "moderator", PASSWORD))

    def ask(name, room=None, **query):
        answer = client.get(reverse(name, args=[room.pk] if room else []), query)
        assert answer.status_code == 200
        return answer

    return ask


def accounts_in(html: str) -> list[str]:
    return re.findall(r'data-profile="([^"]+)"', html)


def test_the_audience_comes_in_pages_of_one_reading(told, look):
    told.answers["get_member_list"] = MemberPage(MANY, 4000, "")
    room = make_room("full")
    first, last = (look("audience", room, page=n).content.decode() for n in (1, 9))
    assert accounts_in(first) == list(MANY[:50])
    assert accounts_in(last) == list(MANY[100:]), "beyond the last page is the last"
    assert "Page 3 of 3" in last
    assert "4,000 by the vendor" in first and "names 120" in first
    assert told.count("get_member_list") == 1


def test_an_account_or_a_nick_is_found_however_it_is_written(told, look):
    told.answers["get_member_list"] = MemberPage(MANY, 120, "")
    told.answers["portrait_get"] = (Profile("viewer_7", "Żaneta", ""), Profile("viewer_8", BAD, ""))
    room = make_room("searched")
    assert accounts_in(look("audience", room, q="ŻANETA").content.decode()) == ["viewer_7"]
    assert accounts_in(look("audience", room, q=" viewer_119 ").content.decode()) == ["viewer_119"]
    html = look("audience", room, q="onerror").content.decode()
    assert accounts_in(html) == ["viewer_8"]
    assert BAD not in html
    assert "Nobody here has such" in look("audience", room, q="nobody\x00at all").content.decode()


@pytest.mark.parametrize("page", ["", "-1", "x", "9" * 30, "²"])
def test_a_page_that_is_none_is_the_first(page, told, look):
    told.answers["get_member_list"] = MemberPage(MANY, 120, "")
    assert accounts_in(look("audience", make_room("odd"), page=page).content.decode())[0] == MANY[0]


@pytest.mark.parametrize(
    ("origins", "address", "is_loaded"),
    [
        (["https:"], "https://img.example/a.png", True),
        (["https:"], "http://img.example/a.png", False),
        (["https://img.example"], "https://img.example/a.png", True),
        (["https://img.example"], "https://img.example.evil/a.png", False),
        (["https://img.example:8443"], "https://img.example/a.png", False),
        (["https:"], "https://[broken/a.png", False),
        (["https:"], "javascript:alert(1)", False),
        (["https:"], "", False),
    ],
)
def test_a_picture_is_loaded_only_from_where_pages_may_load(origins, address, is_loaded, settings):
    settings.IMAGE_ORIGINS = origins
    shown = people.person("anna", {"anna": Profile("anna", "Anna", address)})
    assert bool(shown.picture) is is_loaded
    assert shown.initial == "A"


@pytest.mark.parametrize(("account", "initial"), [("_x", "x"), ("...", "?"), ("王", "王")])
def test_without_a_name_the_account_gives_the_initial(account, initial):
    assert people.person(account, {}).initial == initial


def test_profiles_are_told_of_those_that_have_one(told, look):
    told.answers["portrait_get"] = (Profile("anna", "Anna", ""),)
    answer = look("profiles", account=["anna", "ben", "", "x" * 129]).json()
    assert answer == {"anna": {"nick": "Anna", "picture": ""}}
    told.answers["portrait_get"] = LiveApiError("no answer", kind="network", retryable=True)
    assert look("profiles", account=["anna"]).json() == {}
    assert look("profiles").json() == {}


def test_chat_says_names_that_are_known_and_each_day_once(told, look, monkeypatch):
    anna = Profile("anna", "Anna", "")
    monkeypatch.setattr(profiles, "stored", lambda accounts: {"anna": anna} if accounts else {})
    room = make_room("talking")
    day = 86_400_000
    for number, at in enumerate((day, day + 1000, 2 * day)):
        ChatLine.objects.create(
            room=room, at_ms=at, message_id=str(number), account="anna", text=f"line {number}"
        )
    html = look("chat", room).content.decode().partition("<template")[0]
    assert re.findall(r'data-day="([\d-]+)"', html) == ["1970-01-02", "1970-01-03"]
    assert html.count('data-nick="anna">Anna</bdi>') == 3
    assert told.calls == [], "a page does not wait for names"
