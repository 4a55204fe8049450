"""The record of everything that was done."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Now
from django.db.models.sql.compiler import SQLCompiler

from rooms.infra.folded import Folded


class DatabaseNow(Now):
    """The database's own time, written on SQLite as Django writes a datetime: lists are paged by
    comparing the two as text.
    """

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        template = (
            "REPLACE(STRFTIME('%%%%Y-%%%%m-%%%%d %%%%H:%%%%M:%%%%f000', 'NOW'), '.000000', '')"
        )
        return self.as_sql(compiler, connection, template=template, **context)


# Of these the account is a name in the console.
STAFF_VERBS = frozenset(
    {
        "log_in",
        "log_out",
        "make_person",
        "change_person",
        "change_password",
        "undo_time",
        "make_token",
        "revoke_token",
    }
)


class AuditEntry(models.Model):
    """The record.

    Append-only by database trigger; names are copied in, so it outlives what it names.
    """

    at = models.DateTimeField(
        db_default=DatabaseNow(),
        db_index=True,
        help_text="by the database's clock, which alone dates it",
    )
    actor_id = models.BigIntegerField(
        null=True, help_text="the account's number; null: a rule or the system"
    )
    actor = models.CharField(max_length=150, db_index=True)
    code_name = models.CharField(max_length=40, blank=True)
    verb = models.CharField(max_length=40, db_index=True)
    room_pk = models.BigIntegerField(null=True, db_index=True)
    room_id = models.CharField(max_length=128, blank=True)
    room_name = models.CharField(max_length=255, blank=True)
    account = models.CharField(max_length=128, blank=True, db_index=True)
    reason = models.CharField(max_length=40, blank=True, help_text="code of the policy")
    note = models.TextField(blank=True)
    outcome = models.CharField(max_length=40)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    vendor_code = models.IntegerField(null=True)
    request_id = models.CharField(max_length=100, blank=True)
    action_id = models.BigIntegerField(null=True, db_index=True)
    ban_id = models.BigIntegerField(null=True, db_index=True)
    folded = Folded("account", "room_id", "room_name")

    class Meta:
        ordering = ["-at", "-id"]
        default_permissions = ()
        permissions = [
            ("view_audit", "may read the record"),
            ("manage_people", "may make, change and close accounts of the console"),
            ("edit_policies", "may edit the reason codes"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor} {self.verb} {self.outcome}"

    @property
    def subject_query(self) -> str:
        """What the page of the log is asked for, to show all of the same act or ban."""
        if self.action_id:
            return f"action_id={self.action_id}"
        return f"ban_id={self.ban_id}" if self.ban_id else ""

    @property
    def is_about_staff(self) -> bool:
        """Whether `account` is one of the console (or a token), and no account of the platform that
        may be called alike.
        """
        return self.verb in STAFF_VERBS
