"""Runs the project's own programs in tests, in an environment that nothing else shares."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
OWN = ("LIVE_", "LIVEWARDEN_", "REDIS_URL", "DATABASE_URL", "DJANGO_")


def clean_environment(**variables: str) -> dict[str, str]:
    """This environment without any setting of ours, plus `variables`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
    return {
        **kept,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}",
        **variables,
    }


def settled(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs Python code with the settings loaded as `settings`, in a process of its own."""
    program = f"from django.conf import settings\nimport os\nsettings.DATABASES\n{code}"
    return python("-c", program, DJANGO_SETTINGS_MODULE="config.settings", **variables)


def python(
    *arguments: str, folder: Path = ROOT, seconds: int = 50, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Runs this Python in the project's folder, or in `folder`. seconds: a busy machine needs many
    for migrations.
    """
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=clean_environment(**variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
