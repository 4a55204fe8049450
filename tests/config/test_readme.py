"""README.md says what settings.py reads: its table of variables is compared with the code."""

import ast
import re

from tests.config.running import ROOT

FOR_COMPOSE_ONLY = {"POSTGRES_PASSWORD"}


def read_by_settings() -> set[str]:
    """The names that settings.py asks `env` for, each written out literally."""
    names = set()
    for node in ast.walk(ast.parse((ROOT / "config" / "settings.py").read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id == "env" and node.args:
                assert isinstance(node.args[0], ast.Constant)
                names.add(str(node.args[0].value))
    return names


def test_the_configuration_table_names_every_variable_and_no_other() -> None:
    table = re.findall(r"^\| `([A-Z][A-Z0-9_]+)`", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)

    assert len(table) == len(set(table))
    assert set(table) - FOR_COMPOSE_ONLY == read_by_settings()


def test_the_settings_read_something() -> None:
    assert {"LIVE_SDKAPPID", "REDIS_URL", "DATABASE_URL", "LIVEWARDEN_MODE"} <= read_by_settings()
