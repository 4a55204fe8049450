"""The columns of the list: chosen in an address, kept for a person, and what each role's strip says."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from moderation.core.roles import make_person
from monitor.listing import chips, columns
from monitor.models import Preference, SavedView
from monitor.pages import queries
from tests.support.factories import PASSWORD, make_room

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_redis(settings):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    queries._summary.cache_clear()
    chips._counts.cache_clear()


def enter(role: str = "moderator") -> Client:
    user = User.objects.filter(username=role).first() or make_person(role, role, PASSWORD)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return client


def shown(client: Client, address: str = "/") -> tuple[list[str], list[str]]:
    """The columns of the head, and those of the first row."""
    page = client.get(address).content.decode()
    head = re.search(r"<thead.*?</thead>", page, re.DOTALL)[0]
    row = re.search(r"<tbody.*?</tr>", page, re.DOTALL)[0]
    found = [
        [name for name in re.findall(r'class="[^"]*?is-([a-z]+)', part) if name in columns.COLUMNS]
        for part in (head, row)
    ]
    return found[0], found[1]


def test_an_address_chooses_the_columns_of_head_and_rows():
    make_room("room-1", gifts=4711)
    client = enter()
    assert shown(client) == (list(columns.DEFAULT), list(columns.DEFAULT))
    assert shown(client, "/?columns=gifts,host") == (["host", "gifts"], ["host", "gifts"])
    assert shown(client) == (list(columns.DEFAULT), list(columns.DEFAULT)), "rows are kept apart"
    assert "4,711" in client.get("/?columns=gifts").content.decode()


def test_a_person_keeps_columns_and_an_address_goes_before_them():
    make_room("room-1")
    client = enter()
    assert (
        client.post("/preferences/columns", {"columns": "views,nonsense,time"}).status_code == 302
    )
    assert Preference.objects.get().columns == "views,time"
    assert shown(client)[0] == ["views", "time"]
    assert shown(client, "/?columns=host")[0] == ["host"]
    assert shown(enter("auditor"))[0] == list(columns.DEFAULT), "nobody else's"
    client.post("/preferences/columns", {"columns": ""})
    assert shown(client)[0] == list(columns.DEFAULT)


def test_columns_longer_than_there_are_any_are_refused():
    answer = enter().post("/preferences/columns", {"columns": "x" * 201})
    assert answer.status_code == 422
    assert not Preference.objects.exists()


def test_a_saved_view_keeps_columns_chips_and_direction():
    query = "?columns=host,views&only=alerted&only=mine&sort=reward&reverse=1&nonsense=1"
    enter().post("/views", {"page": "rooms", "name": "mine", "query": query})
    kept = SavedView.objects.get().query
    assert kept == "sort=reward&reverse=1&only=alerted&only=mine&columns=host%2Cviews"


@pytest.mark.parametrize(
    ("role", "says", "keeps"),
    [
        (
            "moderator",
            ["Alerts open", "Assigned to you", "Your shift"],
            ["Call budget", "Collector"],
        ),
        (
            "banadmin",
            ["Alerts open", "Assigned to you", "Your shift"],
            ["Call budget", "Collector"],
        ),
        (
            "supervisor",
            ["Alerts open", "Assigned to you", "Call budget", "Collector"],
            ["Your shift"],
        ),
        ("auditor", ["Alerts open", "Call budget", "Vendor"], ["Assigned to you", "Your shift"]),
    ],
)
def test_the_strip_says_what_waits_for_each_role(role, says, keeps):
    make_room("room-1")
    strip = enter(role).get("/summary").content.decode()
    assert all(words in strip for words in says)
    assert not [words for words in keeps if words in strip]


def test_one_number_of_rooms_stands_above_the_list_and_it_is_the_lists():
    for number in range(3):
        make_room(f"room-{number}")
    page = enter("supervisor").get("/").content.decode()
    assert re.findall(r'data-total="(\d+)"', page) == ["3"]
    assert "Live rooms" not in page


def test_what_is_kept_above_the_rows_is_given_to_nobody_of_another_role_or_language():
    make_room("room-1")
    for _ in range(2):
        assert "data-pick-all" in enter("moderator").get("/").content.decode()
        assert "data-pick-all" not in enter("auditor").get("/").content.decode()
    english = enter().get("/").content.decode()
    japanese = enter().get("/", headers={"accept-language": "ja"}).content.decode()
    for words in ("Alerted", "Legend", "Columns", "Host"):
        assert words in english
        assert f">{words}<" not in japanese
    sorted_ = enter().get("/?sort=name").content.decode()
    assert sorted_.count('aria-sort="ascending"') == 1 and 'id="sort-name"' in sorted_
