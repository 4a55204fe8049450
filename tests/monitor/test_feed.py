"""The feed of all chat: which of the newest lines a page gets, and what it is told of the others."""

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from moderation.core.roles import make_person
from moderation.models import Rule
from monitor.chat import feed
from rooms.models import ChatLine
from rooms.writing import WRITINGS
from tests.support.factories import PASSWORD, log_in, make_room

pytestmark = pytest.mark.django_db


def say(room, *texts, account="ben"):
    first = ChatLine.objects.count()
    return ChatLine.objects.bulk_create(
        ChatLine(room=room, at_ms=1000 + number, message_id=number, account=account, text=text)
        for number, text in enumerate(texts, first)
    )


def asked(client, role="moderator", **filters):
    person = make_person(f"reader-{role}-{len(filters)}", role, PASSWORD)
    answer = log_in(client, person).get(reverse("all-chat-lines"), filters)
    assert answer.status_code == 200
    return answer.json()


def texts(frame):
    lines = [line for room in frame["rooms"] for line in room["lines"]]
    return [line["text"] for line in sorted(lines, key=lambda line: line["id"])]


def words_rule(**settings):
    rule = Rule.objects.filter(kind=Rule.Kind.WORDS).first()
    rule.settings = rule.settings | {"words": ["free coins"]} | settings
    rule.save()
    return rule


def test_a_page_gets_the_lines_of_live_rooms_each_with_its_room(client):
    one, two = make_room("one", owner_account="anna"), make_room("two", name="")
    over = make_room("over", ended_at=timezone.now())
    say(one, "first")
    say(over, "too late")
    say(two, "второй")
    frame = asked(client)
    assert texts(frame) == ["first", "второй"]
    rooms = {room["room"]: room for room in frame["rooms"]}
    assert (rooms[one.pk]["title"], rooms[one.pk]["owner"]) == ("One", "anna")
    assert rooms[two.pk]["title"] == "two"
    assert [room["lines"][0]["w"] for room in frame["rooms"]] == ["latin", "cyrillic"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"q": "HELLO"}, ["hello all", "ｈｅｌｌｏ"]),
        ({"q": "全部"}, ["全部免费"]),
        ({"room": "beta"}, ["全部免费", "free coins here"]),
        ({"room": "ALPHA"}, ["hello all", "ｈｅｌｌｏ"]),
        ({"account": "car"}, ["free coins here"]),
        ({"writing": "han"}, ["全部免费"]),
        ({"writing": "klingon"}, ["hello all", "ｈｅｌｌｏ", "全部免费", "free coins here"]),
        ({"q": "hello", "writing": "han"}, []),
    ],
)
def test_lines_are_filtered_by_word_room_account_and_writing(client, filters, found):
    alpha, beta = make_room("alpha"), make_room("beta")
    say(alpha, "hello all", "ｈｅｌｌｏ")
    say(beta, "全部免费")
    say(beta, "free coins here", account="carl")
    assert texts(asked(client, **filters)) == found


def test_lines_are_filtered_by_what_a_rule_looks_for_whether_it_is_on_or_not(client):
    rule = words_rule()
    say(make_room(), "free coins for you", "carefree coinsurance", "hello")
    assert rule.phase == "off"
    assert texts(asked(client, "supervisor", rule=rule.slug)) == ["free coins for you"]


def test_who_may_not_see_rules_cannot_filter_by_one(client):
    rule = words_rule()
    say(make_room(), "free coins for you")
    assert texts(asked(client, "moderator", rule=rule.slug)) == []
    page = client.get(reverse("all-chat")).content.decode()
    assert 'name="rule"' not in page
    banadmin = make_person("of-bans", "banadmin", PASSWORD)
    assert 'name="rule"' in log_in(client, banadmin).get(reverse("all-chat")).content.decode()


def test_a_page_that_was_away_gets_what_it_missed_and_the_number_of_what_was_too_much(
    client, monkeypatch
):
    monkeypatch.setattr(feed, "LOOKED_AT", 4)
    monkeypatch.setattr(feed, "SHOWN", 3)
    lines = say(make_room(), *(f"line {number}" for number in range(10)))
    frame = asked(client, after=lines[1].pk)
    assert texts(frame) == ["line 7", "line 8", "line 9"]
    assert (frame["newest"], frame["left_out"]) == (lines[9].pk, 4 + 1)
    nothing = client.get(reverse("all-chat-lines"), {"after": lines[9].pk}).json()
    assert (nothing["rooms"], nothing["newest"], nothing["left_out"]) == ([], lines[9].pk, 0)


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "٣", ""])
def test_a_number_that_is_none_begins_anew(client, after):
    say(make_room(), "hello")
    assert texts(asked(client, after=after)) == ["hello"]


def test_acts_stand_on_lines_for_who_may_act(client):
    for role, has_acts in (("moderator", True), ("auditor", False)):
        person = make_person(f"looks-{role}", role, PASSWORD)
        page = log_in(client, person).get(reverse("all-chat")).content.decode()
        assert ("data-chat-act" in page) is has_acts


NAMES = st.sampled_from(["q", "room", "account", "writing", "rule", "other"])


@given(st.lists(st.tuples(NAMES, st.text())))
def test_whatever_an_address_asks_for_is_read_and_is_the_same_in_its_own_address(asked):
    query = QueryDict(mutable=True)
    for name, text in asked:
        query.appendlist(name, text)
    filters = feed.Filters.read(query)
    assert filters.writing in {"", *WRITINGS}
    assert len(filters.q) <= feed.LONGEST
    assert feed.Filters.read(QueryDict(filters.query)) == filters
