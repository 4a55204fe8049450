"""What is asked next: order, shares and cycles, under a clock that the test turns."""

import itertools
import math
import random
import statistics
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooms.collector.schedule import Schedule


class InStep(random.Random):
    """Every interval is exactly what it is."""

    def uniform(self, a, b):
        return 0.0


def schedule(**options):
    return Schedule(**{"watched_interval": 3.0, "rest_interval": 15.0, "rng": InStep(), **options})


def drain(plan, now, most=1000):
    """Takes and finishes at once."""
    taken = plan.take(now, most)
    for key in taken:
        plan.finished(key)
    return taken


def test_a_room_never_read_is_due_at_once():
    plan = schedule()
    plan.add(1)

    assert plan.wait(0.0) == 0
    assert plan.take(0.0, 5) == [1]


def test_a_room_being_asked_for_is_not_asked_for_twice():
    plan = schedule()
    plan.add(1)
    plan.take(0.0, 5)

    assert plan.take(100.0, 5) == []


def test_the_rest_is_read_again_after_its_interval_oldest_first():
    plan = schedule()
    plan.add(1, read_at=5.0)
    plan.add(2, read_at=3.0)

    assert plan.take(17.9, 5) == []
    assert plan.wait(17.0) == 1.0
    assert plan.take(21.0, 5) == [2, 1]


def test_a_watched_room_is_read_again_after_the_shorter_interval():
    plan = schedule()
    plan.add(1, read_at=0.0)
    plan.watch({1})

    assert plan.wait(1.0) == 2.0
    assert drain(plan, 3.0) == [1]
    plan.watch(set())
    assert plan.wait(3.0) == 15.0


def test_a_room_that_appears_while_it_is_watched_counts_as_watched():
    plan = schedule()
    plan.watch({1})
    plan.add(1, read_at=0.0)

    assert plan.wait(0.0) == 3.0


def test_what_is_urgent_goes_before_everything():
    plan = schedule()
    for key in range(10):
        plan.add(key)
    plan.watch({1, 2})
    plan.prioritise(7)

    assert plan.take(0.0, 3)[0] == 7


def test_an_urgent_room_just_being_asked_for_is_asked_again_afterwards():
    plan = schedule()
    plan.add(1)
    plan.take(0.0, 1)
    plan.prioritise(1)

    assert plan.take(0.1, 1) == []
    plan.finished(1)
    assert plan.take(0.2, 1) == [1]


def test_a_room_urged_for_later_keeps_its_ordinary_turn():
    plan = schedule()
    plan.add(1, read_at=0.0)
    plan.watch({1})
    plan.prioritise(1, at=10.0)

    assert drain(plan, 3.0) == [1]
    plan.finished(1)
    assert plan.wait(3.0) == 3.0


def test_nothing_shortens_the_least_gap():
    plan = schedule(least_gap=40.0)
    plan.add(1, read_at=0.0)
    plan.watch({1})
    plan.prioritise(1)

    assert plan.take(39.0, 1) == []
    assert plan.take(40.0, 1) == [1]


def test_a_removed_room_is_never_asked_for_again():
    plan = schedule()
    plan.add(1)
    plan.prioritise(1)
    plan.remove(1)
    plan.finished(1)

    assert plan.take(0.0, 5) == []
    assert plan.wait(0.0) == math.inf


def test_without_an_interval_only_urgent_and_watched_rooms_are_read():
    plan = schedule(rest_interval=math.inf)
    plan.add(1)
    plan.add(2)
    plan.watch({2})

    assert drain(plan, 0.0) == [2]
    assert plan.wait(0.0) == 3.0
    plan.prioritise(1)
    assert drain(plan, 0.0) == [1]


def test_changing_an_interval_takes_effect_at_once():
    plan = schedule(rest_interval=math.inf)
    plan.add(1)
    plan.rest_interval = 15.0

    assert plan.take(0.0, 1) == [1]


def test_what_is_due_can_be_counted_without_taking_it():
    plan = schedule()
    for key in range(5):
        plan.add(key)
    plan.add(9, read_at=0.0)
    plan.prioritise(3)

    assert plan.due(0.0, 100) == 6  # a waiting urgent room stands in two places
    assert plan.due(0.0, 2) == 2
    assert len(plan.take(0.0, 100)) == 5


def run(plan, rooms, rate, seconds, watched=()):
    """Turns the clock in steps of 0.1 s at `rate` calls a second; the moments each room was read
    at.
    """
    plan.rate = rate
    for key in range(rooms):
        plan.add(key)
    plan.watch(watched)
    read = {key: [] for key in range(rooms)}
    credit = 0.0
    for step in range(int(seconds * 10)):
        credit = min(credit + rate / 10, rate)
        taken = drain(plan, step / 10, int(credit))
        credit -= len(taken)
        for key in taken:
            read[key].append(step / 10)
    return read


