"""What the guides name is there."""

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
    missing += [link for link in LINKED.findall(text) if not ((ROOT / guide).parent / link).exists()]
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
        linked = {(index.parent / link).resolve() for link in LINKED.findall(index.read_text("utf-8"))}
        assert {file.resolve() for file in folder.glob("*.md")} - {index} <= linked
