"""Reads settings from the environment: typed, bounded, and refused in plain words.

`config.settings` is read by everything (manage.py, daphne, Celery, the tests), long before Django's
own checks run. So a value that cannot be meant ends the process here, with one line per mistake and
no trace.
"""

import os
import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TypedDict
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import environ

from launcher import dotenv
from launcher.terminal import Stop

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}
DATABASE_SCHEMES = {"sqlite", "postgres", "postgresql"}
Network = IPv4Network | IPv6Network
REDIS_SCHEMES = {"redis", "rediss", "unix"}


class Database(TypedDict, total=False):
    """An entry of the setting DATABASES."""

    ENGINE: str
    NAME: str
    USER: str
    PASSWORD: str
    HOST: str
    PORT: str | int
    OPTIONS: dict[str, object]
    CONN_MAX_AGE: int | None
    CONN_HEALTH_CHECKS: bool


class Environment:
    """Typed access to environment variables; collects every mistake, `finish()` then ends the
    process.

    An empty value counts as not set, so that `LIVE_HOST=` in a compose file means the default.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self.mistakes: list[str] = []

    def refuse(self, name: str, takes: str) -> None:
        """Notes a mistake. The value is not repeated: it may be a secret."""
        self.mistakes.append(f"{name} takes {takes}.")

    def text(
        self, name: str, default: str, *, among: tuple[str, ...] = (), matching: str = ""
    ) -> str:
        """Text as it stands, optionally one of `among` or fully matching a regular expression."""
        value = self.variables.get(name, "").strip() or default
        if among and value not in among:
            self.refuse(name, f"one of {', '.join(among)}")
            return default
        if matching and not re.fullmatch(matching, value):
            self.refuse(name, f"text like {default!r}")
            return default
        return value

    def yes(self, name: str, default: bool) -> bool:
        """1/true/yes/on or 0/false/no/off, in any case."""
        value = self.variables.get(name, "").strip().lower()
        if not value:
            return default
        if value not in TRUE | FALSE:
            self.refuse(name, "yes or no")
            return default
        return value in TRUE

    def whole(self, name: str, default: int, *, minimum: int, maximum: int) -> int:
        """A whole number from `minimum` to `maximum`."""
        value = self.variables.get(name, "").strip()
        if not value:
            return default
        # isdecimal alone would take other scripts' digits, which int() does too, but nobody means.
        if not re.fullmatch(r"-?[0-9]{1,18}", value) or not minimum <= int(value) <= maximum:
            self.refuse(name, f"a whole number from {minimum} to {maximum}")
            return default
        return int(value)

    def number(self, name: str, default: float, *, minimum: float, maximum: float) -> float:
        """A number from `minimum` to `maximum`; no "nan", no "inf"."""
        value = self.variables.get(name, "").strip()
        if not value:
            return default
        if (
            not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,12})?", value)
            or not minimum <= float(value) <= maximum
        ):
            self.refuse(name, f"a number from {minimum:g} to {maximum:g}")
            return default
        return float(value)

    def words(self, name: str, default: tuple[str, ...], *, matching: str = r"\S+") -> list[str]:
        """A list separated by commas, each entry fully matching a regular expression."""
        value = self.variables.get(name, "").strip()
        if not value:
            return list(default)
        entries = [entry.strip() for entry in value.split(",") if entry.strip()]
        if not all(re.fullmatch(matching, entry) for entry in entries):
            self.refuse(
                name, f"a list separated by commas, like {','.join(default) or 'https://a.example'}"
            )
            return list(default)
        return entries

    def zone(self, name: str, default: str) -> str:
        """The name of a time zone that this machine knows."""
        value = self.text(name, default)
        if value not in available_timezones():
            self.refuse(name, "the name of a time zone, like UTC or Asia/Tokyo")
            return default
        return value

    def networks(self, name: str, default: tuple[str, ...]) -> list[Network]:
        """Addresses and networks (CIDR) with commas between them.

        A network with bits of a host is a slip, and refused.
        """
        try:
            return [ip_network(text) for text in self.words(name, default)]
        except ValueError:
            self.refuse(
                name,
                "addresses or networks with commas between them, like 203.0.113.7,2001:db8::/32",
            )
            return []

    def redis(self, name: str, default: str) -> str:
        """A Redis address: redis://, rediss:// or unix://."""
        value = self.text(name, default)
        if not self._is_address(value, REDIS_SCHEMES):
            self.refuse(name, "an address like redis://host:6379/0 or unix:///path/to/socket")
            return default
        return value

    def database(self, name: str, default: Path) -> Database:
        """Django's description of a database from postgres://user:password@host/name or sqlite:////path.

        The default is an SQLite file, as a path: a folder's name may hold what an address may not.
        """
        value = self.text(name, "")
        if value and not self._is_address(value, DATABASE_SCHEMES):
            self.refuse(
                name, "an address like postgres://user:password@host:5432/name or sqlite:////path"
            )
            value = ""
        if not value:
            return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(default)}
        description: Database = environ.Env.db_url_config(value)
        return description

    def owner(self, name: str, default: str) -> dict[str, object]:
        """The same of the role that owns a PostgreSQL database; empty when nothing is said of
        it.
        """
        value = self.text(name, default)
        if value and not self._is_address(value, DATABASE_SCHEMES - {"sqlite"}):
            self.refuse(name, "an address like postgres://owner:password@host:5432/name")
            value = ""
        description: dict[str, object] = environ.Env.db_url_config(value) if value else {}
        return description

    @staticmethod
    def _is_address(value: str, schemes: set[str]) -> bool:
        try:
            parts = urlsplit(value)
            return parts.scheme in schemes and (parts.port is None or parts.port > 0)
        except ValueError:
            return False

    def finish(self) -> None:
        """Ends the process, in words, when anything was refused. Raises SystemExit."""
        if self.mistakes:
            lines = "\n".join(f"  {mistake}" for mistake in self.mistakes)
            raise SystemExit(f"Livewarden does not start, its settings need a change:\n{lines}")


def read(folder: Path) -> Environment:
    """The process's environment, completed by `folder/.env` (what is set already wins).

    Tests never read `.env`: a developer's real account must not be what they talk to.
    """
    file = folder / ".env"
    if os.environ.get("LIVEWARDEN_MODE") != "test" and file.is_file():
        try:
            os.environ.update(dotenv.completed(os.environ, folder))
        except Stop as refused:
            raise SystemExit(f"Livewarden does not start: {refused}") from None
    return Environment(os.environ)
