"""Settings read from the environment: what is taken, what is refused, and in which words."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.environment import Environment

TEXT = st.text(st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"]), max_size=60)


@pytest.mark.parametrize("value", ["abc", "1.5", "-1", "101", "1e2", "٣", "0x10", "9" * 40])
def test_it_refuses_a_whole_number_that_is_none_or_out_of_bounds(value: str) -> None:
    env = Environment({"N": value})

    assert env.whole("N", 7, minimum=0, maximum=100) == 7
    assert env.mistakes == ["N takes a whole number from 0 to 100."]


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e9", "zwei", "0.5.1", "11", "1_0"])
def test_it_refuses_a_number_that_is_none_or_out_of_bounds(value: str) -> None:
    env = Environment({"N": value})

    assert env.number("N", 1.5, minimum=0.5, maximum=10) == 1.5
    assert env.mistakes == ["N takes a number from 0.5 to 10."]


@pytest.mark.parametrize(
    ("value", "expected"), [("", 7), ("  ", 7), ("0", 0), ("100", 100), (" 42 ", 42)]
)
def test_it_takes_whole_numbers_inside_the_bounds(value: str, expected: int) -> None:
    env = Environment({"N": value})

    assert env.whole("N", 7, minimum=0, maximum=100) == expected
    assert not env.mistakes


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", True), ("YES", True), ("on", True), ("0", False), ("No", False), ("", True)],
)
def test_it_takes_yes_and_no(value: str, expected: bool) -> None:
    assert Environment({"B": value}).yes("B", True) is expected


def test_it_refuses_a_yes_or_no_that_is_neither() -> None:
    env = Environment({"B": "maybe"})

    assert env.yes("B", False) is False
    assert env.mistakes == ["B takes yes or no."]


def test_it_takes_addresses_and_networks() -> None:
    env = Environment({"S": "203.0.113.7, 198.51.100.0/24,2001:db8::/32"})

    assert list(map(str, env.networks("S", ()))) == [
        "203.0.113.7/32",
        "198.51.100.0/24",
        "2001:db8::/32",
    ]
    assert env.mistakes == []


@pytest.mark.parametrize(
    "value",
    ["203.0.113.0/33", "203.0.113.7/24", "example.org", "203.0.113", "*", "203.0.113.7:443"],
)
def test_it_refuses_what_is_no_network(value: str) -> None:
    env = Environment({"S": f"198.51.100.1,{value}"})

    assert env.networks("S", ()) == []
    assert env.mistakes == [
        "S takes addresses or networks with commas between them, like 203.0.113.7,2001:db8::/32."
    ]


def test_it_splits_words_at_commas() -> None:
    env = Environment({"W": "a.example, b.example ,,"})

    assert env.words("W", ()) == ["a.example", "b.example"]


def test_it_refuses_origins_without_a_scheme() -> None:
    env = Environment({"W": "console.example.org"})

    assert env.words("W", (), matching=r"https?://[^/\s]+") == []
    assert env.mistakes == ["W takes a list separated by commas, like https://a.example."]


@pytest.mark.parametrize(
    "value", ["localhost:6379", "http://x", "redis://x:port", "redis://[", "memcached://x"]
)
def test_it_refuses_what_is_no_redis_address(value: str) -> None:
    env = Environment({"R": value})

    assert env.redis("R", "redis://a") == "redis://a"
    assert len(env.mistakes) == 1


@pytest.mark.parametrize(
    "value", ["postgres", "mysql://a/b", "postgres://a:x/b", "://", "postgres://["]
)
def test_it_refuses_what_is_no_database_address(value: str) -> None:
    env = Environment({"D": value})

    assert env.database("D", Path("/d.sqlite3"))["NAME"] == "/d.sqlite3"
    assert len(env.mistakes) == 1


def test_it_reads_a_postgres_address() -> None:
    env = Environment({"D": "postgres://somebody:secret@db.example:6543/live"})

    database = env.database("D", Path("/d.sqlite3"))

    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", 6543, "live")


def test_it_takes_a_default_path_that_no_address_could_hold() -> None:
    database = Environment({}).database("D", Path("/a folder #1/50%/d?.sqlite3"))

    assert database["NAME"] == "/a folder #1/50%/d?.sqlite3"


def test_it_never_repeats_a_refused_value() -> None:
    env = Environment({"D": "mysql://user:hunter2@h/d", "R": "http://:hunter2@h"})
    env.database("D", Path("/d"))
    env.redis("R", "redis://a")

    with pytest.raises(SystemExit) as ended:
        env.finish()

    assert "hunter2" not in str(ended.value)
    assert str(ended.value).count("takes an address") == 2


@given(TEXT)
def test_no_value_of_any_kind_raises(value: str) -> None:
    env = Environment({"V": value})

    assert 0 <= env.whole("V", 1, minimum=0, maximum=9) <= 9
    assert 0 <= env.number("V", 1.0, minimum=0, maximum=9) <= 9
    assert env.yes("V", True) in {True, False}
    assert env.zone("V", "UTC")
    assert env.redis("V", "redis://a").split(":")[0] in {"redis", "rediss", "unix"}
    assert env.database("V", Path("/d"))["ENGINE"].startswith("django.db.backends.")
