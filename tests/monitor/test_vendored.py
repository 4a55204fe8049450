"""Files of others are what VENDORED.md says."""

import hashlib
import re
from pathlib import Path

from monitor import icons

ROOT = Path(__file__).resolve().parents[2]


def test_vendored_files_are_unmodified_and_all_listed():
    table = (ROOT / "VENDORED.md").read_text()
    listed = dict(
        re.findall(r"^\| (static/vendor/\S+) .*\| ([0-9a-f]{64}) \|$", table, re.MULTILINE)
    )
    files = [path for path in (ROOT / "static" / "vendor").rglob("*") if path.is_file()]
    assert {
        str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    } == listed


def test_the_sprite_is_made_of_the_vendored_pictures():
    assert icons.SPRITE.read_text("utf-8") == icons.sprite()


def test_every_icon_that_a_template_names_is_in_the_sprite():
    templates = "".join(path.read_text("utf-8") for path in (ROOT / "templates").rglob("*.html"))
    named = set(re.findall(r"{% icon ['\"]([a-z0-9-]+)['\"] %}", templates))
    pictures = {path.stem for path in icons.PICTURES.glob("*.svg")}
    assert named <= pictures
    assert pictures <= named, "a picture that no template shows"
