"""What keeps the record from being rewritten by the very program that writes it: triggers, and two
roles on PostgreSQL.

The owner's role migrates. The application's role may read and add entries, and nothing else about
that table; it owns nothing, so it can neither take a trigger off nor make another table in its
place. On SQLite whoever may write the file may change anything in it: there are triggers alone.
"""

import logging
import re
from collections.abc import Callable

from django.db import connection
from django.db.backends.utils import CursorWrapper

from moderation.models import AuditEntry

logger = logging.getLogger(__name__)
TABLE = AuditEntry._meta.db_table
TRIGGERS = {
    "sqlite": {f"{TABLE}_no_{name}" for name in ("update", "delete", "replace", "backdating")},
    "postgresql": {f"{TABLE}_{name}" for name in ("append_only", "no_truncate", "no_backdating")},
}
FOUND = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
    # O: fires as usual; D, R: switched off.
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal "
    "AND tgenabled IN ('O', 'A')",
}
# Who owns a table may do everything to it, and a superuser or the owner's member may become the
# owner.
MAY_REWRITE = """
SELECT rolsuper OR pg_has_role(current_user, relowner, 'MEMBER')
    OR has_any_column_privilege(pg_class.oid, 'UPDATE')
    OR has_table_privilege(pg_class.oid, 'DELETE, TRUNCATE, TRIGGER')
FROM pg_class, pg_roles WHERE pg_class.oid = %s::regclass AND rolname = current_user
"""


def triggers_stand() -> bool:
    """Whether every trigger that guards the record is there and switched on."""
    with connection.cursor() as cursor:
        cursor.execute(FOUND[connection.vendor], [TABLE])
        missing = TRIGGERS[connection.vendor] - {name for (name,) in cursor.fetchall()}
    if missing:
        logger.error("the record is not guarded: missing triggers %s", ", ".join(sorted(missing)))
    return not missing


def role_may_rewrite() -> bool:
    """Whether the role that this process uses could change the record on PostgreSQL.

    On SQLite it always could.
    """
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(MAY_REWRITE, [TABLE])
        [may] = cursor.fetchone()
    return bool(may)


def admit(name: str, password: str) -> None:
    """Makes the application's role, or sets it right, and grants what it needs in this database.

    Run as the owner.

    Raises ValueError for a name that is no plain one, or that of the owner itself.
    """
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name):
        raise ValueError(
            "The application's role needs a name of small letters, digits and underscores."
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database(), current_schema()")
        owner, database, schema = cursor.fetchone()
        if owner == name:
            raise ValueError(
                "DATABASE_URL and DATABASE_MIGRATE_URL name the same role: the record needs two."
            )
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = %s", [name])
        known = cursor.fetchone() is not None
        quote = connection.ops.quote_name
        for statement in statements(
            name, password, known, quote(database), quote(schema), literal(cursor)
        ):
            cursor.execute(statement)


def literal(cursor: CursorWrapper) -> Callable[[str], str]:
    """How this connection writes text into a statement that takes no values of its own."""
    from psycopg import sql

    return lambda text: sql.Literal(text).as_string(cursor.connection)


def statements(
    name: str, password: str, known: bool, database: str, schema: str, quoted: Callable[[str], str]
) -> list[str]:
    """What admits the role. Grants follow the tables: run after every migration."""
    columns = ", ".join(
        connection.ops.quote_name(str(field.column))
        for field in AuditEntry._meta.concrete_fields
        if field.name != "id"  # the sequence alone numbers entries
    )
    verb = "ALTER" if known else "CREATE"
    return [
        f"{verb} ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
        + (f" PASSWORD {quoted(password)}" if password else ""),
        f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {name}",
        f"GRANT CONNECT ON DATABASE {database} TO {name}",
        f"GRANT USAGE ON SCHEMA {schema} TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {name}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {name}",
        f"REVOKE ALL ON {TABLE}, django_migrations FROM {name}",
        f"GRANT SELECT ON {TABLE}, django_migrations TO {name}",
        f"GRANT INSERT ({columns}) ON {TABLE} TO {name}",
    ]
