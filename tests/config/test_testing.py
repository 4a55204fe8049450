"""`./run test`: what it says when a browser is missing, and how it counts."""

import pytest

from launcher.development import testing
from launcher.terminal import table


def test_a_missing_browser_is_told_loudly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(testing, "find_browser", lambda: "")

    result = testing.browser_tests({}, [])

    assert (result.skipped, result.note) == (1, "no Chromium found")
    said = capsys.readouterr().out
    assert "NO CHROMIUM FOUND: THE BROWSER TESTS WERE SKIPPED." in said
    assert "apt install chromium" in said


@pytest.mark.parametrize(
    ("closing", "status", "expected"),
    [
        ("12 passed, 1 skipped in 3.2s", 0, (12, 0, 1)),
        ("2 failed, 10 passed, 3 errors in 1s", 1, (10, 5, 0)),
        ("1 passed, 1 xfailed in 1s", 0, (2, 0, 0)),
        ("", 2, (0, 1, 0)),
        ("7 passed in 1s", 3, (7, 1, 0)),
        ("9 deselected in 0.1s", 5, (0, 0, 0)),
    ],
)
def test_counts_are_read_from_pytests_closing_line(
    closing: str, status: int, expected: tuple[int, int, int]
) -> None:
    result = testing.counted("unit", closing, status, 1.0)

    assert (result.passed, result.failed, result.skipped) == expected


def test_the_last_line_is_the_total_and_any_failure_fails() -> None:
    said: list[str] = []
    results = [
        testing.Result("lint", 1.0, passed=1),
        testing.Result("unit", 2.0, passed=5, failed=1, skipped=2),
    ]

    status = testing.report(results, 3.0, said.append)

    assert status == 1
    assert said[-1] == "6 passed, 1 failed, 2 skipped"
    assert testing.report(results[:1], 1.0, said.append) == 0


def test_a_table_lines_up() -> None:
    lines = table("Title", [["a", "bb"], ["cccc", "d"]]).splitlines()

    assert lines == ["Title", "--------", "a     bb", "cccc  d", "--------"]
