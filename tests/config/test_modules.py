"""The console's scripts are modules: what they import is written down, points one way, and is found
in production.
"""

import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

SCRIPTS = Path(settings.BASE_DIR, "static/js")
TEMPLATES = Path(settings.BASE_DIR, "templates")
# Each may import what stands before it, and its own layer.
LAYERS = ("core", "live", "rooms", "wall", "keys", "command_palette", "queue", "pages")
IMPORT = re.compile(r'^import\s*(?:[^"\';]*?\sfrom\s*)?"(\.{1,2}/[^"]+\.js)";', re.MULTILINE)
# Low, as deferred scripts are: styles and pictures come first.
SCRIPT = re.compile(
    r"""<script type="module" fetchpriority="low" src="{% static 'js/([^']+)' %}">"""
)
PRELOAD = re.compile(
    r"""<link rel="modulepreload" fetchpriority="low" href="{% static 'js/([^']+)' %}">"""
)
# What every page has, before what a template adds.
BASE = "_scripts.html"


def imports(folder: Path = SCRIPTS) -> dict[str, set[str]]:
    """Each module, by its path in the folder, with those that it imports."""
    return {
        name: {normpath(join(dirname(name), path)) for path in IMPORT.findall(text)}
        for name, text in texts(folder)
    }


def texts(folder: Path = SCRIPTS) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*.js")):
        yield path.relative_to(folder).as_posix(), path.read_text()


def with_imports(entries: list[str]) -> set[str]:
    known, reached, waiting = imports(), set(), list(entries)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(known[name])
    return reached


def layer(name: str) -> int:
    return LAYERS.index(name.partition("/")[0].removesuffix(".js"))


def test_imports_are_all_read_and_each_names_a_module():
    known = imports()
    for name, text in texts():
        mentioned = len(re.findall(r"\bimport\b|\bexport\b[^;]*?\bfrom\s*[\"']", text))
        assert len(IMPORT.findall(text)) == mentioned, f"{name}: an import this test does not read"
        assert known[name] <= set(known), f"{name} imports what is not there"


def test_imports_point_from_upper_layers_to_lower_ones():
    upward = [
        (name, other)
        for name, others in imports().items()
        for other in others
        if layer(other) > layer(name)
    ]
    assert upward == []


def test_no_module_imports_itself_by_way_of_others():
    order = [*TopologicalSorter(imports()).static_order()]  # a CycleError names the circle
    assert len(order) == len(imports())


def test_modules_share_nothing_but_what_they_import():
    for name, text in texts():
        used = set(re.findall(r"\bwindow\.(\w+)|\bglobalThis\.(\w+)", text))
        used = {one or other for one, other in used}
        assert used <= {"Hls", "TRTC", "MediaSource"}, (
            f"{name}: a global that no vendored library needs"
        )
        assert "htmx." not in re.sub(r"//.*", "", text) or name == "core/dom.js", name


def test_pages_name_all_their_modules_so_that_they_come_at_once():
    base = (TEMPLATES / BASE).read_text()
    everywhere = set(PRELOAD.findall(base)) | set(SCRIPT.findall(base))
    reached = set()
    for path in TEMPLATES.rglob("*.html"):
        source = path.read_text()
        entries, named = SCRIPT.findall(source), PRELOAD.findall(source)
        assert source.count("'js/") == len(entries) + len(named), (
            f"{path}: a script fetched otherwise"
        )
        if not entries and not named:
            continue
        needed = with_imports(entries)
        reached |= needed
        told = needed - set(entries) if path.name == BASE else needed - set(entries) - everywhere
        assert sorted(named) == sorted(told), path
    assert reached == set(imports()), "a module that no page loads"


def test_a_role_that_watches_no_room_is_named_what_its_entry_imports():
    always = (TEMPLATES / BASE).read_text().partition("{% if perms.moderation.watch_rooms %}")[0]
    assert {*PRELOAD.findall(always), *SCRIPT.findall(always)} == with_imports(["pages/every.js"])


@pytest.fixture
def collected(tmp_path):
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "config.storage.StaticFiles"}}
    with override_settings(STORAGES=storages, STATIC_ROOT=str(tmp_path)):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield tmp_path


def test_in_production_modules_import_each_other_by_names_that_may_be_kept_for_ever(collected):
    hashed = re.compile(r"(.+)\.[0-9a-f]{12}\.js")
    known = {
        name: others for name, others in imports(collected / "js").items() if hashed.fullmatch(name)
    }
    plain = {
        hashed.sub(r"\1.js", name): {hashed.sub(r"\1.js", other) for other in others}
        for name, others in known.items()
    }
    assert len(known) == len(plain), "one name a module: no left-overs of earlier passes"
    assert plain == imports()
    assert all(others <= set(known) for others in known.values())
    for vendored in Path(settings.BASE_DIR, "static/vendor").rglob("*.js"):
        kept = [*(collected / "vendor").rglob(f"{vendored.stem}.*.js")]
        assert vendored.read_bytes() in [path.read_bytes() for path in kept], vendored
