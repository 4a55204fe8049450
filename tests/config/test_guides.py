"""What the guides name is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDES = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    *sorted(str(f.relative_to(ROOT)) for f in (ROOT / "docs").rglob("*.md")),
]
NAMED = re.compile(r"`((?:[a-z_]+/)+[a-z_*]+\.(?:py|js|css|html|svg|md|txt|toml|yml))`")
MAX_WORDS = {"README.md": 700, "ARCHITECTURE.md": 1500}
LINKED = re.compile(r"\]\(([^)#:]+)\)")


@pytest.mark.parametrize("guide", GUIDES)
def test_every_file_that_a_guide_names_is_there(guide):
    text = (ROOT / guide).read_text("utf-8")
    missing = [name for name in NAMED.findall(text) if not list(ROOT.glob(name))]
    missing += [
        link for link in LINKED.findall(text) if not ((ROOT / guide).parent / link).exists()
    ]
    assert missing == []


def test_every_package_has_its_place_in_the_architecture():
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    packages = {file.parent.name for file in ROOT.glob("*/__init__.py")}
    assert {package for package in packages if not re.search(rf"`{package}[`/]", text)} == set()


@pytest.mark.parametrize("guide", MAX_WORDS)
def test_what_everybody_reads_first_is_short(guide):
    """Counted as `wc -w` counts: tables, commands and addresses too."""
    assert len((ROOT / guide).read_text("utf-8").split()) <= MAX_WORDS[guide]


def test_every_document_is_in_the_index_of_the_readme():
    """docs/decisions has an index of its own, which names each of its pages."""
    docs, decisions = ROOT / "docs", ROOT / "docs" / "decisions"
    for folder, index in ((docs, ROOT / "README.md"), (decisions, decisions / "README.md")):
        linked = {
            (index.parent / link).resolve() for link in LINKED.findall(index.read_text("utf-8"))
        }
        assert {file.resolve() for file in folder.glob("*.md")} - {index} <= linked


LISTING = ["api", "benchmarks", "config", "launcher", "liveapi", "moderation", "monitor", "rooms"]
LISTING += ["simulator", "tests"]
NOT_OURS = {"models", "migrations", "management", "commands", "templatetags"}  # named by Django


def packages_that_list_their_modules() -> list[Path]:
    found = [file.parent for name in LISTING for file in (ROOT / name).rglob("__init__.py")]
    return [
        folder
        for folder in found
        if not NOT_OURS & {folder.name, folder.parent.name} and ROOT / "tests" not in folder.parents
    ]


@pytest.mark.parametrize(
    "package", packages_that_list_their_modules(), ids=lambda folder: str(folder.relative_to(ROOT))
)
def test_the_docstring_of_a_package_lists_its_modules(package):
    """One line each: the name, two blanks or more, what is in it."""
    text = ast.get_docstring(ast.parse((package / "__init__.py").read_text("utf-8"))) or ""
    listed = set(re.findall(r"^(\w+)  +\S", text, re.MULTILINE))
    modules = {file.stem for file in package.glob("*.py")} - {"__init__"}
    assert listed >= modules
    assert {name for name in listed if not (package / f"{name}.py").exists()} <= {
        folder.name for folder in package.iterdir() if folder.is_dir()
    }


ROW = re.compile(r"^\| [^|]+ \| `([^`|]+)` \| `(tests/[^`|]+)` \|$", re.MULTILINE)


def test_every_invariant_names_the_file_that_holds_it_and_the_test_that_proves_it():
    section = (
        (ROOT / "ARCHITECTURE.md")
        .read_text("utf-8")
        .partition("\n## Invariants\n")[2]
        .partition("\n## ")[0]
    )
    rows = [line for line in section.splitlines() if line.startswith("| ")][2:]
    named = ROW.findall(section)
    assert len(named) == len(rows) >= 10
    assert [name for row in named for name in row if not (ROOT / name).is_file()] == []
