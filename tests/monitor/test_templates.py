"""Every word a person can read on a page, in a form or from a script is marked for translation.

Templates are read as Django's own lexer reads them: what stands between the tags is the text nobody
translates.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.template.base import DebugLexer, TokenType
from django.utils.functional import Promise

from moderation.actions import forms as moderation_forms
from moderation.actions import setting_forms
from moderation.provisioning import forms as provisioning_forms

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
PYTHON = sorted(
    file
    for package in ("monitor", "moderation", "rooms")
    for file in (ROOT / package).rglob("*.py")
    if not {"migrations", "management"} & set(file.parts)
)

# Names and terms that are the same in every language.
SAME_EVERYWHERE = {
    "Livewarden",
    "RoomId",
    "RequestId",
    "SDKAppID",
    "Redis",
    "UTC",
    "Ctrl",
    "Esc",
    "p50",
    "p95",
    "p99",
}
READ_BY_PEOPLE = {
    "alt",
    "aria-description",
    "aria-label",
    "aria-roledescription",
    "content",
    "label",
    "placeholder",
    "title",
}
# Attributes whose values are the page's words for its scripts.
WORDS_FOR_SCRIPTS = re.compile(r"data-(words|text|label|undo|failed|confirm)\b")
NOT_TEXT = {"script", "style"}
KEY_CAPS = {"kbd"}
LETTERS = re.compile(r"[^\W\d_]\w*")
FILTERS_WITH_WORDS = re.compile(
    r"""\|(?:default|default_if_none|yesno|pluralize|add):("[^"]*"|'[^']*')"""
)
SENTENCE = re.compile(r"""["'`]([A-Z][a-z]+(?: [A-Za-z{$][^"'`]*)+)["'`]""")


def outside_tags(source: str) -> tuple[str, list[str]]:
    """The HTML of a template with every tag taken out, and the words that stand unmarked inside
    tags.
    """
    html, unmarked, skipping = [], [], ""
    for token in DebugLexer(source).tokenize():
        words = token.contents.split()
        name = words[0] if words and token.token_type is TokenType.BLOCK else ""
        if skipping:
            skipping = "" if name == skipping else skipping
        elif name in {"blocktranslate", "blocktrans", "comment"}:
            skipping = f"end{name}"
        elif token.token_type is TokenType.TEXT:
            html.append(token.contents)
        elif token.token_type in {TokenType.BLOCK, TokenType.VAR}:
            literals = FILTERS_WITH_WORDS.findall(token.contents)
            unmarked += [literal for literal in literals if letters(literal)]
    return "".join(html), unmarked


def letters(text: str) -> str:
    """The words of a text that would need a translation."""
    return " ".join(word for word in LETTERS.findall(text) if word not in SAME_EVERYWHERE)


class Words(HTMLParser):
    """Collects what a reader, a screen reader or a script's user would meet as text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.open.append((tag, values.get("class", "")))
        for name, value in values.items():
            # `content` is text only in a description; elsewhere it holds settings of the page.
            if name == "content" and values.get("name") != "description":
                continue
            if (name in READ_BY_PEOPLE or WORDS_FOR_SCRIPTS.match(name)) and letters(value):
                self.found.append(f"<{tag} {name}={value!r}>")
        if (
            tag == "input"
            and values.get("type") in {"submit", "button"}
            and letters(values.get("value", ""))
        ):
            self.found.append(f"<input value={values['value']!r}>")

    def handle_endtag(self, tag: str) -> None:
        for index in range(len(self.open) - 1, -1, -1):
            if self.open[index][0] == tag:
                del self.open[index:]
                return

    def handle_data(self, data: str) -> None:
        tags = {tag for tag, _ in self.open}
        is_key_cap = tags & KEY_CAPS or (
            "dt" in tags and any("keys" in name.split() for _, name in self.open)
        )
        if letters(data) and not tags & NOT_TEXT and not is_key_cap:
            self.found.append(" ".join(data.split()))


def unmarked(source: str) -> list[str]:
    html, found = outside_tags(source)
    return found + Words(html).found


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_visible_word_of_a_template_is_marked_for_translation(template: Path) -> None:
    assert unmarked(template.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ("<p>{% translate 'Hello' %} · {{ name }} Livewarden 12</p>", []),
        ("<p>{% blocktranslate %}Hello{% endblocktranslate %} you</p>", ["you"]),
        ('<input placeholder="Find">', ["<input placeholder='Find'>"]),
        ('<input placeholder="{% translate \'Find\' %}" name="q">', []),
        ('<b data-words-lost="Gone"></b>', ["<b data-words-lost='Gone'>"]),
        ('{{ name|default:"nobody" }}', ['"nobody"']),
        ('{{ name|default:_("nobody") }}', []),
        ("<kbd>j</kbd>{# a remark #}{% comment %}more{% endcomment %}", []),
        ("<li {% if x %}hidden{% endif %} class='a b'></li>", []),
    ],
)
def test_the_reading_itself_sees_what_it_must(source: str, found: list[str]) -> None:
    assert unmarked(source) == found


FORMS = [
    form
    for module in (moderation_forms, provisioning_forms, setting_forms)
    for _, form in inspect.getmembers(module, inspect.isclass)
    if issubclass(form, forms.BaseForm) and form.__module__ == module.__name__
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_visible_field_of_a_form_has_a_label_in_the_readers_language(
    form: type[forms.BaseForm],
) -> None:
    for name, field in form.base_fields.items():
        if not field.widget.is_hidden:
            assert isinstance(field.label, Promise), (
                f"{form.__name__}.{name} has no translated label"
            )
        if field.help_text:
            assert isinstance(field.help_text, Promise), (
                f"{form.__name__}.{name} has an untranslated help text"
            )
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            assert all(isinstance(label, Promise) for _, label in field.choices), (
                f"{form.__name__}.{name}"
            )


SAYING = {
    "ValidationError",
    "refused",
    "success",
    "error",
    "warning",
    "info",
    "add_error",
    "Finding",
}


def said_literally(file: Path) -> Iterator[str]:
    """Places where a sentence goes to a person straight from the source, past any translation."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        owner = getattr(function, "value", None)
        if name not in SAYING or (
            isinstance(owner, ast.Name) and owner.id in {"logger", "logging", "log"}
        ):
            continue
        for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
            if isinstance(argument, ast.JoinedStr) or (
                isinstance(argument, ast.Constant)
                and isinstance(argument.value, str)
                and " " in argument.value
            ):
                yield f"{file.relative_to(ROOT)}:{node.lineno}"


def test_nothing_is_said_to_a_person_straight_from_the_source() -> None:
    assert [place for file in PYTHON for place in said_literally(file)] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda file: file.name)
def test_no_script_brings_sentences_of_its_own(script: Path) -> None:
    code = re.sub(r"^\s*//.*$|(?<=\s)//.*$", "", script.read_text("utf-8"), flags=re.MULTILINE)

    assert SENTENCE.findall(code) == []


@pytest.mark.parametrize(
    "sheet", sorted((ROOT / "static" / "css").glob("*.css")), ids=lambda sheet: sheet.name
)
def test_no_rule_asks_what_the_whole_page_holds(sheet):
    """`body:has(...)` with a descendant: each tick had Chromium look at all 5,000 elements, 50 ms,
    and not at 400.
    """
    assert not re.search(
        r"(^|[\s,}])(html|body|:root|main)?:has\(", sheet.read_text("utf-8"), re.MULTILINE
    )
