"""Which figures are an incident, and which are what an audience does or a wire gets wrong."""

import copy
import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.anomalies import detector, kinds
from moderation.anomalies.kinds import Kind
from moderation.anomalies.levels import Level
from moderation.anomalies.memory import Memory, pack, unpack
from moderation.anomalies.readings import Figures
from tests.moderation.anomaly_series import STEP, Steady, Watched, without

WARM = 600  # seconds of ordinary figures before anything happens


@functools.cache
def warmed_up() -> Watched:
    found = Watched()
    found.go(WARM)
    return found


def warm() -> Watched:
    """After ten ordinary minutes."""
    return copy.deepcopy(warmed_up())


@pytest.fixture
def watched() -> Watched:
    return warm()


# --- Incidents ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "factors"),
    [
        (Kind.VIEWERS_JUMP, {"people": 4.0}),
        (Kind.VIEWERS_DROP, {"people": 0.2, "talk": 0.5, "giving": 0.5}),
        (Kind.CHAT_FLOOD, {"talk": 8.0}),
        (Kind.CHAT_SILENCE, {"talk": 0.0}),
        (Kind.GIFTS_FEW_GIVERS, {"giving": 20.0, "givers": 0.0}),
        (Kind.GIFTS_FLOOD, {"giving": 10.0, "givers": 0.8}),
        (Kind.GIFTS_STOPPED, {"giving": 0.0}),
    ],
)
def test_each_kind_of_incident_is_found_once_and_within_a_minute(watched, kind, factors):
    began = watched.room.now
    watched.go(600, **factors)
    assert watched.kinds == [kind]
    assert watched.found[0].at - began <= 70
    assert began <= watched.found[0].since <= watched.found[0].at


def test_a_slow_rise_without_chat_is_a_ramp(watched):
    for step in range(60):
        watched.go(STEP, people=1 + step * 0.06)
    assert watched.kinds == [Kind.VIEWERS_RAMP]


def test_an_incident_that_goes_on_is_told_once_and_one_that_comes_again_is_told_again(watched):
    watched.go(900, people=4.0)
    watched.go(600, people=1.0)
    assert watched.kinds == [Kind.VIEWERS_JUMP]
    watched.go(300, people=4.0)
    assert watched.kinds == [Kind.VIEWERS_JUMP] * 2


def test_what_lasts_for_half_an_hour_is_what_is_usual_now(watched):
    watched.go(2400, people=4.0)
    watched.go(600, people=1.0)
    assert watched.kinds == [Kind.VIEWERS_JUMP, Kind.VIEWERS_DROP]


def test_a_finding_says_what_was_read_and_what_is_usual(watched):
    watched.go(120, people=4.0)
    found = watched.found[0]
    assert found.value == pytest.approx(4000, rel=0.05)
    assert found.usual == pytest.approx(1000, rel=0.1)
    assert found.factor == pytest.approx(4, rel=0.1)
    assert found.platform == pytest.approx(1, rel=0.05)


# --- What an audience does ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wave",
    [
        {"people": 4.0, "talk": 4.0},  # a raid
        {"people": 1.3, "talk": 2.5, "giving": 12.0, "givers": 0.8},  # a birthday
        {"people": 0.8, "talk": 1.3},
    ],
)
def test_what_moves_several_figures_together_is_no_incident(watched, wave):
    watched.go(240, **wave)
    watched.go(240, people=1.0, talk=1.0, giving=1.0)
    assert watched.kinds == []


def test_people_who_leave_with_their_host_are_no_incident(watched):
    watched.room.people = 0.1
    for _ in range(30):
        watched.show(without(watched.room.step(), host_gone=True))
    assert watched.kinds == []


def test_a_room_that_is_muted_is_silent_and_no_incident(watched):
    watched.room.talk = 0.0
    for _ in range(30):
        watched.show(without(watched.room.step(), is_muted=True))
    assert watched.kinds == []


@pytest.mark.parametrize(
    "wave",
    [
        {"people": 4.0},
        {"people": 0.2},
        {"talk": 8.0},
        {"talk": 0.0},
        {"giving": 10.0, "givers": 0.8},
    ],
)
def test_a_wave_over_the_whole_platform_raises_nothing(watched, wave):
    watched.go(600, others=wave, **wave)
    assert watched.found == []


def test_a_room_that_goes_against_the_platform_is_found(watched):
    watched.go(120, others={"people": 4.0, "talk": 4.0}, people=1.0, talk=1.0)
    assert watched.kinds == [Kind.VIEWERS_DROP]


def test_a_room_just_met_raises_nothing_whatever_it_does():
    watched = Watched()
    for people in (1.0, 9.0, 0.1, 5.0):
        watched.go(60, people=people, talk=1 / people)
    assert watched.kinds == []


# --- What a wire gets wrong -----------------------------------------------------------------------


@settings(max_examples=25)
@given(gap=st.integers(1, 90), level=st.floats(0.1, 8), talk=st.floats(0.0, 8))
def test_a_gap_raises_nothing_by_itself(gap, level, talk):
    """As after a restart of the collector: nothing is read for a while, then it goes on. What has
    changed meanwhile over a long gap is what is usual now.
    """
    watched = warm()
    silent = watched.room.step()
    for _ in range(gap):
        watched.room.step()
        watched.show(silent)
    changed = {"people": level, "talk": talk} if gap * STEP > 200 else {}
    watched.go(600, **changed)
    assert watched.kinds == []


