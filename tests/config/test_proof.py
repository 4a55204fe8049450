"""The proof of `./run --check` can fail: a step that does not hold is a row, the rest still runs, the status says so."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.proof import Proof, expect


@pytest.fixture
def proof(tmp_path: Path) -> Iterator[Proof]:
    nowhere = "http://127.0.0.1:1"
    state = {"control": nowhere, "url": nowhere, "password": "p", "variables": {"LIVE_WEBHOOK_TOKEN": "t"}}
    made = Proof(state, tmp_path, 1)
    yield made
    made.door.close()


def test_everything_that_held_is_told_and_ends_well(proof: Proof, capsys: pytest.CaptureFixture[str]) -> None:
    proof.step("pages are served", lambda: "40 rooms")

    assert proof.verdict() == 0
    assert "yes  pages are served  40 rooms" in capsys.readouterr().out


def test_one_step_that_does_not_hold_fails_it_and_the_others_still_run(
    proof: Proof, capsys: pytest.CaptureFixture[str]
) -> None:
    proof.step("a stream was ended", lambda: str(expect(False, "the platform still has the room")))
    proof.step("pages are served", lambda: "40 rooms")

    assert proof.verdict() == 1
    said = capsys.readouterr().out
    assert "NO   a stream was ended  LookupError: the platform still has the room" in said
    assert "something did NOT hold" in said


def test_a_proof_of_nothing_proves_nothing(proof: Proof) -> None:
    assert proof.verdict() == 1


def test_with_nobody_there_no_step_holds(proof: Proof) -> None:
    steps = (proof.see_page, proof.see_figures, proof.be_told, proof.end_stream, proof.ban, proof.see_record)
    for what in steps:
        proof.step(what.__name__, what)

    assert [held for _, held, _ in proof.rows] == [False] * len(steps)


def test_webhooks_that_are_switched_off_are_said_to_be(proof: Proof) -> None:
    proof.state["variables"] = {"LIVE_WEBHOOK_TOKEN": ""}

    assert proof.be_told() == "switched off"
