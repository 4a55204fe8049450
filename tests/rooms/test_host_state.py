"""Where a host is, by what was told of it."""

from hypothesis import given
from hypothesis import strategies as st

from liveapi.messages import MemberPage, Seat
from rooms.ingest import host_state
from rooms.ingest.host_state import AWAY, INSIDE, LOST, SEATED, Host, Named

NOW = 10_000
NOBODY = Host()


def seats(*accounts):
    return [Seat(index, account, None, None, None) for index, account in enumerate(accounts)]


def listed(host, *, everybody=True, before=False, at=NOW):
    return Named(host, everybody, before, at)


def judged(*, on=(), robots=(), members=None, before=NOBODY, now=NOW):
    return host_state.infer_host_state("anna", seats(*on), robots, members, before, now)[0]


def test_a_host_on_a_seat_is_seated():
    assert judged(on=["", "anna"]) == SEATED
    assert judged(on=["guest"], members=listed(True)) == INSIDE


def test_the_robot_of_the_host_s_obs_stands_for_the_host_and_no_other_robot_does():
    assert judged(on=["live_obs_anna"], robots=["live_obs_anna"]) == SEATED
    assert judged(on=["live_obs_anna"], members=listed(False)) == SEATED
    assert judged(on=["live_obs_ben"], members=listed(False)) == AWAY
    assert judged(on=["robot"], robots=["robot"], members=listed(False)) == AWAY


def test_where_no_owner_is_told_nobody_is_the_host():
    assert host_state.on_seat("", seats("", "live_obs_", "ben")) == ""


def test_an_owner_that_is_a_robot_is_no_host():
    assert judged(on=["anna"], robots=["anna"]) == AWAY


def test_only_a_list_that_names_everybody_says_that_the_host_is_away():
    assert judged(members=listed(False)) == AWAY
    assert judged(members=listed(False, everybody=False)) == INSIDE
    assert judged() == INSIDE


def test_a_lost_heartbeat_is_believed_until_a_younger_list_names_the_host():
    lost = Host(LOST, NOW - 10, "event")
    assert judged(on=["anna"], before=lost) == LOST
    assert (
        judged(on=["anna"], before=lost, members=listed(True)) == LOST
    )  # the list may be 40 s old
    assert (
        judged(on=["anna"], before=lost, members=listed(True, at=NOW + 40), now=NOW + 40) == SEATED
    )
    assert (
        judged(on=["anna"], before=lost, members=listed(False, at=NOW + 40), now=NOW + 40) == LOST
    )
    assert judged(before=lost, members=listed(False)) == LOST


def test_a_lost_heartbeat_that_nothing_confirms_is_not_believed_for_ever():
    lost = Host(LOST, NOW - 100, "event")
    assert judged(on=["anna"], before=lost) == SEATED
    assert judged(on=["anna"], before=lost, members=listed(False, everybody=False)) == SEATED


def test_a_seated_host_that_vanishes_from_the_lists_has_lost_the_heartbeat():
    seated = Host(SEATED, NOW - 100, "seats")
    assert judged(on=["anna"], before=seated, members=listed(False, before=True)) == LOST
    assert judged(on=["anna"], before=seated, members=listed(False, before=False)) == SEATED


def test_a_host_who_has_just_come_is_not_away_because_of_an_old_list():
    came = Host(INSIDE, NOW - 5, "event")
    assert judged(before=came, members=listed(False)) == INSIDE
    assert judged(before=came, members=listed(False, at=NOW + 60)) == AWAY


def test_a_host_who_has_just_left_is_not_inside_because_of_an_old_list():
    left = Host(AWAY, NOW - 5, "event")
    assert judged(before=left, members=listed(True)) == AWAY
    assert judged(before=left, members=listed(True, at=NOW + 60)) == INSIDE
    assert judged(on=["anna"], before=left) == SEATED


def test_a_reading_keeps_since_when_it_is_so_and_the_first_start():
    first = host_state.read(NOBODY, SEATED, "seats", NOW)
    again = host_state.read(first, SEATED, "seats", NOW + 30)
    assert first == Host(SEATED, NOW, "seats", NOW, NOW)
    assert again == Host(SEATED, NOW, "seats", NOW + 30, NOW)
    assert host_state.read(again, AWAY, "members", NOW + 60) == Host(
        AWAY, NOW + 60, "members", NOW + 60, NOW
    )
    assert host_state.read(again, AWAY, "members", NOW + 20) == again


def test_a_seat_is_empty_since_the_host_left_it_whatever_the_lists_add_later():
    off = host_state.read(Host(SEATED, NOW, "seats", NOW, NOW), INSIDE, "members", NOW + 30)
    gone = host_state.read(off, AWAY, "members", NOW + 70)
    assert gone == Host(AWAY, NOW + 30, "members", NOW + 70, NOW)


def test_an_event_later_than_a_reading_stays():
    heard = host_state.heard(Host(SEATED, NOW - 50, "seats", NOW - 50, NOW - 50), AWAY, NOW + 5)
    assert heard == Host(AWAY, NOW + 5, "event", NOW - 50, NOW - 50)
    assert host_state.read(heard, SEATED, "seats", NOW) == Host(
        AWAY, NOW + 5, "event", NOW, NOW - 50
    )


def test_an_old_event_changes_nothing():
    seated = Host(SEATED, NOW, "seats", NOW, NOW)
    assert host_state.heard(seated, AWAY, NOW - 1) == seated
    assert host_state.heard(seated, SEATED, NOW + 1) == seated


def test_a_list_names_everybody_only_when_its_count_says_so():
    assert host_state.named(MemberPage(("anna", "ben"), 2, ""), "anna", 1) == Named(
        True, True, False, 1
    )
    assert host_state.named(MemberPage(("ben",), 2, ""), "anna", 1) == Named(False, False, False, 1)
    assert host_state.named(MemberPage(("ben",), None, ""), "anna", 1).everybody is False
    assert host_state.named(MemberPage(("ben",), 1, "more"), "anna", 1).everybody is False
    assert (
        host_state.named(MemberPage((), 0, ""), "anna", 2, Named(True, True, False, 1)).before
        is True
    )


accounts = st.sampled_from(["anna", "ben", "live_obs_anna", "robot", ""])
moments = st.integers(0, 20_000) | st.none()
hosts = st.builds(
    Host,
    st.sampled_from(["", SEATED, INSIDE, LOST, AWAY]),
    moments,
    st.sampled_from(["", "seats", "members", "event"]),
    moments,
    moments,
)
lists = st.none() | st.builds(
    Named, st.booleans(), st.booleans(), st.booleans(), st.integers(0, 20_000)
)


@given(
    st.lists(accounts, max_size=4),
    st.lists(accounts, max_size=3),
    lists,
    hosts,
    st.integers(0, 20_000),
)
def test_whatever_is_told_the_host_is_somewhere(on, robots, members, before, now):
    state, source = host_state.infer_host_state("anna", seats(*on), robots, members, before, now)
    assert state in {SEATED, INSIDE, LOST, AWAY}
    if state == SEATED:
        assert host_state.on_seat("anna", seats(*on), robots)
    if state == LOST and before.state != LOST:
        assert members is not None
        assert members.everybody
    after = host_state.read(before, state, source, now)
    assert (after.started_at is None) <= (before.started_at is None)
    assert (after.read_at or 0) >= (before.read_at or 0)
