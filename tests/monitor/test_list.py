"""The list: what filters find, in which order, on which page; whatever stands in the address."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderation.core.roles import make_person
from moderation.models import RoomRisk
from monitor.listing import chips, columns, heads
from monitor.listing.filters import SIZES, SORTS, Filters, found
from monitor.pages import queries, row_cache, trends
from tests.support.factories import PASSWORD, make_room

pytestmark = pytest.mark.django_db
PARAMETERS = (
    "q",
    "sort",
    "reverse",
    "state",
    "least",
    "only",
    "label",
    "columns",
    "size",
    "page",
)


@pytest.fixture(autouse=True)
def no_redis(settings):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    queries._summary.cache_clear()
    chips._counts.cache_clear()
    trends.forget()


@pytest.fixture
def client() -> Client:
    user = User.objects.filter(username="moderator").first() or make_person(
        "moderator", "moderator", PASSWORD
    )
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return client


def names(**filters) -> list[str]:
    return [row.facts.room_id for row in queries.listing(Filters(**filters))["rows"]]


def test_each_sort_puts_first_what_it_says_and_the_unknown_last():
    make_room("unknown", name="d", create_time=1)
    make_room("crowded", name="c", create_time=2, online=9, reward=1)
    make_room("rich", name="b", create_time=3, online=1, reward=9)
    make_room("young", name="a", create_time=4, online=2, reward=2)
    assert names(sort="online") == ["crowded", "young", "rich", "unknown"]
    assert names(sort="reward") == ["rich", "young", "crowded", "unknown"]
    assert names(sort="newest") == ["young", "rich", "crowded", "unknown"]
    assert names(sort="name") == ["young", "rich", "crowded", "unknown"]


def test_a_sort_the_other_way_round_is_the_same_order_backwards():
    for number in range(5):
        make_room(f"room-{number}", name=f"n{number % 2}", online=number % 3, views=number)
    make_room("unknown", name="z")
    for sort in SORTS:
        assert names(sort=sort, reverse=True) == names(sort=sort)[::-1], sort


def test_hosts_are_sorted_by_what_the_row_calls_them():
    make_room("c", owner_account="a1", owner_name="Charlie")
    make_room("a", owner_account="alpha", owner_name="")
    make_room("b", owner_account="z1", owner_name="bravo")
    assert names(sort="host") == ["a", "b", "c"]


def test_a_head_sorts_by_its_column_and_once_more_the_other_way_round():
    def head(name: str, **asked) -> heads.Head:
        return next(
            one for one in heads.of(Filters(**asked), columns.COLUMNS) if one.column.name == name
        )

    first = head("reward", sort="name", page=7)
    assert (first.address, first.direction) == ("sort=reward", "")
    again = head("reward", sort="reward")
    assert (again.address, again.direction) == ("sort=reward&reverse=1", "descending")
    back = head("reward", sort="reward", reverse=True)
    assert (back.address, back.direction) == ("sort=reward", "ascending")
    assert head("time", sort="newest").direction == "ascending", "the youngest first"
    assert head("spark").address is None
    assert head("reward", state="ended").address is None


def test_every_sort_of_a_head_is_one_and_heads_say_what_they_are():
    assert {column.sort for column in columns.COLUMNS.values()} - {""} <= set(SORTS)
    assert all(str(column.hint) for column in columns.COLUMNS.values())


def test_the_list_begins_with_the_highest_risk_and_ends_with_what_is_not_scored_yet():
    for room_id, score, online in (("calm", 0, 9), ("urgent", 90, 1), ("raised", 40, 5)):
        room = make_room(room_id, online=online)
        RoomRisk.objects.create(room=room, score=score, at=timezone.now())
    make_room("newest", online=3)
    make_room("new", online=4)
    assert names() == ["urgent", "raised", "calm", "new", "newest"]
    for size in (1, 2, 3, 4, 25):
        paged = [name for page in range(1, 6) for name in names(size=size, page=page)]
        assert paged[:5] == ["urgent", "raised", "calm", "new", "newest"], size
    assert names(least=2) == ["raised", "calm", "new", "newest"], "as with a filter"
    assert names(sort="online") == ["calm", "raised", "new", "newest", "urgent"]


def test_search_looks_at_the_id_the_name_and_the_host():
    make_room("needle-id", name="one", owner_account="a")
    make_room("b", name="The NEEDLE", owner_account="b")
    make_room("c", name="three", owner_account="needle-account")
    make_room("d", name="four", owner_account="d", owner_name="Needle nick")
    make_room("e", name="five", owner_account="e")
    assert sorted(names(q="needle")) == ["b", "c", "d", "needle-id"]


@pytest.mark.parametrize("q", ["%", "_", "\\", "'", '"'])
def test_search_takes_signs_of_the_database_as_text(q):
    make_room(f"with{q}sign")
    make_room("without")
    assert names(q=q) == [f"with{q}sign"]


def test_live_and_ended_rooms_are_listed_apart():
    make_room("on-air")
    make_room("over", ended_at=timezone.now())
    assert names() == ["on-air"]
    assert names(state="ended") == ["over"]


def test_only_rooms_with_at_least_so_many_people():
    make_room("full", online=100)
    make_room("few", online=99)
    make_room("unknown")
    assert names(least=100) == ["full"]


def test_pages_hold_every_room_once():
    for number in range(60):
        make_room(
            f"room-{number:02}", online=number // 20
        )  # many equals: the order must still be total
    seen = [name for page in (1, 2, 3) for name in names(size=25, page=page)]
    assert len(seen) == len(set(seen)) == 60


def test_a_page_past_the_end_is_the_last_page():
    make_room("only")
    found = queries.listing(Filters(page=999))
    assert found["page"] == found["pages"] == 1
    assert [row.facts.room_id for row in found["rows"]] == ["only"]


@pytest.mark.parametrize(
    "path", ["/?sort=name", "/?q=room", "/?state=ended", "/?least=1", "/?size=200"]
)
def test_the_number_of_database_queries_does_not_depend_on_the_rooms(path, client, clock):
    def asked() -> int:
        queries._summary.cache_clear()
        chips._counts.cache_clear()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    fields = {"online": 5}
    make_room("room-first", **fields)
    make_room("ended-first", ended_at=timezone.now())
    few = asked()
    for number in range(70):
        make_room(f"room-{number}", **fields)
        make_room(f"ended-{number}", ended_at=timezone.now())
    # One more at most: a page that is not full needs no count. The eight of the chips are asked
    # for once in five seconds, for everybody.
    assert asked() - few in {0, 1} and few <= 20
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    assert len(captured) <= 12


texts = st.text(max_size=300) | st.sampled_from(
    ["\x00", "-1", "1e9", "٣", "9" * 400, "0", "' OR 1=1 --", "online", "mine", "host,views", "1"]
)
addresses = st.dictionaries(st.sampled_from(PARAMETERS), texts)


@given(addresses)
def test_whatever_stands_in_the_address_filters_are_sane(told):
    query = QueryDict(mutable=True)
    query.update(told)
    filters = Filters.read(query)
    assert filters.sort in SORTS and filters.state in {"live", "ended"}
    assert filters.size in SIZES and 1 <= filters.page <= 10**6 and 0 <= filters.least <= 10**10
    assert len(filters.q) <= 100 and "\x00" not in filters.q + filters.label
    assert set(filters.only) <= set(chips.CHIPS) and set(filters.columns) <= set(columns.COLUMNS)


@given(addresses)
def test_an_address_read_and_written_says_the_same(told):
    query = QueryDict(mutable=True)
    query.update(told)
    filters = Filters.read(query)
    assert Filters.read(QueryDict(filters.query())) == filters


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(addresses)
def test_the_page_answers_any_address(client, told):
    assert client.get("/", told).status_code == 200


def test_the_strip_counts_and_adds_up_live_rooms():
    make_room("a", online=1, reward=10)
    make_room("b", online=2)
    make_room("c", online=4, ended_at=timezone.now())
    found = queries.summary()
    assert (found.live, found.online, found.reward) == (2, 3, 10)


def test_a_sparkline_is_kept_for_a_while_then_drawn_anew():
    trends.learn({1: [(990, 1, None), (1000, 5, None)]}, 1000.0)
    assert trends.of(1).spark
    assert trends.missing([1, 2], 1010.0) == [2]
    assert trends.missing([1, 2], 1015.0) == [1, 2]


def test_kept_sparklines_are_bounded(monkeypatch):
    monkeypatch.setattr(trends, "MAX_KEPT", 3)
    trends.learn({pk: [] for pk in range(10)}, 1000.0)
    assert trends.missing(range(10), 1000.0) == [0, 1, 2, 3, 4, 5, 6]


def test_rows_keep_what_the_columns_say():
    room = make_room("room-1", name="Name", owner_name="Nick", online=3, views=4)
    (row,) = queries.listing(Filters())["rows"]
    assert (row.facts.title, row.facts.host, row.facts.is_live) == (room.title, room.host, True)
    assert (row.figures.online, row.figures.views, row.figures.reward) == (3, 4, None)
    assert row_cache.Facts._fields == queries.COLUMNS[: len(row_cache.Facts._fields)]


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        (Filters(sort="online"), "live_by_online"),
        (Filters(sort="reward"), "live_by_reward"),
        (Filters(sort="newest"), "live_by_newest"),
        (Filters(sort="name"), "live_by_name"),
        (Filters(sort="online", reverse=True), "live_by_online"),
        (Filters(sort="reward", reverse=True), "live_by_reward"),
        (Filters(sort="newest", reverse=True), "live_by_newest"),
        (Filters(sort="name", reverse=True), "live_by_name"),
        (Filters(state="ended"), "lately_ended"),
    ],
)
def test_a_page_is_read_in_the_order_of_an_index(filters, index):
    for number in range(3):
        make_room(f"live-{number}", online=number)
        make_room(f"ended-{number}", ended_at=timezone.now())
    if connection.vendor == "postgresql":  # which reads so few rooms rather whole
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL "
                "enable_bitmapscan = off"
            )
    plan = found(filters)[:50].explain()
    assert index in plan
    assert "TEMP B-TREE" not in plan and "Sort" not in plan


@pytest.mark.parametrize("count", [0, 1, 24, 25, 26, 50, 60])
@pytest.mark.parametrize("page", [1, 2, 3, 4])
def test_the_total_is_right_on_every_page(count, page):
    for number in range(count):
        make_room(f"room-{number:02}")
    found = queries.listing(Filters(size=25, page=page))
    pages = max(1, -(-count // 25))
    assert (found["total"], found["pages"], found["page"]) == (count, pages, min(page, pages))
    assert len(found["rows"]) == min(25, count - (found["page"] - 1) * 25)