@settings(max_examples=25)
@given(rooms=st.integers(1, 400), rate=st.integers(5, 100), watched=st.integers(0, 400))
def test_nothing_starves_however_many_rooms_are_watched(rooms, rate, watched):
    watched = min(watched, rooms)
    # The rest gets at least a fifth of the calls, the watched at least four fifths.
    rest_cycle = max(15.0, (rooms - watched) / (0.2 * rate))
    watched_cycle = max(3.0, watched / (0.8 * rate))
    longest = max(rest_cycle, watched_cycle)

    read = run(schedule(), rooms, rate, seconds=2 * longest + 2, watched=range(watched))

    for key, moments in read.items():
        cycle = watched_cycle if key < watched else rest_cycle
        assert moments, f"room {key} was never read"
        gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
        assert all(gap <= cycle * 1.1 + 1 for gap in gaps)


@settings(max_examples=25)
@given(rooms=st.integers(50, 500), rate=st.integers(10, 60), watched=st.integers(0, 25))
def test_the_rest_is_read_within_a_fifth_of_the_least_possible_cycle(rooms, rate, watched):
    plan = schedule(rest_interval=0.0)
    left = rate - watched / 3.0
    least = (rooms - watched) / max(left, 0.2 * rate)

    read = run(plan, rooms, rate, seconds=4 * least + 4, watched=range(watched))

    cycles = [
        later - earlier
        for key in range(watched, rooms)
        for earlier, later in zip(read[key], read[key][1:], strict=False)
    ]
    # Rooms on a screen come in a bunch, which delays a cycle as short as theirs by as long as they
    # take.
    assert max(cycles) <= max(1.2 * least, least + watched / rate) + 0.3


def test_watched_rooms_keep_their_interval_beside_five_thousand_others():
    read = run(schedule(rng=random.Random(2)), 5000, 50, seconds=60, watched=range(40))

    for key in range(40):
        gaps = [later - earlier for earlier, later in zip(read[key], read[key][1:], strict=False)]
        assert max(gaps) <= 4.0
        assert statistics.mean(gaps[1:]) == pytest.approx(3.1, abs=0.2)


def test_rooms_that_came_onto_a_screen_together_do_not_stay_in_step():
    read = run(schedule(rng=random.Random(2)), 40, 50, seconds=60, watched=range(40))

    # 13 a second are due: in step, 40 would come in one second of three.
    late = Counter(int(at) for moments in read.values() for at in moments if at >= 30)
    assert max(late.values()) <= 26


def test_every_grant_is_used_while_there_is_work():
    read = run(schedule(rest_interval=0.0), 500, 50, seconds=20, watched=range(40))

    assert sum(map(len, read.values())) == 50 * 20


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["add", "remove", "prioritise", "watch", "take", "finish"]),
            st.integers(0, 8),
        ),
        max_size=80,
    )
)
def test_no_order_of_events_asks_twice_or_for_what_is_gone(events):
    plan = schedule()
    known, asked, watched, now = set(), Counter(), set(), 0.0
    for event, key in events:
        now += 1.0
        if event == "add":
            plan.add(key)
            known.add(key)
        elif event == "remove":
            plan.remove(key)
            known.discard(key)
            del asked[key]
        elif event == "prioritise":
            plan.prioritise(key, now + key)
        elif event == "watch":
            watched ^= {key}
            plan.watch(watched)
        elif event == "finish":
            plan.finished(key)
            del asked[key]
        else:
            for taken in plan.take(now, key):
                assert taken in known
                asked[taken] += 1
                assert asked[taken] == 1
    # Whatever happened, everything known has its turn in the end.
    for key in asked:
        plan.finished(key)
    assert set(drain(plan, now + 1000.0)) == known


def test_what_was_urgent_once_is_not_urgent_again_after_it_was_read():
    plan = schedule()
    plan.add(1, read_at=0.0)
    plan.prioritise(1, 5.0)
    assert drain(plan, 5.0) == [1]
    assert drain(plan, 19.9) == []
    assert drain(plan, 20.0) == [1]


# --- The share of the rest, and what stays as it is -----------------------------------------------


def both_due(plan, watched=20, rest=20):
    for key in range(watched + rest):
        plan.add(key)
    plan.watch(range(watched))
    return plan


def test_one_call_in_five_is_for_the_rest_while_rooms_on_screens_wait():
    taken = both_due(schedule()).take(0.0, 15)

    kinds = "".join("w" if key < 20 else "r" for key in taken)
    assert kinds == "wwwwrwwwwrwwwwr"


@pytest.mark.parametrize(
    ("rate", "watched_interval", "share"),
    [
        (0.0, 3.0, 0.2),  # not known
        (10.0, 0.0, 0.2),
        (10.0, math.inf, 0.2),
        (1.0, 3.0, 0.2),  # 20 / 3 calls a second are needed, and one may be made
        (10.0, 3.0, 0.3),  # 0.9 x (1 - 20 / 3 / 10)
        (1e9, 3.0, 0.9),
    ],
)
def test_the_rest_gets_what_rooms_on_screens_do_not_need(rate, watched_interval, share):
    plan = both_due(schedule(watched_interval=watched_interval))
    plan.rate = rate

    assert plan._rest_share() == pytest.approx(share)


