"""What users report."""

from django.db import models

from rooms.infra import database_time
from rooms.models import Room


class UserReport(models.Model):
    """A user's report of a room, or of somebody in it, as the platform's backend told it: once each
    `key`.
    """

    goes_with_its_room = True  # see rooms.retention
    kept_days = "KEEP_CHAT_DAYS"  # it holds what people wrote

    room = models.ForeignKey(
        Room, on_delete=models.CASCADE, related_name="user_reports", db_index=False
    )
    account = models.CharField(
        max_length=128, blank=True, help_text="whom it is about; blank: the room"
    )
    reporter = models.CharField(max_length=128, help_text="account of who reports")
    category = models.CharField(max_length=60, help_text="the platform's own name of what is wrong")
    text = models.CharField(max_length=500, blank=True)
    key = models.CharField(
        max_length=64, help_text="SHA-256 of the token's name and its own name of the report, hex"
    )
    at = models.DateTimeField(default=database_time.now, editable=False, db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["room", "key"], name="one_user_report_per_key")
        ]
        indexes = [
            models.Index(fields=["room", "account", "-at"], name="user_reports_of_an_account")
        ]

    def __str__(self) -> str:
        return f"{self.category} in {self.room_id} about {self.account}"
