"""Every code that is written into the record has words on the pages."""

import ast
from pathlib import Path

from moderation.actions import presentation
from moderation.models import Action

SOURCES = [
    file
    for file in (Path(__file__).resolve().parents[2] / "moderation").rglob("*.py")
    if "migrations" not in file.parts
]


def written(name: str) -> set[str]:
    """The literal values that calls pass as `name`."""
    calls = (node for file in SOURCES for node in ast.walk(ast.parse(file.read_text("utf-8"))))
    return {
        keyword.value.value
        for node in calls
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == name and isinstance(keyword.value, ast.Constant) and keyword.value.value
    }


def test_every_verb_of_the_record_has_words():
    assert len(written("verb")) > 5
    assert written("verb") <= set(presentation.VERBS)


def test_every_outcome_of_the_record_has_words():
    assert written("outcome") | set(Action.Status.values) <= set(presentation.OUTCOMES)


def test_an_unknown_code_is_shown_as_it_stands():
    assert presentation.verb("brand_new") == "brand_new"
    assert presentation.outcome("brand_new") == "brand_new"
