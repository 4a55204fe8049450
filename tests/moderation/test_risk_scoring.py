"""The risk score as a function: a sum of terms, none of which falls when there is more of it."""

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.attention import presentation, scoring
from moderation.attention.scoring import Labelled, Raised, RoomFacts, scored
from moderation.values import risk
from moderation.values.risk import CODES, DEFAULTS, MAX_WEIGHT, Term

NOW = 1_000_000.0
ages = st.integers(0, 200_000)
alerts = st.builds(
    Raised,
    st.sampled_from(scoring.OF_ALERTS),
    st.integers(1, 3),
    ages.map(lambda age: NOW - age),
)
labels = st.builds(Labelled, st.floats(0, 100), ages.map(lambda age: NOW - age))
moments = st.none() | ages.map(lambda age: NOW - age)
rooms = st.builds(
    RoomFacts,
    pk=st.just(1),
    first_seen=ages.map(lambda age: NOW - age),
    online=st.none() | st.integers(0, 10**7),
    last_look=moments,
    raised=st.lists(alerts, max_size=5).map(tuple),
    labelled=st.lists(labels, max_size=5).map(tuple),
    host_since=moments,
    strikes=st.integers(0, 50),
    reopened_at=moments,
)
weights = st.fixed_dictionaries({code: st.integers(0, MAX_WEIGHT) for code in CODES})


def score(room, weights=DEFAULTS):
    return scored(room, weights, NOW).score


@given(rooms, weights)
def test_the_score_is_the_sum_of_its_terms_and_no_term_is_more_than_its_weight(room, weights):
    found = scored(room, weights, NOW)
    assert found.score == sum(term.points for term in found.terms)
    assert all(0 < term.points <= weights[term.code] for term in found.terms)
    assert len({term.code for term in found.terms}) == len(found.terms)


@given(rooms, weights, alerts, labels)
def test_one_finding_more_never_lowers_the_score(room, weights, alert, label):
    before = score(room, weights)
    assert score(dataclasses.replace(room, raised=(*room.raised, alert)), weights) >= before
    assert score(dataclasses.replace(room, labelled=(*room.labelled, label)), weights) >= before


@given(rooms, weights, st.integers(0, 10**7), st.integers(0, 20), ages)
def test_more_of_a_measure_never_lowers_the_score(room, weights, people, strikes, age):
    before = score(room, weights)
    more = {
        "online": (room.online or 0) + people,
        "strikes": room.strikes + strikes,
        "reopened_at": NOW,
        "host_since": NOW,
    }
    for name, value in more.items():
        assert score(dataclasses.replace(room, **{name: value}), weights) >= before, name
    earlier = {
        "first_seen": room.first_seen - age,
        "last_look": None if room.last_look is None else room.last_look - age,
    }
    assert score(dataclasses.replace(room, **earlier), weights) >= before


@given(rooms, weights, st.sampled_from(CODES), st.integers(0, MAX_WEIGHT))
def test_a_higher_weight_never_lowers_the_score(room, weights, code, weight):
    higher = weights | {code: max(weight, weights[code])}
    assert score(room, higher) >= score(room, weights)


@given(rooms, weights, st.integers(1, 5))
def test_an_alert_of_higher_severity_or_greater_age_counts_no_less(room, weights, minutes):
    for severity, more in ((1, 2), (2, 3)):
        at = NOW - 60 * minutes
        plain = dataclasses.replace(room, raised=(Raised("alerts", severity, at),))
        severe = dataclasses.replace(room, raised=(Raised("alerts", more, at),))
        older = dataclasses.replace(room, raised=(Raised("alerts", severity, at - 60),))
        assert score(severe, weights) >= score(plain, weights)
        assert score(older, weights) >= score(plain, weights)


@given(rooms, st.floats(0, 100_000))
def test_nothing_changes_before_it_is_due(room, later):
    found = scored(room, DEFAULTS, NOW)
    assert found.due > NOW
    before = min(NOW + later, math.nextafter(found.due, 0))
    assert scored(room, DEFAULTS, before).terms == found.terms


@pytest.mark.parametrize(
    ("source", "term"),
    [
        ("system:anomaly-reward", "reward"),
        ("system:anomaly-viewers", "viewers"),
        ("system:anomaly-chat", "viewers"),
        ("system:picture-black", "picture"),
        ("system:words-money-scam", "words"),
        ("system:label-violence", "labels"),
        ("system:host-gone", "alerts"),
        ("quarantine", "alerts"),
        ("system:", "alerts"),
        ("moderator", "alerts"),
    ],
)
def test_the_source_of_an_alert_says_which_term_it_is(source, term):
    assert scoring.term_of(source) == term


def test_a_room_with_nothing_against_it_has_no_points():
    assert scored(RoomFacts(1, NOW), DEFAULTS, NOW) == (0, (), NOW + 300)


def test_a_label_is_forgotten_and_an_alert_is_not():
    def of(age):
        labelled = RoomFacts(1, NOW, last_look=NOW, labelled=(Labelled(100, NOW - age),))
        raised = RoomFacts(1, NOW, last_look=NOW, raised=(Raised("labels", 3, NOW - age),))
        return score(labelled), score(raised)

    assert of(0) == (50, 35)
    assert of(1800) == (25, 50)
    assert of(3600) == (0, 50)


def test_levels_begin_where_they_say():
    found = [scoring.level(points) for points in (0, 24, 25, 59, 60, 99, 100, 500)]
    assert found == [0, 0, 1, 1, 2, 2, 3, 3]


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


@given(junk)
def test_whatever_is_stored_is_read_as_terms_and_weights(stored):
    assert all(isinstance(term, Term) for term in risk.read_terms(stored))
    assert all(0 <= points <= MAX_WEIGHT for points in risk.read_weights(stored).values())


@given(rooms, weights)
def test_what_is_written_is_read_again(room, weights):
    terms = scored(room, weights, NOW).terms
    assert risk.read_terms(risk.write_terms(terms)) == terms
    assert risk.read_weights(weights) == weights


def test_every_term_has_words_a_script_can_take_apart():
    assert set(presentation.TERMS) == set(CODES) == set(DEFAULTS)
    named = dict(entry.split("=") for entry in presentation.names().split("|"))
    assert list(named) == list(CODES)
    assert presentation.words("people", 1000) == "people online: 1,000 or more"
