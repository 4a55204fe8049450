"""What people do while they watch: who looked at which room, who takes care of it, what they noted
about it.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rooms.infra import database_time
from rooms.models import Room


class Look(models.Model):
    """One look: a room was on a person's screen, in a visible tab, for as long as counts."""

    goes_with_its_room = True  # see rooms.retention
    kept_days = "KEEP_LOOK_DAYS"

    class Where(models.TextChoices):
        LIST = "list", _("list")
        WALL = "wall", _("wall")
        ROOM = "room", _("room page")

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="looks", db_index=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    by_name = models.CharField(max_length=150, help_text="the account's name, copied")
    where = models.CharField(max_length=8, choices=Where.choices)
    at = models.DateTimeField(help_text="when it had lasted long enough to count")
    seconds = models.PositiveIntegerField(
        default=0, help_text="how long the room stayed on the screen, at least"
    )

    class Meta:
        default_permissions = ()
        permissions = [("view_coverage", "may see who looked at which rooms")]
        indexes = [
            models.Index(fields=["room", "-at"], name="looks_at_a_room"),
            models.Index(fields=["at", "room"], name="looks_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.by_name} at room {self.room_id}"


class LastLook(models.Model):
    """Who looked at a room last, and when: what rows say and what the tour sorts by, without a
    search in all looks.
    """

    goes_with_its_room = True

    room = models.OneToOneField(
        Room, primary_key=True, on_delete=models.CASCADE, related_name="last_look"
    )
    at = models.DateTimeField()
    by_name = models.CharField(max_length=150)
    code_name = models.CharField(max_length=40, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.by_name} at room {self.room_id}"


class Claim(models.Model):
    """Somebody takes care of a room. At most one open claim a room."""

    goes_with_its_room = True

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="claims")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=150)
    code_name = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField(default=database_time.now, editable=False)
    released_at = models.DateTimeField(null=True)
    released_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        default_permissions = ()
        permissions = [("claim_room", "may claim rooms")]
        constraints = [
            models.UniqueConstraint(
                fields=["room"], condition=Q(released_at__isnull=True), name="one_open_claim_a_room"
            )
        ]

    def __str__(self) -> str:
        return f"room {self.room_id}: {self.by_name}"


class Note(models.Model):
    """What a person wrote about a room and its host, for colleagues.

    Taken back it stays, struck out.
    """

    room = models.ForeignKey(Room, null=True, on_delete=models.SET_NULL, related_name="notes")
    room_key = models.CharField(max_length=128, blank=True, help_text="RoomId, copied")
    account = models.CharField(max_length=128, blank=True, db_index=True)
    text = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=150)
    code_name = models.CharField(max_length=40, blank=True)
    key = models.UUIDField(unique=True, help_text="made by the form: sent twice it is one note")
    at = models.DateTimeField(default=database_time.now, editable=False)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        default_permissions = ()
        permissions = [
            ("write_note", "may write notes"),
            ("escalate_room", "may call a supervisor to a room"),
            ("share_view", "may share saved views and presets"),
        ]

    def __str__(self) -> str:
        return f"{self.by_name}: {self.text[:40]}"
