"""The registry of platform bans."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from moderation.models.people import Policy
from rooms.infra import database_time
from rooms.infra.folded import Folded
from rooms.models import Room

SHORTEST = 60  # seconds of a room ban
OPEN_BAN = Q(lifted_at__isnull=True, expired_at__isnull=True)


class BanQuerySet(models.QuerySet["Ban"]):
    def in_force(self) -> "BanQuerySet":
        """Bans that hold now; one whose time is over holds no more, even before the sweep has
        closed it.
        """
        return self.filter(OPEN_BAN).filter(
            Q(until__isnull=True) | Q(until__gt=database_time.now())
        )

    def not_closed(self) -> "BanQuerySet":
        """Bans neither lifted nor closed by the sweep; at most one an account."""
        return self.filter(OPEN_BAN)


class Ban(models.Model):
    """The platform's ban registry. The vendor knows no such thing: this table is the authority."""

    key = models.UUIDField(
        null=True, unique=True, help_text="made by the form: a repeat is the same ban"
    )
    account = models.CharField(max_length=128, db_index=True)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(default=database_time.now, editable=False)
    until = models.DateTimeField(null=True, help_text="null: permanent")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=150)
    lifted_at = models.DateTimeField(null=True)
    lifted_by_name = models.CharField(max_length=150, blank=True)
    lift_note = models.TextField(blank=True)
    # Expired bans are closed by a sweep, so that "one ban in force per account" can be a
    # constraint.
    expired_at = models.DateTimeField(null=True)
    # Placing, changing and lifting each raise the version: whoever changes a ban says which one was
    # seen.
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=database_time.now)
    orders_due = models.BooleanField(
        default=True, help_text="the rooms have not been told of this version yet"
    )

    folded = Folded("account", "by_name", "note")

    objects = BanQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=OPEN_BAN, name="one_ban_in_force_per_account"
            )
        ]
        indexes = [
            models.Index(
                fields=["changed_at"], condition=Q(orders_due=True), name="bans_with_orders_due"
            )
        ]
        permissions = [
            ("place_platform_ban", "may ban an account from the platform"),
            ("lift_platform_ban", "may lift a platform ban"),
        ]

    def __str__(self) -> str:
        return f"{self.account} banned by {self.by_name}"

    @property
    def in_force(self) -> bool:
        over = self.until is not None and self.until <= database_time.now()
        return self.lifted_at is None and self.expired_at is None and not over

    def seconds_left(self, maximum: int) -> int:
        """How long a room ban that enforces it lasts: what is left of it, at least a minute and at
        most `maximum` seconds.
        """
        left = (self.until - database_time.now()).total_seconds() if self.until else maximum
        return max(SHORTEST, min(int(left), maximum))


class BanRequest(models.Model):
    """A moderator asks ban administrators for a platform ban. Kept as bans are."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        GRANTED = "granted", _("granted")
        DECLINED = "declined", _("declined")

    key = models.UUIDField(unique=True, help_text="made by the form: a repeat is the same request")
    account = models.CharField(max_length=128)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT)
    evidence = models.TextField(blank=True, help_text="copied from the alert behind it")
    note = models.TextField(blank=True)
    room = models.ForeignKey(Room, null=True, on_delete=models.SET_NULL, related_name="+")
    room_key = models.CharField(max_length=128, blank=True, help_text="RoomId, copied")
    room_name = models.CharField(max_length=255, blank=True)
    asked_at = models.DateTimeField(default=database_time.now, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_by_name = models.CharField(max_length=150)
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=150, blank=True)
    decision_note = models.TextField(blank=True)
    ban = models.ForeignKey(Ban, null=True, on_delete=models.PROTECT, related_name="requests")

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state="open"), name="one_open_request_per_account"
            )
        ]
        indexes = [models.Index(fields=["account", "-asked_at"], name="requests_about_an_account")]
        default_permissions = ()
        permissions = [("request_platform_ban", "may ask for a platform ban")]

    def __str__(self) -> str:
        return f"ban of {self.account} asked for by {self.asked_by_name}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def item(self) -> str:
        """What the queue calls it among its alerts, which are numbers."""
        return f"r{self.pk}"
