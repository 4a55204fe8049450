"""The record: append-only by trigger, written in the transaction of what it records."""

import datetime as dt

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from moderation.actions import amendments
from moderation.audit import audit_log
from moderation.bans import registry
from moderation.models import Action, AuditEntry, Ban, Policy
from moderation.models.record import DatabaseNow
from moderation.staff import accounts, reason_codes
from tests.moderation import acting
from tests.support.factories import PASSWORD, log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def end(people, room, policy) -> Action:
    return acting.end_stream(by=people["moderator"], room=room, policy=policy, grace=0)


CHANGES = {
    "an update": "UPDATE moderation_auditentry SET actor = 'x'",
    "a deletion": "DELETE FROM moderation_auditentry",
}
if connection.vendor == "postgresql":
    CHANGES["a truncation"] = "TRUNCATE moderation_auditentry"
else:
    CHANGES["a replacement"] = (
        "REPLACE INTO moderation_auditentry SELECT * FROM moderation_auditentry"
    )


@pytest.mark.parametrize("what", CHANGES)
def test_the_database_itself_refuses(what, end):
    before = list(AuditEntry.objects.values())
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(CHANGES[what])
    assert list(AuditEntry.objects.values()) == before != []


def test_so_it_does_when_asked_through_the_models(end):
    entry = AuditEntry.objects.get()
    entry.actor = "somebody else"
    for change in (AuditEntry.objects.all().delete, entry.save, entry.delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


DAY = dt.timedelta(days=1)
FORGED = {"yesterday": {"at": timezone.now() - DAY}, "tomorrow": {"at": timezone.now() + DAY}}
if (
    connection.vendor == "sqlite"
):  # PostgreSQL: the application's role may not name a number (test_audit_log_roles.py)
    FORGED["in front of others"] = {"id": -7}


@pytest.mark.parametrize("what", FORGED)
def test_an_entry_is_of_now_and_the_last_one(what, end):
    before = list(AuditEntry.objects.values())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.create(actor="moderator", verb="end", outcome="done", **FORGED[what])
    assert list(AuditEntry.objects.values()) == before != []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's column takes dates only")
@pytest.mark.parametrize("date", ["", "never", "2026-11-29 25:61:00"])
def test_a_date_that_is_none_is_refused(date, end):
    columns = "actor, code_name, verb, room_id, room_name, account, reason, note, outcome, before, after, request_id"
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"INSERT INTO moderation_auditentry ({columns}, at) SELECT {columns}, %s FROM "
            "moderation_auditentry",
            [date],
        )


def test_the_database_dates_an_entry_whatever_the_clock_of_the_process(people, room, policy):
    with time_machine.travel(timezone.now() - DAY, tick=False):
        acting.end_stream(by=people["moderator"], room=room, policy=policy, grace=0)
    entry = AuditEntry.objects.get()
    assert timezone.now() - entry.at < dt.timedelta(minutes=5)


def test_a_date_is_found_by_itself(people, room, policy):
    """Pages of the record are fetched by the date of a row: SQLite compares it as text, to the last
    zero.
    """
    for _ in range(40):
        audit_log.record(by="system:x", verb="end", outcome="done")
    for entry in AuditEntry.objects.all():
        assert AuditEntry.objects.filter(at=entry.at, pk=entry.pk).exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite keeps dates as text")
@pytest.mark.parametrize(
    "moment", ["2026-01-02 03:04:05.000", "2026-01-02 03:04:05.120", "2026-01-02 03:04:05.999"]
)
def test_sqlites_date_is_written_as_djangos(moment, db):
    with connection.cursor() as cursor:
        sql, _ = DatabaseNow().as_sqlite(
            AuditEntry.objects.all().query.get_compiler("default"), connection
        )
        cursor.execute("SELECT " + (sql % ()).replace("'NOW'", f"'{moment}'"))
        assert cursor.fetchone() == (str(dt.datetime.fromisoformat(moment)),)


