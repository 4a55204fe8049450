"""docs/configuration.md lists what settings.py reads: its tables of variables and defaults are
compared with the code.
"""

import ast
import re

from tests.config.running import ROOT

NOT_OF_SETTINGS = {
    "LIVEWARDEN_VENV",
    "POSTGRES_PASSWORD",
    "POSTGRES_APP_PASSWORD",
    "REDIS_PASSWORD",
}
# Defaults that a person is told in words: a path, a function of something else, or a key that must
# be set.
IN_WORDS = {
    "LIVE_HOST": "by SDKAppID",
    "LIVEWARDEN_SECRET_KEY": "",
    "LIVEWARDEN_ALLOWED_HOSTS": "loopback",
    "LIVEWARDEN_DATA_DIR": "var",
    "LIVEWARDEN_STATIC_DIR": "static in it",
    "REDIS_URL": "embedded",
    "DATABASE_URL": "SQLite",
}


def read_by_settings() -> dict[str, str]:
    """Every name that settings.py asks `env` for, with its default as the table writes it."""
    found = {}
    for node in ast.walk(ast.parse((ROOT / "config" / "settings.py").read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id == "env" and node.args:
                assert isinstance(node.args[0], ast.Constant)
                name = str(node.args[0].value)
                found[name] = IN_WORDS[name] if name in IN_WORDS else written(node.args[1])
    return found


def written(default: ast.expr) -> str:
    """A default of settings.py as a person types it."""
    value = ast.literal_eval(default)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:g}"
    return ",".join(value) if isinstance(value, tuple) else str(value)


def table() -> list[tuple[str, str]]:
    """(name, default) of every line of the tables in docs/configuration.md."""
    return re.findall(
        r"^\| `([A-Z][A-Z0-9_]+)` \| ?(.*?) ?\|",
        (ROOT / "docs" / "configuration.md").read_text("utf-8"),
        re.MULTILINE,
    )


def test_the_configuration_table_names_every_variable_with_its_default_and_no_other() -> None:
    rows = [(name, default) for name, default in table() if name not in NOT_OF_SETTINGS]

    assert len(rows) == len(dict(rows))
    assert dict(rows) == read_by_settings()


def test_the_settings_read_something() -> None:
    assert {"LIVE_SDKAPPID", "REDIS_URL", "DATABASE_URL", "LIVEWARDEN_MODE"} <= set(
        read_by_settings()
    )


def test_the_operators_guide_names_only_variables_that_there_are() -> None:
    guide = (ROOT / "docs" / "operations.md").read_text("utf-8")
    named = set(re.findall(r"`((?:LIVE|LIVEWARDEN|REDIS|DATABASE)_[A-Z_]+)\b", guide))

    assert named
    assert named <= set(read_by_settings())


def test_the_operators_guide_names_every_process_of_the_grown_up_shape() -> None:
    guide = (ROOT / "docs" / "operations.md").read_text("utf-8")
    services = re.findall(
        r"^  ([a-z-]+):$", (ROOT / "docker-compose.yml").read_text("utf-8"), re.MULTILINE
    )

    for name in set(services) - {"migrate", "postgres", "redis", "proxy", "stores", "outside"}:
        assert f"| `{name}` |" in guide
