"""The import direction of ARCHITECTURE.md, held by import-linter."""

import subprocess
import sys
from pathlib import Path

from tests.config.running import ROOT, clean_environment


def test_nothing_imports_against_the_arrows() -> None:
    tool = Path(sys.executable).parent / "lint-imports"

    answer = subprocess.run(
        [tool, "--no-logo", "--no-cache"],
        cwd=ROOT,
        env=clean_environment(LIVEWARDEN_MODE="test"),
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )

    assert answer.returncode == 0, answer.stdout + answer.stderr
