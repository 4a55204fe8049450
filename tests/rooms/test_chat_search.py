"""Finding stored lines of chat: what is typed, what fits, and how far a search looks."""

from types import SimpleNamespace

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rooms import chat_terms, retention
from rooms.chat_search import query, search
from rooms.chat_search.query import Query
from rooms.chat_search.search import Wanted
from rooms.infra import chat_index
from rooms.models import ChatLine
from tests.support.factories import make_room

LINES = [
    "Free coins here",
    "freedom of coinage",
    "全部免费送礼",
    "今日は歌枠です",
    "안녕하세요 여러분",
    "ราคาถูกมาก",
    "write t.me/cheap-coins now",
    "💰💰 ｆｒｅｅ",
    "it's \\ a 'quoted' \"line\"",
    "नमस्ते दोस्तों",
    "coins",
]


def say(room, *texts, account="ben", at_ms=1000):
    first = ChatLine.objects.count()
    return ChatLine.objects.bulk_create(
        ChatLine(room=room, at_ms=at_ms + number, message_id=number, account=account, text=text)
        for number, text in enumerate(texts, first)
    )


def found(text="", **wanted):
    return [line.text for line in search.find(Wanted(query.parse(text), **wanted)).lines][::-1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("free", ["Free coins here", "freedom of coinage", "💰💰 ｆｒｅｅ"]),
        ("FREE coins", ["Free coins here"]),
        ('"free coins"', ["Free coins here"]),
        ('"coins free"', []),
        ("free -coinage", ["Free coins here", "💰💰 ｆｒｅｅ"]),
        ("eedom", []),
        ("免费", ["全部免费送礼"]),
        ("费送", ["全部免费送礼"]),
        ("礼", ["全部免费送礼"]),
        ("免礼", []),
        ("歌枠", ["今日は歌枠です"]),
        ("하세", ["안녕하세요 여러분"]),
        ("ถูก", ["ราคาถูกมาก"]),
        ("t.me/cheap", ["write t.me/cheap-coins now"]),
        ("t.me/coins", []),
        ("💰", ["💰💰 ｆｒｅｅ"]),
        ("'quoted'", ["it's \\ a 'quoted' \"line\""]),
        ("दोस्त", ["नमस्ते दोस्तों"]),
        ('"coins', ["Free coins here", "write t.me/cheap-coins now", "coins"]),
        ("!!! ...", LINES),
        ("", LINES),
    ],
)
def test_lines_are_found_by_words_in_any_script(typed, lines):
    say(make_room(), *LINES)
    assert found(typed) == lines


@pytest.mark.django_db
def test_lines_are_found_by_room_account_and_time():
    one, two = make_room("one"), make_room("two")
    say(one, "hello", "other", at_ms=1_000_000_000)
    say(two, "hello two", account="carl", at_ms=2_000_000_000)
    assert found("hello", rooms=(one.pk,)) == ["hello"]
    assert found(rooms=(one.pk, two.pk)) == ["hello", "other", "hello two"]
    assert found("hello", rooms=()) == []
    assert found(account="carl") == ["hello two"]
    assert found("hello", account="ben") == ["hello"]
    assert found("hello", from_ms=1_500_000_000) == ["hello two"]
    assert found("hello", until_ms=1_500_000_000) == ["hello"]
    assert found("hello", from_ms=3_000_000_000_000) == []


@pytest.mark.django_db
def test_pages_follow_one_another_without_a_line_lost_or_twice(monkeypatch):
    monkeypatch.setattr(search, "SHOWN", 3)
    monkeypatch.setattr(search, "AT_ONCE", 2)
    say(make_room(), *(f"hello {number}" for number in range(10)), "bye")
    pages, before = [], search.NEWEST
    while before:
        page = search.find(Wanted(query.parse("hello")), before)
        pages.append([line.text for line in page.lines])
        before = page.before
    assert [len(page) for page in pages] == [3, 3, 3, 1]
    assert [text for page in pages for text in page] == [
        f"hello {number}" for number in range(9, -1, -1)
    ]


