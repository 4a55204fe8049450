"""Files of others are what VENDORED.md says."""

import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_vendored_files_are_unmodified_and_all_listed():
    table = (ROOT / "VENDORED.md").read_text()
    listed = dict(re.findall(r"^\| (static/vendor/\S+) .*\| ([0-9a-f]{64}) \|$", table, re.MULTILINE))
    files = (ROOT / "static" / "vendor").iterdir()
    assert {
        f"static/vendor/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    } == listed
