"""The accounts with which our own screens watch are no audience."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveapi.messages import MemberPage
from rooms.ingest import observers


def test_each_person_and_each_tile_is_an_observer_of_its_own():
    accounts = {
        observers.account_of(person, tile) for person in (1, 11) for tile in ("1", "11", "1x1")
    }
    assert len(accounts) == 6
    assert all(map(observers.is_observer, accounts))


@pytest.mark.parametrize("tile", ["", "a" * 13, "A", "a_b", "administrator ", "é", "1\n"])
def test_a_tile_needs_a_proper_name(tile):
    with pytest.raises(ValueError, match="no name of a tile"):
        observers.account_of(1, tile)


def test_a_list_of_members_is_told_without_ours():
    ours = observers.account_of(1, "a")
    page = observers.left_out(MemberPage(("viewer", ours, "live_monitor_room-1"), 3, "n"))
    assert page == MemberPage(("viewer",), 1, "n")
    assert observers.left_out(MemberPage((ours,), None, "")).member_count is None


@given(st.lists(st.text()), st.none() | st.integers(0, 10**6))
def test_nobody_else_is_left_out(accounts, count):
    page = MemberPage(tuple(accounts), count, "")
    kept = observers.left_out(page)
    assert set(accounts) - set(kept.accounts) == {a for a in accounts if observers.is_observer(a)}
    assert kept.member_count is None or kept.member_count >= 0
