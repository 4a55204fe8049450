"""`./run test --mutants`: which mutants are drawn, what counts as killed, and when the run
fails.
"""

from pathlib import Path

import pytest

from launcher.development import mutants
from launcher.development.mutants import Mutant
from launcher.terminal import Stop

# As mutmut writes it: each function beside its variants.
MUTATED = '''
def x_ends__mutmut_orig(room, most):
    """Whether it ends."""
    logger.info("room %s", room)
    if room.is_live:
        raise Refused(_("It is live."), status=409)
    return most > 1


def x_ends__mutmut_1(room, most):
    """Whether it ends."""
    logger.info("room %s", None)
    if room.is_live:
        raise Refused(_("It is live."), status=409)
    return most > 1


def x_ends__mutmut_2(room, most):
    """Whether it ends."""
    logger.info("room %s", room)
    if room.is_live:
        raise Refused(_("XXIt is live.XX"), status=409)
    return most > 1


def x_ends__mutmut_3(room, most):
    """Whether it ends."""
    logger.info("room %s", room)
    if room.is_live:
        raise Refused(_("It is live."), status=409)
    return most >= 1


class Schedule:
    def xǁScheduleǁadd__mutmut_orig(self):
        return 1

    def xǁScheduleǁadd__mutmut_1(self):
        return 2
'''


def drawn(number: int, part: str = "holds") -> Mutant:
    return Mutant(
        f"m{number}",
        part,
        "moderation/lifecycle/holds.py",
        "lift",
        f"a == {number}",
        f"a != {number}",
    )


def test_each_small_change_is_found_with_the_lines_that_differ() -> None:
    found = list(mutants.mutants_in("holds", "moderation/lifecycle/holds.py", MUTATED))

    assert [(mutant.name, mutant.function, mutant.was, mutant.now) for mutant in found] == [
        (
            "moderation.lifecycle.holds.x_ends__mutmut_3",
            "ends",
            "return most > 1",
            "return most >= 1",
        ),
        (
            "moderation.lifecycle.holds.xǁScheduleǁadd__mutmut_1",
            "Schedule.add",
            "return 1",
            "return 2",
        ),
    ]  # the log and texts for people are left out


def test_a_text_without_a_blank_is_no_text_for_people() -> None:
    assert not mutants.about_words('verb="end",', 'verb="XXendXX",')
    assert not mutants.about_words(
        'raise Refused(_("Say why."), status=422)', 'raise Refused(_("Say why."), status=None)'
    )
    assert mutants.about_words('raise Refused(_("Say why."))', 'raise Refused(_("SAY WHY."))')


def test_the_same_are_drawn_whatever_else_there_is() -> None:
    some = [drawn(number) for number in range(50)]
    chosen = mutants.sample(some, 10)

    assert len(chosen) == 10
    assert mutants.sample(reversed(some), 10) == chosen
    later = mutants.sample([*some, drawn(99)], 10)
    assert len(set(later) & set(chosen)) >= 9
    assert len(mutants.sample(some, 0)) == 50


@pytest.mark.parametrize(
    ("told", "known", "status", "words"),
    [
        ([1] * 9 + [0], [], 0, "90.0% killed"),
        ([1] * 8 + [0, 0], [], 1, "80.0% killed"),
        ([1] * 8 + [-24, 36], [], 0, "100.0% killed"),
        ([1] * 9 + [33], [], 0, "90.0% killed"),  # no test reaches it
        ([1] * 8 + [0, 0], [8, 9], 0, "100.0% killed"),
        ([1] * 10, [3], 1, "not equivalent, a test kills it"),
        ([1] * 10, [77], 1, "no such mutant"),
        ([1] * 9 + [None], [], 1, "FAILED"),
    ],
)
def test_the_run_fails_for_survivors_for_what_was_not_tried_and_for_a_wrong_entry(
    told: list[int | None],
    known: list[int],
    status: int,
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    every = [drawn(number) for number in range(10)]
    numbers = {mutant.name: number for mutant, number in zip(every, told, strict=True)}

    assert mutants.judge(every, every, numbers, {drawn(number).place for number in known}) == status
    said = capsys.readouterr().out
    assert words in said
    if 0 in told and not known:
        assert (
            "survived: moderation/lifecycle/holds.py lift\n    was  a == 9\n    now  a != 9" in said
        )


def test_an_equivalent_mutant_needs_its_reason(tmp_path: Path) -> None:
    entry = '[[equivalent]]\nfile = "f.py"\nfunction = "f"\nwas = "1"\nnow = "2"\n'
    file = tmp_path / "mutants.toml"
    file.write_text(entry + 'reason = "nobody sees it"\n')
    assert mutants.equivalents(file) == {("f.py", "f", "1", "2")}
    file.write_text(entry)
    with pytest.raises(Stop, match="gives no reason"):
        mutants.equivalents(file)


def test_every_part_and_every_test_file_is_there() -> None:
    named = [file for files in mutants.PARTS.values() for file in files] + list(mutants.TESTS)

    assert [file for file in named if not (mutants.ROOT / file).is_file()] == []
    assert mutants.equivalents(), "and each gives its reason"
