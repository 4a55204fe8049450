"""The pictures that the documents show are made by `./run screenshots`, and none is made for
nothing.
"""

import re

from launcher.development import screenshots
from tests.config.running import ROOT

MAX_BYTES = 450_000


def test_every_picture_is_made_by_the_command_and_shown():
    documents = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = {
        name
        for file in documents
        for name in re.findall(r"images/([\w-]+\.\w+)", file.read_text("utf-8"))
    }
    made = {f"{shot.name}.jpg" for shot in screenshots.SHOTS}
    kept = {file.name for file in screenshots.FOLDER.iterdir()}
    assert shown == made == kept


def test_the_pictures_are_small():
    assert all(file.stat().st_size < MAX_BYTES for file in screenshots.FOLDER.iterdir())
