"""The smoke test of `./run --check` can fail: a step that does not hold is a row, the rest still
runs, the status says so.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.smoke_test.checks import SmokeTest, expect


@pytest.fixture
def smoke_test(tmp_path: Path) -> Iterator[SmokeTest]:
    nowhere = "http://127.0.0.1:1"
    state = {
        "control": nowhere,
        "url": nowhere,
        "password": "p",
        "variables": {"LIVE_WEBHOOK_TOKEN": "t"},
    }
    made = SmokeTest(state, tmp_path, 1)
    yield made
    made.control.close()


def test_everything_that_held_is_told_and_ends_well(
    smoke_test: SmokeTest, capsys: pytest.CaptureFixture[str]
) -> None:
    smoke_test.step("pages are served", lambda: "40 rooms")

    assert smoke_test.verdict() == 0
    assert "yes  pages are served  40 rooms" in capsys.readouterr().out


def test_one_step_that_does_not_hold_fails_it_and_the_others_still_run(
    smoke_test: SmokeTest, capsys: pytest.CaptureFixture[str]
) -> None:
    smoke_test.step(
        "a stream was ended", lambda: str(expect(False, "the platform still has the room"))
    )
    smoke_test.step("pages are served", lambda: "40 rooms")

    assert smoke_test.verdict() == 1
    said = capsys.readouterr().out
    assert "NO   a stream was ended  LookupError: the platform still has the room" in said
    assert "something did NOT hold" in said


def test_a_smoke_test_without_steps_does_not_pass(smoke_test: SmokeTest) -> None:
    assert smoke_test.verdict() == 1


def test_with_nobody_there_no_step_holds(smoke_test: SmokeTest) -> None:
    steps = (
        smoke_test.see_page,
        smoke_test.see_figures,
        smoke_test.be_told,
        smoke_test.end_stream,
        smoke_test.ban,
        smoke_test.see_record,
    )
    for what in steps:
        smoke_test.step(what.__name__, what)

    assert [held for _, held, _ in smoke_test.rows] == [False] * len(steps)


def test_webhooks_that_are_switched_off_are_said_to_be(smoke_test: SmokeTest) -> None:
    smoke_test.state["variables"] = {"LIVE_WEBHOOK_TOKEN": ""}

    assert smoke_test.be_told() == "switched off"
