"""The life of a room as people decided it: planned and created, limited in time, and held off after
its end.

These rows are about a RoomId, not about one broadcast: they outlive it, and the next broadcast
under the RoomId meets them too.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from moderation.models.bans import Ban
from moderation.models.people import Policy
from rooms.infra import database_time
from rooms.infra.folded import Folded
from rooms.models import Room


class PlannedRoom(models.Model):
    """A room that the console creates, now or at its time: the outbox of create_room.

    planned -> creating -> created | failed, with `unknown` (read back next) after a lost answer,
    and `cancelled` when it was taken back in time. The worker claims a row as it claims an act.
    """

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("listed at once")
        ON_START = "on_start", _("hidden until the host starts")
        HIDDEN = "hidden", _("hidden")

    class Status(models.TextChoices):
        PLANNED = "planned", _("scheduled")
        CREATING = "creating", _("being created")
        UNKNOWN = "unknown", _("unknown, reading back")
        CREATED = "created", _("created")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    OPEN = (Status.PLANNED, Status.CREATING, Status.UNKNOWN)

    key = models.UUIDField(
        default=uuid.uuid4, unique=True, help_text="made by the form: a repeat is the same room"
    )
    # What the vendor is told; limits in bytes are the vendor's and are checked by the form.
    room_id = models.CharField(max_length=48)
    owner_account = models.CharField(max_length=128)
    name = models.CharField(max_length=100, blank=True)
    cover_url = models.CharField(max_length=200, blank=True)
    notice = models.CharField(max_length=100, blank=True)
    categories = models.JSONField(default=list, blank=True)
    seat_template = models.CharField(max_length=64)
    take_seat_mode = models.CharField(max_length=32, default="FreeToTake")
    visibility = models.CharField(
        max_length=16, choices=Visibility.choices, default=Visibility.ON_START
    )
    import_owner = models.BooleanField(
        default=False, help_text="import the owner's account when it is missing"
    )
    time_limit_seconds = models.PositiveIntegerField(null=True, help_text="null: no limit")
    starts_at = models.DateTimeField(null=True, help_text="scheduled start; null: at once")

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT)
    note = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(
        max_length=150, help_text="copied; api:<token> for the platform's backend"
    )

    status = models.CharField(max_length=16, choices=Status.choices, default=Status.PLANNED)
    planned_at = models.DateTimeField(default=database_time.now, editable=False)
    due_at = models.DateTimeField(help_text="not before: the scheduled start, or the next try")
    give_up_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    vendor_code = models.IntegerField(null=True)
    vendor_text = models.TextField(blank=True)
    request_id = models.CharField(max_length=100, blank=True)

    broadcast = models.ForeignKey(
        Room,
        null=True,
        on_delete=models.SET_NULL,
        related_name="plans",
        help_text="the broadcast it became",
    )
    published_at = models.DateTimeField(null=True, help_text="when it became visible by itself")
    published_sign = models.CharField(
        max_length=100, blank=True, help_text="which sign of streaming was used"
    )

    class Meta:
        ordering = ["-planned_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["room_id"],
                condition=Q(status__in=["planned", "creating", "unknown"]),
                name="one_open_plan_per_room_id",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(status__in=["planned", "creating", "unknown"]),
                name="open_plans_by_due",
            ),
            models.Index(
                fields=["broadcast"],
                condition=Q(visibility="on_start", published_at__isnull=True),
                name="plans_to_publish",
            ),
        ]
        permissions = [
            ("create_room", "may create rooms, now or at a time"),
            ("stream_key", "may see a stream key and take it back"),
        ]

    def __str__(self) -> str:
        return f"{self.room_id} {self.status}"


class TimeLimit(models.Model):
    """Until when a RoomId may broadcast.

    It survives restarts, and a broadcast opened after it is ended again.
    """

    room_id = models.CharField(max_length=128)
    seconds = models.PositiveIntegerField(
        null=True, help_text="from the host's start; null: ends_at was given"
    )
    ends_at = models.DateTimeField(null=True, help_text="null: the host has not started yet")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT)
    note = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=150)
    set_at = models.DateTimeField(default=database_time.now, editable=False)
    warned_minutes = models.PositiveSmallIntegerField(
        null=True, help_text="the last warning given: 5 or 1 minutes before; null: none"
    )
    extended = models.PositiveSmallIntegerField(default=0, help_text="how often it was moved")
    version = models.PositiveIntegerField(default=1)
    closed_at = models.DateTimeField(null=True)
    closed_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["ends_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["room_id"],
                condition=Q(closed_at__isnull=True),
                name="one_open_limit_per_room_id",
            )
        ]
        indexes = [
            models.Index(
                fields=["ends_at"], condition=Q(closed_at__isnull=True), name="open_limits_by_end"
            )
        ]
        permissions = [("set_limit", "may limit the time of a room, and extend it")]

    def __str__(self) -> str:
        return f"{self.room_id} until {self.ends_at}"

    @property
    def minutes(self) -> int:
        """Its length, where it has one."""
        return (self.seconds or 0) // 60


class HoldQuerySet(models.QuerySet["Hold"]):
    def in_force(self) -> "HoldQuerySet":
        """Holds that end a room again: not lifted, and their time or the ban behind them is not
        over.
        """
        now = database_time.now()
        banned = Ban.objects.in_force().values("pk")
        return self.filter(lifted_at__isnull=True).filter(Q(until__gt=now) | Q(ban__in=banned))


class Hold(models.Model):
    """After an end: while it is in force the RoomId, and every room of the owner, is ended
    again.
    """

    room_id = models.CharField(max_length=128, db_index=True)
    owner_account = models.CharField(max_length=128, blank=True, db_index=True)
    until = models.DateTimeField(null=True, help_text="null: as long as the ban is in force")
    ban = models.ForeignKey(Ban, null=True, on_delete=models.PROTECT, related_name="holds")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=150)
    placed_at = models.DateTimeField(default=database_time.now, editable=False)
    again = models.PositiveIntegerField(default=0, help_text="how often it was ended again")
    last_again_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by_name = models.CharField(max_length=150, blank=True)
    lift_note = models.TextField(blank=True)

    folded = Folded("room_id", "owner_account", "by_name")

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["room_id"], condition=Q(lifted_at__isnull=True), name="one_hold_per_room_id"
            )
        ]
        permissions = [("lift_hold", "may lift a hold before its time")]

    def __str__(self) -> str:
        return f"hold on {self.room_id}"

    @property
    def in_force(self) -> bool:
        if self.lifted_at is not None:
            return False
        timed = self.until is not None and self.until > database_time.now()
        return timed or (self.ban is not None and self.ban.in_force)
