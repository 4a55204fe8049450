"""What accounts are called: asked for once, kept for hours, and never a reason to fail."""

import pytest

from liveapi import LiveApiError
from liveapi.accounts import Profile
from rooms.infra import vendor
from rooms.live import profiles
from tests.support.vendor import Vendor

ANNA = Profile("anna", "Anna", "https://img.live.example/anna.png")
UNKNOWN = LiveApiError("account not imported", kind="vendor", code=40003)


@pytest.fixture
def told(monkeypatch) -> Vendor:
    service = Vendor()
    monkeypatch.setattr(vendor, "sync_client", lambda: service)
    return service


def asked(service: Vendor) -> list[list[str]]:
    return [body["To_Account"] for name, body in service.calls if name == "portrait_get"]


def test_a_name_is_asked_for_once(told, hot):
    told.answers["portrait_get"] = (ANNA,)
    assert profiles.known(["anna"]) == {}
    assert profiles.of(["anna", "ben", "anna"]) == {"anna": ANNA}
    assert profiles.of(["ben", "anna"]) == {"anna": ANNA}, "nor again for who has no name"
    assert profiles.known(["anna", "ben"]) == {"anna": ANNA}
    assert asked(told) == [["anna", "ben"]]


def test_an_answer_in_another_letter_case_is_for_the_same_account(told, hot):
    told.answers["portrait_get"] = (Profile("ANNA", "Anna", ""),)
    assert profiles.of(["anna"])["anna"].nick == "Anna"


def test_one_account_that_the_vendor_does_not_know_hides_no_other_name(told, hot):
    told.answers["portrait_get"] = [UNKNOWN, (ANNA,), UNKNOWN]
    assert profiles.of(["anna", "stranger"]) == {"anna": ANNA}
    assert asked(told) == [["anna", "stranger"], ["anna"], ["stranger"]]


def test_however_many_are_unknown_the_calls_have_an_end(told, hot):
    told.answers["portrait_get"] = UNKNOWN
    assert profiles.of([f"stranger_{n}" for n in range(3000)]) == {}
    assert len(asked(told)) == profiles.MAX_CALLS
    assert all(len(accounts) <= 100 for accounts in asked(told))


def test_a_vendor_that_does_not_answer_is_asked_again_later(told, hot):
    told.answers["portrait_get"] = [
        LiveApiError("no answer", kind="network", retryable=True),
        (ANNA,),
    ]
    assert profiles.of(["anna"]) == {}
    assert profiles.of(["anna"]) == {"anna": ANNA}


def test_without_redis_there_are_names_all_the_same(told, no_redis):
    told.answers["portrait_get"] = (ANNA,)
    assert profiles.of(["anna"]) == {"anna": ANNA}
    assert profiles.known(["anna"]) == {}
