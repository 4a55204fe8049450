"""Text as search compares it, kept beside the text itself: one fold for what is stored and for what
is asked.

Neither database folds alone: SQLite's LIKE and lower() know ASCII only, PostgreSQL's know what its
collation knows, and neither composes. So `rooms.text.fold` is stored, and both compare code points.
A query is folded too, by `asked`.
"""

import functools
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q

from rooms.text import fold

LONGEST = 255  # characters of a text alone, which has an index: PostgreSQL's takes 2,700 bytes


def folded(*texts: str) -> str:
    """Texts as they are stored for search, each on its line; a query has no line breaks, so it is
    found in one of them.
    """
    if len(texts) == 1:
        return fold(texts[0])[:LONGEST]
    return "\n".join(map(fold, texts))


def asked(text: str) -> str:
    """A query as it is compared with what is stored."""
    return fold(text)


def holds(columns: Sequence[str], query: str) -> Q:
    """Whether one of these folded columns has the query in it; everything, for a query without
    anything to see.
    """
    wanted = asked(query)
    parts = (Q(**{f"{column}__contains": wanted}) for column in columns)
    return functools.reduce(lambda one, other: one | other, parts) if wanted else Q()


class Folded(models.TextField):  # type: ignore[type-arg]  # not generic at run time
    """Other columns of the row, folded.

    Filled by whatever saves or makes rows by the ORM; who writes those columns by SQL, `update()`
    or `update_fields` writes this one too.
    """

    def __init__(self, *of: str, **options: Any) -> None:
        self.of = of
        usual: dict[str, Any] = {"default": "", "db_default": "", "editable": False, "blank": True}
        super().__init__(**usual | options)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """What is stored."""
        value = folded(*(getattr(model_instance, name) for name in self.of))
        setattr(model_instance, self.attname, value)
        return value

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, str | None]:
        """Compared by code points on both databases, so that an index finds how a text begins, and
        sorts are the same.
        """
        parameters = dict(super().db_parameters(connection))
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters

    def deconstruct(self) -> tuple[str, str, Sequence[str], dict[str, object]]:
        """For migrations."""
        name, path, _of, options = super().deconstruct()
        return name, path, self.of, options


def add_columns(table: str, columns: Sequence[str], editor: BaseDatabaseSchemaEditor) -> None:
    """Adds folded columns in one step: Django makes the whole table anew on SQLite, which takes
    minutes for a million rows.
    """
    collation = ' COLLATE "C"' if editor.connection.vendor == "postgresql" else ""
    for column in columns:
        editor.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} text{collation} DEFAULT '' NOT NULL"
        )


def fill(
    table: str,
    columns: dict[str, Sequence[str]],
    editor: BaseDatabaseSchemaEditor,
    step: int = 1000,
) -> int:
    """Folds the rows that are there already, so many at a time; how many. columns: folded column ->
    of which.
    """
    sources = list(dict.fromkeys(name for of in columns.values() for name in of))
    read = f"SELECT id, {', '.join(sources)} FROM {table} WHERE id > %s ORDER BY id LIMIT {step}"  # noqa: S608 (our own names)
    write = f"UPDATE {table} SET {', '.join(f'{name} = %s' for name in columns)} WHERE id = %s"  # noqa: S608
    last = done = 0
    with editor.connection.cursor() as cursor:
        while True:
            cursor.execute(read, [last])
            rows = cursor.fetchall()
            if not rows:
                return done
            values = [(dict(zip(sources, texts, strict=True)), pk) for pk, *texts in rows]
            cursor.executemany(
                write,
                [
                    [*(folded(*(row[name] for name in of)) for of in columns.values()), pk]
                    for row, pk in values
                ],
            )
            last, done = rows[-1][0], done + len(rows)
