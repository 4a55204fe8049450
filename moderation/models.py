"""Acts and their record: what was ordered, what became of it, who is banned, and the audit trail."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rooms.models import Room

# How long a page offers to take a mute or ban back; the server takes it back for as long as nothing newer came.
UNDO_OFFERED = dt.timedelta(seconds=10)


class Policy(models.Model):
    """A reason code: what a person picks before an act. A shipped set, editable."""

    code = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=100)
    text = models.TextField(blank=True, help_text=_("what the host or user is told"))
    key = models.PositiveSmallIntegerField(help_text=_("1-9: the key that picks it"))
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["key", "code"]
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return self.title


class StaffProfile(models.Model):
    """What the console adds to a person's account: the public code name."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff")
    code_name = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.code_name


OPEN_BAN = Q(lifted_at__isnull=True, expired_at__isnull=True)


class BanQuerySet(models.QuerySet["Ban"]):
    def in_force(self) -> "BanQuerySet":
        """Bans that hold now; one whose time is over holds no more, even before the sweep has closed it."""
        return self.filter(OPEN_BAN).filter(Q(until__isnull=True) | Q(until__gt=timezone.now()))

    def not_closed(self) -> "BanQuerySet":
        """Bans neither lifted nor closed by the sweep; at most one an account."""
        return self.filter(OPEN_BAN)


class Ban(models.Model):
    """The platform's ban registry. The vendor knows no such thing: this table is the authority."""

    key = models.UUIDField(null=True, unique=True, help_text="made by the form: a repeat is the same ban")
    account = models.CharField(max_length=128, db_index=True)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField(null=True, help_text="null: permanent")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150)
    lifted_at = models.DateTimeField(null=True)
    lifted_by_name = models.CharField(max_length=150, blank=True)
    lift_note = models.TextField(blank=True)
    # Expired bans are closed by a sweep, so that "one ban in force per account" can be a constraint.
    expired_at = models.DateTimeField(null=True)
    # Placing, changing and lifting each raise the version: whoever changes a ban says which one was seen.
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=timezone.now)
    orders_due = models.BooleanField(
        default=True, help_text="the rooms have not been told of this version yet"
    )

    objects = BanQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=OPEN_BAN, name="one_ban_in_force_per_account"
            )
        ]
        indexes = [
            models.Index(fields=["changed_at"], condition=Q(orders_due=True), name="bans_with_orders_due")
        ]
        permissions = [
            ("place_platform_ban", "may ban an account from the platform"),
            ("lift_platform_ban", "may lift a platform ban"),
        ]

    def __str__(self) -> str:
        return f"{self.account} banned by {self.by_name}"

    @property
    def in_force(self) -> bool:
        over = self.until is not None and self.until <= timezone.now()
        return self.lifted_at is None and self.expired_at is None and not over


class Action(models.Model):
    """One act on the vendor's service, from order to outcome: the outbox.

    requested -> calling -> done | already | failed, with `unknown` (read back next) after a lost answer,
    and `undone` when the order was taken back in time. The worker claims a row by a conditional update;
    `lease_until` says until when a claim holds, after which the sweep reads back and goes on.
    """

    class Verb(models.TextChoices):
        END = "end", _("End stream")
        MUTE = "mute", _("Mute")
        UNMUTE = "unmute", _("Unmute")
        ROOM_BAN = "room_ban", _("Ban from room")
        ROOM_UNBAN = "room_unban", _("Lift room ban")
        WARN = "warn", _("Warn host")

    class Status(models.TextChoices):
        REQUESTED = "requested", _("requested")
        CALLING = "calling", _("in progress")
        UNKNOWN = "unknown", _("unknown, reading back")
        DONE = "done", _("done")
        ALREADY = "already", _("already so")
        FAILED = "failed", _("failed")
        UNDONE = "undone", _("undone")

    OPEN = (Status.REQUESTED, Status.CALLING, Status.UNKNOWN)
    SUCCEEDED = (Status.DONE, Status.ALREADY)
    # What takes an act back once it is done; the others cannot be taken back.
    OPPOSITE = {Verb.MUTE: Verb.UNMUTE, Verb.ROOM_BAN: Verb.ROOM_UNBAN}

    key = models.UUIDField(
        default=uuid.uuid4, unique=True, help_text="made by the form: a repeat is the same act"
    )
    verb = models.CharField(max_length=20, choices=Verb.choices)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="actions")
    account = models.CharField(
        max_length=128, blank=True, help_text="the member it is about; blank: the room"
    )
    seconds = models.BigIntegerField(null=True, help_text="length of a mute or ban")
    text = models.TextField(blank=True, help_text="what the host is told")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT)
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(
        max_length=150, help_text="copied: it outlives the account; system:<rule> for rules"
    )
    ban = models.ForeignKey(Ban, null=True, on_delete=models.PROTECT, related_name="enforcements")
    retry_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="retries")
    undoes = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.SET_NULL,
        related_name="undone_by",
        help_text="the act it takes back",
    )

    status = models.CharField(max_length=20, choices=Status.choices, default=Status.REQUESTED)
    requested_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(
        help_text="not before: the grace in which it can be undone, or the next try"
    )
    give_up_at = models.DateTimeField(help_text="a failure that can be retried is retried until then")
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True, help_text="the worker's own mark; only its holder may record")
    lease_until = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    vendor_code = models.IntegerField(null=True)
    vendor_text = models.TextField(blank=True)
    request_id = models.CharField(max_length=100, blank=True)
    result = models.JSONField(default=dict, blank=True, help_text="final totals, what reading back showed")
    needs_verifying = models.BooleanField(default=False, help_text="an end that has not been read back yet")

    class Meta:
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["room", "verb", "account"],
                condition=Q(status__in=["requested", "calling", "unknown"]),
                name="one_open_act_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["undoes"],
                condition=~Q(status__in=["failed", "undone"]),
                name="one_act_takes_another_back",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(status__in=["requested", "calling", "unknown"]),
                name="open_acts_by_due",
            ),
            models.Index(fields=["finished_at"], condition=Q(needs_verifying=True), name="ends_to_verify"),
            models.Index(F("room"), F("requested_at").desc(), name="acts_of_a_room"),
            models.Index(fields=["account", "-requested_at"], name="acts_on_an_account"),
        ]
        permissions = [
            ("watch_rooms", "may see rooms and their figures"),
            ("warn_host", "may warn a host"),
            ("mute_member", "may mute and unmute in a room"),
            ("ban_from_room", "may ban from a room and lift it"),
            ("end_stream", "may end a stream"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.room_id} {self.account} {self.status}"

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def offers_undo(self) -> bool:
        """Whether a page shows Undo: before anything was sent, and for a while after a mute or ban is done."""
        if self.status == self.Status.REQUESTED:
            return self.attempts == 0
        if self.status not in self.SUCCEEDED or self.verb not in self.OPPOSITE or self.finished_at is None:
            return False
        if self.ban_id is not None:
            return False  # a platform ban is lifted as a whole
        return timezone.now() - self.finished_at < UNDO_OFFERED


class AuditEntry(models.Model):
    """The record. Append-only by database trigger; names are copied in, so it outlives what it names."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor_id = models.BigIntegerField(null=True, help_text="the account's number; null: a rule or the system")
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
