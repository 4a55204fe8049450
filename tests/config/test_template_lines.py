"""Lines of templates: short enough for a screen, and sent without their indentation."""

from pathlib import Path

import pytest
from django.template.loader import get_template

from tests.config.running import ROOT

MAX_LENGTH = 120
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def too_long(path: Path) -> list[str]:
    lines = path.read_text("utf-8").splitlines()
    where = path.relative_to(ROOT)
    return [
        f"{where}:{number} has {len(line)} characters"
        for number, line in enumerate(lines, 1)
        if len(line) > MAX_LENGTH
    ]


def test_no_line_of_a_template_is_longer_than_120_characters() -> None:
    assert len(TEMPLATES) > 90
    assert [line for path in TEMPLATES for line in too_long(path)] == []


def test_templates_are_loaded_without_indentation() -> None:
    source = get_template("monitor/_row.html").template.source

    assert "\n  " in (ROOT / "templates/monitor/_row.html").read_text("utf-8")
    assert "\n " not in source
    assert "\n<td " in source


@pytest.mark.parametrize("tag", ["<pre", "<textarea"])
def test_no_template_has_text_in_which_indentation_matters(tag: str) -> None:
    assert [path.name for path in TEMPLATES if tag in path.read_text("utf-8")] == []