@settings(max_examples=25)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=40))
def test_late_answers_raise_nothing_by_themselves(ages):
    """Answers of up to a minute ago come after newer ones, with their own time or today's."""
    watched = warm()
    past = [watched.room.step() for _ in range(6)]
    for turn, age in enumerate(ages):
        past.append(watched.room.step())
        late, now = past[-1 - age], watched.room.now
        own_time = turn % 2
        watched.show(late if own_time else without(late, online_at=now, totals_at=now))
    watched.go(300)
    assert watched.kinds == []


@settings(max_examples=25)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_totals_that_go_back_raise_nothing_by_themselves(parts):
    watched = warm()
    for part in parts:
        figures = watched.room.step()
        names = ("messages", "gifts", "coins", "givers", "likes")
        less = {name: int(getattr(figures, name) * part) for name in names}
        watched.show(without(figures, **less))
    watched.go(300)
    assert watched.kinds == []


def test_totals_that_begin_anew_raise_nothing_and_are_watched_again_later(watched):
    watched.room.totals = [0, 0, 0, 0, 0]
    watched.go(900)
    assert watched.kinds == []
    watched.go(300, talk=8.0)
    assert watched.kinds == [Kind.CHAT_FLOOD]


def test_totals_that_the_vendor_does_not_count_for_a_while_raise_nothing(watched):
    stuck = watched.room.step()
    for _ in range(15):
        now = watched.room.step()
        watched.show(
            without(stuck, online=now.online, online_at=now.online_at, totals_at=now.totals_at)
        )
    watched.go(300)
    assert watched.kinds == []


def test_another_way_of_counting_people_raises_nothing(watched):
    for _ in range(60):
        figures = watched.room.step()
        watched.show(without(figures, source="members", online=figures.online // 3))
    assert watched.kinds == []


@settings(max_examples=25)
@given(
    st.lists(
        st.builds(
            Figures,
            online=st.none() | st.integers(0, 2**62),
            online_at=st.integers(0, 2**40),
            source=st.sampled_from(["", "OnlineCount", "members"]),
            totals_at=st.integers(0, 2**40),
            messages=st.none() | st.integers(0, 2**62),
            gifts=st.none() | st.integers(0, 2**62),
            coins=st.none() | st.integers(0, 2**62),
            givers=st.none() | st.integers(0, 2**62),
            likes=st.none() | st.integers(0, 2**62),
            is_muted=st.booleans(),
            host_gone=st.booleans(),
        ),
        max_size=30,
    )
)
def test_no_figures_make_it_fail(sequence):
    memory = Memory()
    for now, figures in enumerate(sequence):
        detector.look(memory, {1: figures}, float(now))
        memory = unpack(pack(memory))


# --- What is kept ---------------------------------------------------------------------------------


@settings(max_examples=25)
@given(st.binary() | st.none())
def test_what_nobody_packed_is_an_empty_memory(stored):
    assert unpack(stored) == Memory()


def test_a_memory_of_another_shape_is_an_empty_one():
    for stored in (b'{"version":1}', b'{"version":1,"rooms":{"x":[]},"at":0,"waves":{}}', b"[]"):
        assert unpack(stored) == Memory()


def test_what_is_kept_of_a_room_is_small(watched):
    assert len(pack(watched.memory)) / len(watched.memory.rooms) < 500


def test_a_room_that_is_over_is_forgotten(watched):
    detector.look(watched.memory, {1: Steady().step()}, 0.0)
    assert list(watched.memory.rooms) == [1]


def test_one_reading_however_far_off_moves_a_level_little():
    level = Level()
    for step in range(100):
        level.learn(1.0 + 0.01 * (-1) ** step, step * 10.0, half_life=600, floor=0.05)
    level.learn(1e6, 1000.0, half_life=600, floor=0.05)
    assert level.value == pytest.approx(1.0, abs=0.01)


def test_higher_sensitivity_finds_what_lower_does_not():
    found = {}
    for name in (kinds.LOW, kinds.HIGH):
        watched = warm()
        factor = kinds.SENSITIVITIES[name]
        for _ in range(30):
            watched.room.people = 2.2
            seen = {1: watched.room.step()}
            looked = detector.look(
                watched.memory, seen, float(watched.room.now), dict.fromkeys(Kind, factor)
            )
            watched.found += looked.found
        found[name] = watched.kinds
    assert found == {kinds.LOW: [], kinds.HIGH: [Kind.VIEWERS_JUMP]}


def test_stored_minutes_are_searched_as_live_figures_are():
    room, rows = Steady(), []
    for minute in range(60):
        room.talk = 10.0 if 40 <= minute < 50 else 1.0
        figures = [room.step() for _ in range(6)][-1]
        rows.append((minute, 1, figures.online, figures.messages, figures.gifts, figures.coins))
    found = list(detector.replay(rows, {}))
    assert [(one.kind, one.room) for one in found] == [(Kind.CHAT_FLOOD, 1)]
    assert 40 * 60 <= found[0].at <= 44 * 60
