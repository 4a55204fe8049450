"""Databases for the collector's tests: SQLite files, or databases of the PostgreSQL that
DATABASE_URL names.

A template is migrated once; each test gets a copy of it.
"""

import contextlib
import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

SERVER = os.environ.get("DATABASE_URL", "")
ON_POSTGRES = SERVER.startswith("postgres")


def _path(url: str) -> str:
    return url.removeprefix("sqlite:///")


def _named(name: str) -> str:
    return f"{SERVER.rpartition('/')[0]}/{name}"


def _administer(statement: str) -> None:
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]


def make(folder: Path, template: str = "") -> str:
    """The URL of a new database: a copy of the template, or an empty one."""
    name = f"contract_{uuid.uuid4().hex[:12]}"
    if ON_POSTGRES:
        copied = f" TEMPLATE {template.rpartition('/')[2]}" if template else ""
        _administer(f"CREATE DATABASE {name}{copied}")
        return _named(name)
    if template:
        shutil.copyfile(_path(template), folder / name)
    return f"sqlite:///{folder / name}"


def drop(url: str) -> None:
    """Removes a database that nobody needs any more."""
    if ON_POSTGRES:
        _administer(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]} WITH (FORCE)")


def _marked(sql: str) -> str:
    """The same with psycopg's marks for values."""
    return sql.replace("%", "%%").replace("?", "%s")


def ask(url: str, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of a question; `?` marks a value."""
    if ON_POSTGRES:
        with psycopg.connect(url) as connection:
            return connection.execute(_marked(sql), values).fetchall()  # type: ignore[arg-type]
    with (
        contextlib.closing(
            sqlite3.connect(f"file:{_path(url)}?mode=ro", uri=True, timeout=5)
        ) as file,
        file,
    ):
        return file.execute(sql, values).fetchall()


def change(url: str, sql: str, *values: Any) -> None:
    """Carries out a statement that changes rows."""
    if ON_POSTGRES:
        with psycopg.connect(url) as connection:
            connection.execute(_marked(sql), values)  # type: ignore[arg-type]
        return
    with contextlib.closing(sqlite3.connect(_path(url), timeout=5)) as file, file:
        file.execute(sql, values)


@contextlib.contextmanager
def locked(url: str) -> Iterator[None]:
    """Nobody else can write rooms meanwhile."""
    if ON_POSTGRES:
        with psycopg.connect(url) as connection:
            connection.execute("LOCK TABLE rooms_room IN EXCLUSIVE MODE")
            yield
        return
    with contextlib.closing(sqlite3.connect(_path(url), timeout=10, isolation_level=None)) as file:
        file.execute("BEGIN IMMEDIATE")
        yield
        file.execute("ROLLBACK")


def is_writable(url: str) -> bool:
    """Whether nobody holds an SQLite file in a write; PostgreSQL ends the session of one who does."""
    if ON_POSTGRES:
        return True
    with contextlib.closing(sqlite3.connect(_path(url), timeout=0.2, isolation_level=None)) as file:
        try:
            file.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        file.execute("ROLLBACK")
        return True
