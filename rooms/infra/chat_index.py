"""The index of stored lines of chat, in the database's own full-text index: FTS5 on SQLite, GIN on
PostgreSQL. No extension is needed.

Both are asked for one bucket of lines at a time, the newest first: the bucket's number stands
before each of its terms. So a question costs what one bucket costs, however many lines are stored
and however common a word is, and a search can stop after any of them. A bucket holds lines whose
primary keys are neighbours.

PostgreSQL keeps the index itself. On SQLite triggers do, whoever writes or deletes lines; FTS5
keeps no texts (`content=''`) and no places of terms in them (`detail=none`). A migration that makes
rooms_chatline anew must call `create` again.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from rooms import chat_terms

BUCKET_BITS = 17  # 131,072 lines
TABLE = "rooms_chatline"
FTS = "rooms_chatterms"
NAME = "chat_by_terms"
# Whatever a term is made of; only spaces stand between them.
TOKENS = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co Cn'"
# What waits to be sorted into the index is flushed by whoever writes: little at a time, so that no
# tick waits long.
PENDING_KB = 256


class Term(NamedTuple):
    """A term that a line must have. is_prefix: or one that begins so."""

    text: str
    is_prefix: bool = False


class Terms(models.TextField):  # type: ignore[type-arg]  # not generic at run time
    """What a line is found by: see rooms.chat_terms. Filled by whatever saves or makes rows by the
    ORM.
    """

    def __init__(self, **options: Any) -> None:
        usual: dict[str, Any] = {"default": "", "db_default": "", "editable": False, "blank": True}
        super().__init__(**usual | options)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """What is stored."""
        line: Any = model_instance
        value = chat_terms.terms(line.text, line.room_id, line.account)
        setattr(model_instance, self.attname, value)
        return value

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, str | None]:
        """Bytes, on PostgreSQL too."""
        parameters = dict(super().db_parameters(connection))
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


def bucket_of(pk: int) -> int:
    return pk >> BUCKET_BITS


def bucket_end(bucket: int) -> int:
    """One more than the highest primary key of a bucket."""
    return (bucket + 1) << BUCKET_BITS


# --- Asking ---------------------------------------------------------------------------------------


def newest_with(
    bucket: int, every: Sequence[Term], any_of: Sequence[Term], below: int, limit: int
) -> list[int]:
    """Primary keys below `below` of lines of a bucket that have every term, and one of `any_of`
    where there are such; the newest first.

    Needs at least one term.
    """
    if connection.vendor == "postgresql":
        wanted = " & ".join(_for_postgresql(bucket, term) for term in every)
        either = " | ".join(_for_postgresql(bucket, term) for term in any_of)
        query = " & ".join(part for part in (wanted, f"({either})" if either else "") if part)
        # By itself first: with order and limit the planner might walk through all lines instead.
        sql = (
            f"WITH found AS MATERIALIZED (SELECT id FROM {TABLE} WHERE {VECTOR} @@ %s::tsquery) "  # noqa: S608 (our own names)
            "SELECT id FROM found WHERE id < %s ORDER BY id DESC LIMIT %s"
        )
    else:
        wanted = " AND ".join(_for_sqlite(bucket, term) for term in every)
        either = " OR ".join(_for_sqlite(bucket, term) for term in any_of)
        query = " AND ".join(part for part in (wanted, f"({either})" if either else "") if part)
        sql = (
            f"SELECT rowid FROM {FTS} WHERE {FTS} MATCH %s AND rowid < %s "  # noqa: S608
            "ORDER BY rowid DESC LIMIT %s"
        )
    with connection.cursor() as cursor:
        cursor.execute(sql, [query, below, limit])
        return [pk for (pk,) in cursor.fetchall()]


def _for_sqlite(bucket: int, term: Term) -> str:
    quoted = term.text.replace('"', '""')
    return f'"{bucket}_{quoted}"' + (" *" if term.is_prefix else "")


def _for_postgresql(bucket: int, term: Term) -> str:
    quoted = term.text.replace("\\", "\\\\").replace("'", "''")
    return f"'{bucket}_{quoted}'" + (":*" if term.is_prefix else "")


# --- Making it ------------------------------------------------------------------------------------


def _in_bucket(row: str, text_type: str = "") -> str:
    """SQL: the terms of a row, each behind the number of its bucket."""
    prefix = f"({row}id >> {BUCKET_BITS}){text_type} || '_'"
    return f"{prefix} || replace({row}terms, ' ', ' ' || {prefix})"


VECTOR = f"array_to_tsvector(string_to_array({_in_bucket('', '::text')}, ' '))"


def create(editor: BaseDatabaseSchemaEditor) -> None:
    """Makes the index of the lines that are there, and what keeps it."""
    if editor.connection.vendor == "postgresql":
        editor.execute(
            f"CREATE INDEX {NAME} ON {TABLE} USING gin ({VECTOR}) "
            f"WITH (gin_pending_list_limit = {PENDING_KB})"
        )
        return
    editor.execute(
        f"CREATE VIRTUAL TABLE {FTS} USING "
        f"fts5(terms, content='', detail=none, columnsize=0, tokenize=\"{TOKENS}\")"
    )
    add = f"INSERT INTO {FTS}(rowid, terms)"
    old = f"'delete', old.id, {_in_bucket('old.')}"
    remove = f"INSERT INTO {FTS}({FTS}, rowid, terms) VALUES ({old})"  # noqa: S608
    editor.execute(f"{add} SELECT id, {_in_bucket('')} FROM {TABLE}")  # noqa: S608
    added = f"{add} VALUES (new.id, {_in_bucket('new.')})"
    for name, when, body in (
        ("added", "INSERT", added),
        ("removed", "DELETE", remove),
        ("changed", "UPDATE OF terms", f"{remove}; {added}"),
    ):
        editor.execute(
            f"CREATE TRIGGER chat_terms_{name} AFTER {when} ON {TABLE} BEGIN {body}; END"
        )


def drop(editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(f"DROP INDEX IF EXISTS {NAME}")
        return
    for name in ("added", "removed", "changed"):
        editor.execute(f"DROP TRIGGER IF EXISTS chat_terms_{name}")
    editor.execute(f"DROP TABLE IF EXISTS {FTS}")


def fill(editor: BaseDatabaseSchemaEditor, step: int = 1000) -> int:
    """Stores the terms of the lines that are there already, so many at a time; how many.

    Before `create`: nothing follows the changes yet.
    """
    read = f"SELECT id, room_id, account, text FROM {TABLE} WHERE id > %s ORDER BY id LIMIT {step}"  # noqa: S608
    last = done = 0
    with editor.connection.cursor() as cursor:
        while True:
            cursor.execute(read, [last])
            rows = cursor.fetchall()
            if not rows:
                return done
            cursor.executemany(
                f"UPDATE {TABLE} SET terms = %s WHERE id = %s",  # noqa: S608
                [(chat_terms.terms(text, room, account), pk) for pk, room, account, text in rows],
            )
            last, done = rows[-1][0], done + len(rows)