def test_what_the_rest_was_owed_is_forgotten_when_no_room_on_a_screen_waits():
    plan = both_due(schedule(), watched=7, rest=30)
    assert plan.take(0.0, 4) == [0, 1, 2, 3]
    assert plan.take(0.0, 4) == [7, 4, 5, 6]
    plan.take(0.0, 10)
    for key in range(7):
        plan.finished(key)

    kinds = ["w" if key < 7 else "r" for key in plan.take(3.0, 6)]
    assert kinds == ["w", "w", "w", "w", "r", "w"]


@pytest.mark.parametrize(
    ("interval", "least_gap", "fresh", "later"),
    [
        (3.0, 0.0, (-2.0, 0.0), (-0.45, 0.45)),
        (4.0, 1.0, (-2.0, 0.0), (-0.45, 0.45)),
        (3.0, 3.0, None, None),
        (3.0, 5.0, None, None),
        (math.inf, 0.0, None, None),
    ],
)
def test_rooms_on_screens_get_out_of_step_by_a_part_of_their_interval(
    interval, least_gap, fresh, later
):
    asked = []

    class Noting(random.Random):
        def uniform(self, low, high):
            asked.append((low, high))
            return high / 2 if high else low / 2

    plan = schedule(watched_interval=interval, least_gap=least_gap, rng=Noting())
    plan.add(1)
    plan.watch({1})
    room = interval - least_gap
    for now, part in ((100.0, fresh), (300.0, later)):
        asked.clear()
        plan.prioritise(1)
        assert plan.take(now, 1) == [1]
        plan.finished(1)
        if part is None:
            assert asked == []
            assert plan._entries[1].read_at == now
        else:
            [(low, high)] = asked
            assert (low * room, high * room) == pytest.approx(part)
            assert plan._entries[1].read_at == pytest.approx(
                now + (part[1] / 2 if part[1] else part[0] / 2)
            )


def test_only_rooms_on_screens_get_out_of_step():
    plan = schedule(rng=random.Random(3))
    plan.add(1)
    plan.take(50.0, 1)

    assert plan._entries[1].read_at == 50.0


def test_a_room_that_comes_onto_a_screen_again_is_fresh_again():
    plan = schedule(rng=random.Random(3))
    plan.add(1)
    for now in (0.0, 100.0):
        plan.watch({1})
        assert plan._entries[1].fresh
        plan.prioritise(1)
        plan.take(now, 1)
        plan.finished(1)
        assert not plan._entries[1].fresh
        plan.watch(())


def test_a_known_room_stays_as_it_is_and_a_later_wish_does_not_delay_an_earlier():
    plan = schedule()
    plan.add(1, read_at=10.0)
    plan.add(1, read_at=0.0)
    assert plan.wait(20.0) == 5.0
    plan.prioritise(1, 12.0)
    plan.prioritise(1, 14.0)
    assert plan.wait(11.0) == 1.0
    plan.prioritise(1, 11.5)
    assert plan.wait(11.0) == 0.5
    plan.prioritise(2, 0.0)
    assert (len(plan), 1 in plan, 2 in plan) == (1, True, False)


def test_what_was_counted_can_still_be_taken_in_its_order():
    plan = schedule()
    plan.add(1, read_at=0.0)
    plan.add(2, read_at=1.0)
    plan.add(3, read_at=80.0)

    assert [plan.due(20.0, most) for most in (0, 1, 2, 9)] == [0, 1, 2, 2]
    assert plan.due(95.0, 9) == 3
    assert plan.take(95.0, 9) == [1, 2, 3]


def test_what_is_not_asked_for_has_no_turn_to_finish():
    plan = schedule()
    plan.add(1, read_at=0.0)
    ticket = plan._entries[1].ticket
    plan.finished(1)
    plan.finished(2)

    assert plan._entries[1].ticket == ticket


def test_the_rest_is_owed_nothing_for_a_time_when_none_of_it_waited():
    plan = schedule()
    for key in range(4):
        plan.add(key)
    plan.watch(range(4))
    plan.add(9, read_at=0.0)
    assert drain(plan, 0.0) == [0, 1, 2, 3]

    assert plan.take(15.0, 1) == [0]


def test_the_share_of_the_rest_is_a_fifth_while_the_rate_is_not_known():
    plan = schedule()
    plan.add(1)
    plan.watch({1})

    assert (plan.rate, plan._rest_share()) == (0.0, 0.2)


def test_a_room_that_was_the_first_of_all_is_asked_for_once():
    plan = schedule()
    plan.add(1)
    plan.prioritise(1)

    assert plan.take(0.0, 5) == [1]
