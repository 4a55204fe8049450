"""`check_account` against a running service: what it finds right, what wrong, and what it says to
change.
"""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.contract.running import SECRET, Simulator, simulator


@pytest.fixture(scope="module")
def plain() -> Iterator[Simulator]:
    """An account with every optional field."""
    with simulator("--rooms", "25", "--viewers", "500") as running:
        yield running


@pytest.fixture(scope="module")
def bare() -> Iterator[Simulator]:
    """An account with the documented fields only, that knows the other name of the statistics
    command.
    """
    options = ("--fields", "documented", "--statistics-command", "get_room_statistic")
    with simulator("--rooms", "25", "--viewers", "500", *options) as running:
        yield running


@pytest.fixture(autouse=True)
def installation(settings: Settings) -> None:
    """Nothing else of ./run runs: this is what one does first."""
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    settings.LIVE_SDKAPPID, settings.LIVE_SECRET_KEY = 1400000000, SECRET
    settings.LIVE_ALLOW_LOOPBACK, settings.LIVE_SHARE = True, 0.5


def checked(settings: Settings, where: str) -> tuple[bool, str]:
    """Whether the command was content, and all it said."""
    settings.LIVE_HOST = where
    out = StringIO()
    try:
        call_command("check_account", stdout=out, no_color=True)
    except CommandError as error:
        return False, f"{out.getvalue()}{error}"
    return True, out.getvalue()


def test_a_good_account_is_told_so_with_its_fields_and_its_budget(
    plain: Simulator, settings: Settings
) -> None:
    content, said = checked(settings, plain.host)

    assert content
    assert "right  Credentials, region, administrator and network are right." in said
    assert "get_room_list tells people online as OnlineCount." in said
    assert "right  Reward totals come from get_room_stats." in said
    assert "Redis does not answer (it starts with ./run)" in said
    for command in (
        "get_member_list",
        "get_banned_member_list",
        "get_muted_member_list",
        "portrait_get",
    ):
        assert f"right  {command} works." in said
    assert "Calls a second at a share of 50 %" in said
    assert "get_room_list: 5," in said
    assert "WRONG" not in said
    assert SECRET not in said


def test_what_an_account_lacks_is_told_with_what_is_done_instead(
    bare: Simulator, settings: Settings
) -> None:
    content, said = checked(settings, bare.host)

    assert content
    assert "get_room_list does not tell people online." in said
    assert "People online come from get_member_list instead" in said
    assert "right  Reward totals come from get_room_statistic." in said
    assert "Set LIVE_STATISTICS_COMMAND=get_room_statistic" in said


@pytest.mark.parametrize(
    ("changed", "code", "advice"),
    [
        ({"LIVE_SECRET_KEY": "of-another-application"}, "code 70009", "Copy LIVE_SECRET_KEY again"),
        ({"LIVE_SDKAPPID": 1400000099}, "code 60006", "Check LIVE_SDKAPPID"),
        ({"LIVE_ADMIN": "somebody"}, "code 60010", "add somebody in the vendor's console"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_change(
    changed: dict[str, object], code: str, advice: str, plain: Simulator, settings: Settings
) -> None:
    for name, value in changed.items():
        setattr(settings, name, value)

    content, said = checked(settings, plain.host)

    assert not content
    assert f"WRONG  get_room_list: {code}" in said
    assert advice in said
    assert "Something has to be changed" in said
    assert str(changed.get("LIVE_SECRET_KEY", SECRET)) not in said


def test_a_closed_network_is_told_as_such(settings: Settings) -> None:
    content, said = checked(settings, "127.0.0.1:1")

    assert not content
    assert "WRONG  get_room_list:" in said
    assert "may connect to it on port 443" in said


def test_a_listing_that_fails_does_not_hide_the_rest(plain: Simulator, settings: Settings) -> None:
    plain.order("fault", command="get_room_list", kind="code", code=100007)
    try:
        content, said = checked(settings, plain.host)
    finally:
        plain.clear_faults()

    assert not content
    assert "WRONG  get_room_list: code 100007" in said
    assert "does not include Live or has expired" in said
    assert "right  get_room_info works (asked for a room that does not exist)." in said


def test_statistics_that_the_package_lacks_are_not_called_right(
    plain: Simulator, settings: Settings
) -> None:
    plain.order("fault", command="get_room_stats", kind="code", code=100007)
    try:
        content, said = checked(settings, plain.host)
    finally:
        plain.clear_faults()

    assert not content
    assert "WRONG  get_room_stats: code 100007" in said
    assert "Reward totals come from" not in said