def a_ban(people, policy):
    return Ban.objects.create(account="troll", policy=policy, by_name="x")


ORDERS = {
    "an order": lambda who, room, policy: acting.end_stream(
        by=who["moderator"], room=room, policy=policy
    ),
    "a ban": lambda who, room, policy: registry.place(
        by=who["banadmin"], account="troll", policy=policy, until=None
    ),
    "a new account": lambda who, room, policy: accounts.add(
        by=who["supervisor"], username="new", role="auditor", password=PASSWORD
    ),
    "a changed account": lambda who, room, policy: accounts.change(
        by=who["supervisor"],
        person=who["auditor"],
        role="moderator",
        is_active=False,
        password="another-one",
    ),
    "a new password": lambda who, room, policy: accounts.change_own_password(
        person=who["auditor"], password="another-one"
    ),
    "a changed reason": lambda who, room, policy: reason_codes.change(
        by=who["supervisor"], policy=policy, title="x"
    ),
}


@pytest.mark.parametrize("what", ORDERS)
def test_an_act_whose_entry_cannot_be_written_does_not_happen(
    what, people, room, policy, monkeypatch
):
    def stored():
        tables = (Action, Ban, Policy, type(people["auditor"]), AuditEntry)
        groups = [list(person.groups.values_list("name")) for person in people.values()]
        return [list(table.objects.order_by("pk").values()) for table in tables], groups

    def broken(**fields):
        raise DatabaseError("disk full")

    before = stored()
    monkeypatch.setattr(audit_log, "record", broken)
    with pytest.raises(DatabaseError):
        ORDERS[what](people, room, policy)
    assert stored() == before


def test_taking_back_and_lifting_fail_with_their_entry_too(people, room, policy, end, monkeypatch):
    ban = a_ban(people, policy)

    def broken(**fields):
        raise DatabaseError("disk full")

    monkeypatch.setattr(audit_log, "record", broken)
    for change in (
        lambda: amendments.undo(by=people["moderator"], action=end),
        lambda: registry.lift(by=people["banadmin"], ban=ban, note="why"),
    ):
        with pytest.raises(DatabaseError):
            change()
    end.refresh_from_db()
    ban.refresh_from_db()
    assert (end.status, ban.lifted_at) == ("requested", None)


def test_an_order_keeps_the_figures_of_its_moment(people, room, policy):
    room.online, room.reward = 1200, 77
    acting.end_stream(by=people["moderator"], room=room, policy=policy)
    assert AuditEntry.objects.get().before == {"online": 1200, "reward": 77, "is_live": True}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 3),
        ({"verb": "end"}, 1),
        ({"actor": "banadmin"}, 1),
        ({"reason": "violence"}, 2),
        ({"target": "ROOM-1"}, 1),
        ({"target": "troll"}, 1),
        ({"since": "2000-01-01", "until": "2000-01-02"}, 0),
        ({"since": "nonsense", "verb": "end"}, 1),
        ({"room_pk": "{room}"}, 1),
        ({"action_id": "{action}"}, 1),
        ({"ban_id": "{ban}"}, 1),
        ({"room_pk": "99999999999999999999"}, 3),
    ],
)
def test_the_record_is_filtered(query, found, client, people, end, policy, room):
    ban = registry.place(by=people["banadmin"], account="troll", policy=policy, until=None)
    numbers = {"room": room.pk, "action": end.pk, "ban": ban.pk}
    address = {name: value.format(**numbers) for name, value in query.items()}
    page = log_in(client, people["auditor"]).get("/audit", address)
    assert page.status_code == 200
    assert len(page.context["page"].rows) == found


def test_the_record_outlives_whom_it_names(people, end):
    name = people["moderator"].username
    people["moderator"].delete()
    assert AuditEntry.objects.filter(action_id=end.pk, actor=name).exists()
    assert timezone.now() > AuditEntry.objects.get(action_id=end.pk).at