@pytest.mark.django_db
def test_a_search_whose_time_is_over_says_so_and_goes_on_where_it_stopped(monkeypatch):
    room = make_room()
    texts = ("old needle", "hay", "hay", "hay")
    for bucket, text in enumerate(texts):
        ChatLine.objects.create(
            pk=(bucket << chat_index.BUCKET_BITS) + (bucket == 0),
            room=room,
            at_ms=2000,
            message_id=f"in {bucket}",
            account="ben",
            text=text,
        )
    wanted = Wanted(query.parse("needle"))
    first = search.find(wanted, seconds=0)
    assert (first.lines, first.is_cut, first.before) == ([], True, 3 << chat_index.BUCKET_BITS)
    rest = search.find(wanted, first.before)
    assert ([line.text for line in rest.lines], rest.is_cut, rest.before) == (
        ["old needle"],
        False,
        0,
    )


@pytest.mark.django_db
def test_what_retention_deletes_is_found_no_more_and_leaves_the_index():
    say(make_room(), "old needle")
    retention.prune()
    assert found("needle") == []
    assert chat_index.newest_with(0, [chat_index.Term("needle")], [], search.NEWEST, 9) == []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO rooms_chatterms(rooms_chatterms) VALUES ('integrity-check')"
            )


@pytest.mark.django_db
def test_lines_that_were_stored_before_the_index_are_in_it_after_the_migration():
    lines = say(make_room(), "hello from before")
    # The schema editor of SQLite works in no transaction, and a test is one.
    editor = SimpleNamespace(
        connection=connection, execute=lambda sql: connection.cursor().execute(sql)
    )
    chat_index.drop(editor)
    ChatLine.objects.update(terms="")
    assert chat_index.fill(editor) == 1
    chat_index.create(editor)
    assert found("before") == ["hello from before"]
    say(lines[0].room, "and after")
    assert found("after") == ["and after"]


# --- What is typed --------------------------------------------------------------------------------


@given(st.text(max_size=250))
@example('-"')
@example("-")
@example('"" “a”')
def test_whatever_is_typed_is_read_or_is_too_much(text):
    try:
        read = query.parse(text)
    except query.TooMuch:
        assert len(text) > query.LONGEST or len(text.split()) > 1 or '"' in text or "“" in text
        return
    for part in (*read.words, *read.phrases, *read.without, *read.without_phrases):
        assert part
    assert bool(read.terms) == bool(read.words or read.phrases)
    assert isinstance(read.fits("any line"), bool)


def test_a_query_is_bounded():
    for text in ("x" * (query.LONGEST + 1), "x " * (query.MOST_PARTS + 1)):
        with pytest.raises(query.TooMuch):
            query.parse(text)


SAID = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@given(SAID)
@example("a" * 50)
@example("ab免cd")
@example("e\u0301🎉z")
def test_a_line_has_every_term_of_itself_as_a_query(text):
    try:
        read = query.parse('"' + text.replace('"', " ") + '"')
    except query.TooMuch:
        return
    said = chat_terms.terms(text.replace('"', " "), 1, "ben").split(" ")
    if read.without or read.without_phrases or len(read.phrases) + len(read.words) > 1:
        return
    for term in read.terms:
        assert any(
            one.startswith(term.text) if term.is_prefix else one == term.text for one in said
        )


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SAID)
def test_the_database_finds_a_line_by_each_of_its_terms(room, text):
    ChatLine.objects.all().delete()
    (line,) = say(room, text)
    bucket = chat_index.bucket_of(line.pk)
    for term in chat_terms.terms(text, room.pk, "ben").split(" "):
        for is_prefix in (False, True):
            wanted = [chat_index.Term(term, is_prefix)]
            assert chat_index.newest_with(bucket, wanted, [], search.NEWEST, 5) == [line.pk], term


def test_a_query_of_nothing_fits_everything():
    assert Query().fits("anything")
    assert Query().terms == []
