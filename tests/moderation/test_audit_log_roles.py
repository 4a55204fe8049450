"""Two roles on PostgreSQL: the application's may add to the record and do nothing else to it."""

from pathlib import Path

import psycopg
import pytest
from django.db import connection

from moderation.audit import record_guard
from tests.config.running import python

APP = "console"


def role(address: str, name: str) -> str:
    return address.replace("livewarden@", f"{name}@")


@pytest.fixture(scope="module")
def prepared(postgres_server: str) -> str:
    """The application's address, after the command has run twice: the second time everything is
    there.
    """
    app = role(postgres_server, f"{APP}:it%27s%20%25%20a%20%5C%20password")
    for _ in range(2):
        answer = manage(
            "prepare_database", "-v0", DATABASE_URL=app, DATABASE_MIGRATE_URL=postgres_server
        )
        assert answer.returncode == 0, answer.stderr
        assert f"The role {APP} may add to the record" in answer.stdout
        assert "it's" not in answer.stdout + answer.stderr
    made = manage("first_supervisor", "alex", "--one-time", DATABASE_URL=app)
    assert made.returncode == 0, made.stderr
    return app


def manage(*arguments: str, **variables: str):  # type: ignore[no-untyped-def]
    return python("manage.py", *arguments, seconds=400, LIVEWARDEN_MODE="demo", **variables)


def ask(address: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(address) as there:
        cursor = there.execute(statement)
        return cursor.fetchall() if cursor.description else []


INTO = (
    "INSERT INTO moderation_auditentry (actor, code_name, verb, room_id, room_name, account, "
    "reason, note, outcome, "
    "before, after, request_id"
)
LINE = "'x', '', 'end', '', '', '', '', '', 'done', '{}', '{}', ''"
REFUSED = {
    "update": "UPDATE moderation_auditentry SET actor = 'x'",
    "update of one column": "UPDATE moderation_auditentry SET note = ''",
    "delete": "DELETE FROM moderation_auditentry",
    "truncate": "TRUNCATE moderation_auditentry",
    "another number": f"{INTO}, at, id) VALUES ({LINE}, now(), 7)",
    "another day": f"{INTO}, at) VALUES ({LINE}, now() - interval '1 day')",
    "replace": f"{INTO}, at) VALUES ({LINE}, now()) ON CONFLICT (id) DO UPDATE SET actor = 'x'",
    "set the sequence back": "SELECT setval('moderation_auditentry_id_seq', 1)",
    "no trigger": "ALTER TABLE moderation_auditentry DISABLE TRIGGER ALL",
    "drop a trigger": "DROP TRIGGER moderation_auditentry_append_only ON moderation_auditentry",
    "another trigger": "CREATE TRIGGER x BEFORE INSERT ON moderation_auditentry FOR EACH ROW "
    "EXECUTE FUNCTION "
    "livewarden_append_only()",
    "another function": "CREATE OR REPLACE FUNCTION livewarden_append_only() RETURNS trigger AS $$ "
    "BEGIN RETURN NEW; "
    "END; $$ LANGUAGE plpgsql",
    "rename": "ALTER TABLE moderation_auditentry RENAME TO x",
    "drop": "DROP TABLE moderation_auditentry",
    "a table in its place": "CREATE TABLE x (id int)",
    "replication mode": "SET session_replication_role = replica",
    "become the owner": "SET ROLE livewarden",
    "another role": "CREATE ROLE x",
    "a program": "COPY moderation_auditentry TO PROGRAM 'cat'",
    "forget a migration": "DELETE FROM django_migrations",
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_applications_role_may_not(what: str, prepared: str) -> None:
    before = ask(prepared, "SELECT * FROM moderation_auditentry ORDER BY id")
    with pytest.raises(psycopg.Error):
        ask(prepared, REFUSED[what])
    assert ask(prepared, "SELECT * FROM moderation_auditentry ORDER BY id") == before != []


def test_it_may_do_what_the_console_does(prepared: str) -> None:
    """Written through Django by the command; every other table takes all that a page needs."""
    (entry,) = ask(
        prepared, "SELECT actor, verb, account, now() - at < '5 minutes' FROM moderation_auditentry"
    )
    assert entry == ("system:first_supervisor", "make_person", "alex", True)
    tables = ask(prepared, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    for (name,) in tables:
        wanted = name not in {"moderation_auditentry", "django_migrations"}
        for privilege in ("INSERT", "UPDATE", "DELETE"):
            asked = f"SELECT has_table_privilege('{name}', '{privilege}')"
            assert ask(prepared, asked) == [(wanted,)], (name, privilege)


def test_the_console_knows_which_role_it_has(postgres_server: str, prepared: str) -> None:
    code = (
        "import django; django.setup()\nfrom moderation.audit import record_guard as g\n"
        "print(g.triggers_stand(), g.role_may_rewrite())"
    )
    for address, may in ((prepared, "False"), (postgres_server, "True")):
        answer = python(
            "-c",
            code,
            DJANGO_SETTINGS_MODULE="config.settings",
            LIVEWARDEN_MODE="demo",
            DATABASE_URL=address,
        )
        assert answer.stdout.split() == ["True", may], answer.stderr


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"DATABASE_URL": "{server}"}, "name the same role"),
        ({"DATABASE_URL": "postgres://Console@{host}"}, "small letters"),
        ({"DATABASE_URL": "postgres://console@127.0.0.1:1/other"}, "different databases"),
        ({"DATABASE_URL": ""}, "is for PostgreSQL"),
        ({"DATABASE_MIGRATE_URL": "sqlite:////x"}, "DATABASE_MIGRATE_URL takes an address"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(
    change: dict[str, str], words: str, postgres_server: str, tmp_path: Path
) -> None:
    given = {
        "DATABASE_URL": role(postgres_server, APP),
        "DATABASE_MIGRATE_URL": postgres_server,
        "LIVEWARDEN_DATA_DIR": str(tmp_path),
    } | {
        name: value.format(server=postgres_server, host=postgres_server.partition("@")[2])
        for name, value in change.items()
    }
    answer = manage("prepare_database", **given)
    assert answer.returncode != 0
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr


def test_without_an_owner_it_migrates_and_no_more(tmp_path: Path) -> None:
    answer = manage("prepare_database", "--verbosity", "0", LIVEWARDEN_DATA_DIR=str(tmp_path))
    assert answer.returncode == 0, answer.stderr
    assert (tmp_path / "livewarden.sqlite3").stat().st_size > 0
    assert answer.stdout == ""


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(record_guard.TRIGGERS[connection.vendor]))
def test_a_trigger_that_is_gone_is_missed(name: str, client) -> None:  # type: ignore[no-untyped-def]
    assert client.get("/readyz").json()["record"] is True
    on = f" ON {record_guard.TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["record"]) == (503, False)
