"""One act on the vendor's service, from order to outcome: the outbox."""

import uuid
from typing import Unpack

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from moderation.models.bans import Ban
from moderation.models.life import Hold
from moderation.models.people import Policy
from moderation.values.acts import Result
from moderation.values.undo_time import offered_for
from rooms.infra import database_time
from rooms.models import Room


class Action(models.Model):
    """One act on the vendor's service, from order to outcome: the outbox.

    requested -> calling -> done | already | failed, with `unknown` (read back next) after a lost
    answer, and `undone` when the order was taken back in time. The worker claims a row by a
    conditional update; `lease_until` says until when a claim holds, after which the sweep reads
    back and goes on.
    """

    class Verb(models.TextChoices):
        END = "end", _("End stream")
        MUTE = "mute", _("Mute")
        UNMUTE = "unmute", _("Unmute")
        ROOM_BAN = "room_ban", _("Ban from room")
        ROOM_UNBAN = "room_unban", _("Lift room ban")
        WARN = "warn", _("Warn host")
        EDIT = "edit", _("Edit room")
        MUTE_ALL = "mute_all", _("Mute all")
        UNMUTE_ALL = "unmute_all", _("Unmute all")
        PUBLISH = "publish", _("Show in the list")
        HIDE = "hide", _("Hide from the list")
        QUARANTINE = "quarantine", _("Quarantine")
        RELEASE = "release", _("Release from quarantine")
        ADMINS = "admins", _("Room administrators")
        METADATA = "metadata", _("Room metadata")
        OBS_KEY = "obs_key", _("Stream key for OBS")
        OBS_REVOKE = "obs_revoke", _("Revoke stream key")

    class Status(models.TextChoices):
        REQUESTED = "requested", _("requested")
        CALLING = "calling", _("in progress")
        UNKNOWN = "unknown", _("unknown, reading back")
        DONE = "done", _("done")
        ALREADY = "already", _("no change needed")
        FAILED = "failed", _("failed")
        UNDONE = "undone", _("undone")

    OPEN = (Status.REQUESTED, Status.CALLING, Status.UNKNOWN)
    SUCCEEDED = (Status.DONE, Status.ALREADY)
    # What takes an act back once it is done; the others cannot be taken back.
    OPPOSITE = {
        Verb.MUTE: Verb.UNMUTE,
        Verb.ROOM_BAN: Verb.ROOM_UNBAN,
        Verb.MUTE_ALL: Verb.UNMUTE_ALL,
        Verb.HIDE: Verb.PUBLISH,
        Verb.QUARANTINE: Verb.RELEASE,
    }

    class Basis(models.TextChoices):
        """What an act rests on where nobody, and no reading back, has seen it to be so."""

        UNVERIFIED_LINE = "unverified_line", _("a line of chat that cannot be verified")

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
    arguments = models.JSONField(
        default=dict,
        blank=True,
        help_text="what a change of the room holds: its new fields, accounts or keys",
    )
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT)
    note = models.TextField(blank=True)
    rests_on = models.CharField(
        max_length=20,
        blank=True,
        choices=Basis.choices,
        help_text="blank: on what a person, or the vendor, says",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(
        max_length=150, help_text="copied: it outlives the account; system:<rule> for rules"
    )
    ban = models.ForeignKey(Ban, null=True, on_delete=models.PROTECT, related_name="enforcements")
    hold = models.ForeignKey(
        Hold,
        null=True,
        on_delete=models.SET_NULL,
        related_name="ends",
        help_text="the hold it ends again for",
    )
    retry_of = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="retries"
    )
    undoes = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.SET_NULL,
        related_name="undone_by",
        help_text="the act it takes back",
    )

    status = models.CharField(max_length=20, choices=Status.choices, default=Status.REQUESTED)
    requested_at = models.DateTimeField(default=database_time.now, editable=False)
    due_at = models.DateTimeField(
        help_text="not before: the grace in which it can be undone, or the next try"
    )
    give_up_at = models.DateTimeField(
        help_text="a failure that can be retried is retried until then"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(
        null=True, help_text="the worker's own mark; only its holder may record"
    )
    lease_until = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    vendor_code = models.IntegerField(null=True)
    vendor_text = models.TextField(blank=True)
    request_id = models.CharField(max_length=100, blank=True)
    result = models.JSONField(
        default=dict, blank=True, help_text="final totals, what reading back showed"
    )
    needs_verifying = models.BooleanField(
        default=False, help_text="an end that has not been read back yet"
    )

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
            models.Index(
                fields=["finished_at"], condition=Q(needs_verifying=True), name="ends_to_verify"
            ),
            models.Index(F("room"), F("requested_at").desc(), name="acts_of_a_room"),
            models.Index(fields=["account", "-requested_at"], name="acts_on_an_account"),
        ]
        permissions = [
            ("watch_rooms", "may see rooms and their figures"),
            ("warn_host", "may warn a host"),
            ("mute_member", "may mute and unmute in a room"),
            ("ban_from_room", "may ban from a room and lift it"),
            ("end_stream", "may end a stream"),
            (
                "edit_room",
                "may change a room: its texts, list visibility, mute-all, administrators, metadata",
            ),
            ("quarantine_room", "may quarantine a room and release it"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.room_id} {self.account} {self.status}"

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def kept(self) -> Result:
        """What was found and done so far, by its names."""
        found: Result = self.result
        return found

    def keep(self, **more: Unpack[Result]) -> None:
        """Adds to the result; stored with the outcome."""
        self.result = {**self.kept, **more}

    @property
    def is_unclear(self) -> bool:
        """Whether it was given up although a call of it may have had its effect."""
        return self.status == self.Status.FAILED and bool(self.kept.get("may_have_arrived"))

    @property
    def status_label(self) -> str:
        """What became of it, for people: "failed" is said only of what certainly had no effect."""
        if not self.is_unclear:
            return str(self.get_status_display())
        return str(
            _("may have been delivered") if self.verb == self.Verb.WARN else _("may have worked")
        )

    @property
    def offers_undo(self) -> bool:
        """Whether a page shows Undo: before anything was sent, and for a while after a mute or ban
        is done.
        """
        if self.status == self.Status.REQUESTED:
            return self.attempts == 0
        if (
            self.status not in self.SUCCEEDED
            or self.verb not in self.OPPOSITE
            or self.finished_at is None
        ):
            return False
        if self.ban_id is not None:
            return False  # a platform ban is lifted as a whole
        if self.status == self.Status.ALREADY and self.verb != self.Verb.QUARANTINE:
            return False  # it was so before; of a quarantine the alert and the decision are new
        return database_time.now() - self.finished_at < offered_for(self.by)
