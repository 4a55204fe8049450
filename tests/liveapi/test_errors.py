"""The error type: what may be retried, what may have had an effect, what it says and never says."""

import pickle

import pytest

from liveapi import CODES, LiveApiError, explain
from liveapi.errors import vendor_error

RETRYABLE = {60007, 60008, 60011, 60013, 60014, 60018, 60019, 70050, 70169, 70500, 100001, 100012}


def test_exactly_these_codes_may_work_later():
    assert {code for code, known in CODES.items() if known.retryable} == RETRYABLE


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_published_code_is_explained_in_plain_words(code):
    assert explain(code) == CODES[code].meaning
    assert str(code) not in explain(code)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (100402, "the connection between rooms failed"),
        (100421, "the battle between rooms failed"),
        (102150, "refused by the before-gift webhook"),
        (99, "code 99 is not among the published ones"),
        (None, "no code"),
    ],
)
def test_families_and_strangers_are_explained_too(code, words):
    assert explain(code) == words


def test_the_vendors_words_win_over_ours_and_ours_fill_a_silence():
    assert vendor_error(100004, "room gone", command="c", request_id="r").text == "room gone"
    assert vendor_error(100004, "", command="c", request_id="r").text == explain(100004)


def test_an_error_names_its_command_and_code():
    assert (
        str(vendor_error(100004, "gone", command="destroy_room", request_id="r"))
        == "destroy_room 100004: gone"
    )
    assert str(LiveApiError("no key", kind="config")) == "no key"


@pytest.mark.parametrize(
    ("error", "unknown"),
    [
        (LiveApiError("", kind="timeout"), True),
        (LiveApiError("", kind="timeout", sent=False), False),
        (LiveApiError("", kind="transport"), True),
        (LiveApiError("", kind="transport", sent=False), False),
        (LiveApiError("", kind="transport", http_status=502), True),
        (LiveApiError("", kind="transport", http_status=404), False),
        (LiveApiError("", kind="malformed"), True),
        (LiveApiError("", kind="vendor", code=60008), True),
        (LiveApiError("", kind="vendor", code=100001), True),
        (LiveApiError("", kind="vendor", code=60007), False),
        (LiveApiError("", kind="vendor", code=100004), False),
        (LiveApiError("", kind="vendor", code=-5), False),
        (LiveApiError("", kind="invalid"), False),
        (LiveApiError("", kind="config"), False),
        (LiveApiError("", kind="budget", retryable=True), False),
    ],
)
def test_it_says_whether_the_request_may_have_had_its_effect(error, unknown):
    assert error.effect_unknown is unknown


@pytest.mark.parametrize(
    ("error", "certain"),
    [
        (LiveApiError("", kind="transport", http_status=502), True),
        (LiveApiError("", kind="transport", http_status=503), True),
        (LiveApiError("", kind="transport", http_status=500), False),
        (LiveApiError("", kind="transport", http_status=504), False),
        (LiveApiError("", kind="transport"), False),
        (LiveApiError("", kind="transport", sent=False), True),
        (LiveApiError("", kind="timeout"), False),
        (LiveApiError("", kind="vendor", code=60007), True),
        (LiveApiError("", kind="vendor", code=60008), False),
        (LiveApiError("", kind="dropped"), True),
    ],
)
def test_it_says_whether_what_cannot_be_read_back_may_be_repeated(error, certain):
    assert error.certainly_without_effect is certain


def test_after_too_many_failed_signatures_a_minute_has_to_pass():
    assert vendor_error(70050, "", command="c", request_id="r").least_wait == 60
    assert vendor_error(60007, "", command="c", request_id="r").least_wait == 0


def test_it_survives_the_way_to_another_process():
    error = vendor_error(60007, "slow down", command="ban_member", request_id="r-9")

    copy = pickle.loads(pickle.dumps(error))

    assert repr(copy) == repr(error)
    assert copy.retryable
    assert copy.__dict__ == error.__dict__
