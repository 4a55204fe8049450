"""The advice of `check_account`: each failure that setting up an account is known for, in words to
act on.
"""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from liveapi import LiveApiError, LiveConfig
from liveapi.config import CHINA, HOSTS, SINGAPORE
from rooms import account_check

CONFIG = LiveConfig(1400000000, "k", admin="keeper", host=CHINA)


def failed(code: int | None, kind: str = "vendor") -> LiveApiError:
    return LiveApiError(
        "as the vendor says", kind=kind, code=code, command="get_room_list", request_id="r-1"
    )


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (60004, "Copy LIVE_SECRET_KEY again"),
        (70003, "Copy LIVE_SECRET_KEY again"),
        (70009, "Copy LIVE_SECRET_KEY again"),
        (60006, "Check LIVE_SDKAPPID"),
        (70013, "Check LIVE_SDKAPPID"),
        (70014, "Check LIVE_SDKAPPID"),
        (60016, "the application is enabled"),
        (70016, "host of another region"),
        (70020, "host of another region"),
        (60010, "add keeper in the vendor's console"),
        (70403, "add keeper in the vendor's console"),
        (60020, "has expired"),
        (100007, "does not include Live"),
        (60021, "add this machine's"),
        (60009, "ask the vendor to enable Live"),
        (70001, "clock of this machine"),
        (60007, "lower LIVE_SHARE"),
        (70050, "lower LIVE_SHARE"),
        (99999, "Keep the RequestId"),
    ],
)
def test_each_code_says_what_to_change(code: int, advice: str) -> None:
    assert advice in account_check.advice(failed(code), CONFIG)


@pytest.mark.parametrize(
    ("kind", "advice"),
    [
        ("transport", "port 443"),
        ("timeout", "port 443"),
        ("malformed", "Something other than the vendor"),
    ],
)
def test_each_kind_of_silence_says_where_to_look(kind: str, advice: str) -> None:
    assert advice in account_check.advice(failed(None, kind), CONFIG)


def test_what_passes_by_itself_is_said_to() -> None:
    error = LiveApiError("busy", kind="vendor", code=70500, command="get_room_list", retryable=True)

    assert "try again in a minute" in account_check.advice(error, CONFIG)


def test_a_wrong_region_names_every_host() -> None:
    said = account_check.advice(failed(70020), CONFIG)

    assert all(host in said for host in HOSTS)


def test_a_failure_is_told_with_code_words_and_number_for_support() -> None:
    said = account_check.words(failed(60010))

    assert said.startswith("code 60010, ")
    assert said.endswith("(RequestId r-1)")


# --- Other regions --------------------------------------------------------------------------------


class Region:
    """A vendor's region that knows the application, or not."""

    asked: list[str] = []

    def __init__(self, config: LiveConfig, code: int | None) -> None:
        self.config, self.code = config, code

    def call(self, call: object, **_: object) -> object:
        self.asked.append(self.config.host)
        if self.code is not None:
            raise failed(self.code)
        return object()

    def close(self) -> None:
        pass


@pytest.fixture
def regions(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[dict[str, int | None]]:
    """host -> the code it refuses with (None: it takes the application). 70020 unless told
    otherwise.
    """
    codes: dict[str, int | None] = {}
    monkeypatch.setattr(Region, "asked", [])
    monkeypatch.setattr(account_check, "redis_answers", lambda: False)
    monkeypatch.setattr(
        account_check, "client_at", lambda config: Region(config, codes.get(config.host, 70020))
    )
    settings.LIVE_SDKAPPID, settings.LIVE_SECRET_KEY, settings.LIVE_HOST = 1400000000, "k", CHINA
    yield codes


@pytest.mark.parametrize("code", [None, 60010])
def test_the_region_that_knows_the_application_is_named(
    code: int | None, regions: dict[str, int | None]
) -> None:
    regions[SINGAPORE] = code

    said = [finding.text for finding in account_check.run()]

    assert (
        said[-1]
        == f"The application answers at {SINGAPORE} (Singapore): set LIVE_HOST={SINGAPORE}."
    )


def test_when_no_region_knows_it_the_number_or_key_is_wrong(regions: dict[str, int | None]) -> None:
    said = [finding.text for finding in account_check.run()]

    assert "No other region knows it either" in said[-1]
    assert sorted(Region.asked) == sorted(HOSTS)


def test_a_wrong_key_is_not_tried_elsewhere(regions: dict[str, int | None]) -> None:
    regions[CHINA] = 70009

    list(account_check.run())

    assert Region.asked == [CHINA]


def test_an_account_that_is_not_set_is_told_so(settings: Settings) -> None:
    settings.LIVE_SECRET_KEY = ""

    findings = list(account_check.run())

    assert [finding.ok for finding in findings] == [False]
    assert "Set LIVE_SDKAPPID, LIVE_SECRET_KEY, LIVE_ADMIN and LIVE_HOST." in findings[0].advice
