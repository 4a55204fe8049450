"""The readers of single values."""

import math

import pytest

from liveapi import reading


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (5, 5),
        ("5", 5),
        (" 5 ", 5),
        ("-5", -5),
        (5.0, 5),
        (5.5, None),
        (True, None),
        (None, None),
        ("", None),
        ("five", None),
        ("٥", None),
        ("--5", None),
        ("9" * 400, None),
        (2**63 - 1, 2**63 - 1),
        (2**63, None),
        (1e300, None),
        (math.nan, None),
        (math.inf, None),
        ([5], None),
        ({}, None),
    ],
)
def test_a_whole_number_comes_as_number_or_text(value, number):
    assert reading.whole(value) == number


@pytest.mark.parametrize(("value", "number"), [(0, 0), ("7", 7), (-1, None), ("-1", None)])
def test_a_count_is_never_negative(value, number):
    assert reading.count(value) == number


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (1_700_000_000, 1_700_000_000),
        ("1700000000", 1_700_000_000),
        (10**15, 0),
        (-1, 0),
        (None, 0),
    ],
)
def test_a_moment_is_one_that_a_calendar_can_show(value, moment):
    assert reading.moment(value) == moment


@pytest.mark.parametrize(
    ("value", "identifier"),
    [
        ("live_1", "live_1"),
        (144115198244471703, "144115198244471703"),
        (12.0, "12"),
        (1.44115198244471703e17, ""),
        (math.nan, ""),
        (True, ""),
        (None, ""),
        ("x" * 128, "x" * 128),
        ("x" * 129, ""),
        ("房间 🎤", "房间 🎤"),
        (" leading and trailing ", " leading and trailing "),
        (["live_1"], ""),
    ],
)
def test_an_id_comes_as_number_or_text_and_is_never_cut(value, identifier):
    assert reading.identifier(value) == identifier


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("name", "name"),
        ("a\x00b", "a\ufffdb"),
        ("cut \ud83d", "cut ?"),
        ("<b>\u202e", "<b>\u202e"),
        (5, ""),
        (None, ""),
        ("x" * 300, "x" * 255),
    ],
)
def test_text_is_what_a_database_can_hold(value, text):
    assert reading.text(value) == text


@pytest.mark.parametrize(
    ("value", "yes"),
    [
        (True, True),
        (False, False),
        (1, True),
        (0, False),
        ("true", True),
        ("False", False),
        ("1", True),
        (2, None),
        ("", None),
        (None, None),
        ([], None),
        (math.nan, None),
    ],
)
def test_a_truth_value_comes_in_several_shapes(value, yes):
    assert reading.yes(value) is yes


def test_lists_leave_out_what_is_not_theirs():
    assert reading.numbers([1, "2", None, "x", 3.0, True]) == (1, 2, 3)
    assert reading.numbers("123") == ()
    assert reading.identifiers(["a", 5, None, "a", {}, "", "b\x00"]) == ("a", "5", "b\ufffd")
    assert reading.identifiers({"a": 1}) == ()
