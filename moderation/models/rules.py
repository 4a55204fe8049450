"""Automatic acts: the rules, what each of them found, the alerts they raise, and the switch for
all.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from moderation.models.acts import Action
from moderation.models.people import Policy
from moderation.models.pictures import PICTURE_TITLES
from moderation.values.evidence import Evidence, shown
from rooms.infra import database_time
from rooms.models import Room

# The rules that every installation begins with are called so, in each language, as long as nobody
# has renamed them.
SHIPPED_TITLES = {
    "time-limit": gettext_noop("Time limit"),
    "host-gone": gettext_noop("Host gone"),
    "banned-host": gettext_noop("Banned host opens a room"),
    "banned-user": gettext_noop("Banned user enters"),
    "label-violence": gettext_noop("Label: violence"),
    "words-fraud": gettext_noop("Words: fraud"),
    "anomaly-viewers-jump": gettext_noop("Viewers jump"),
    "anomaly-viewers-ramp": gettext_noop("Viewers rise steadily"),
    "anomaly-viewers-drop": gettext_noop("Viewers collapse"),
    "anomaly-chat-flood": gettext_noop("Chat flood"),
    "anomaly-chat-silence": gettext_noop("Chat silent"),
    "anomaly-gifts-few-givers": gettext_noop("Gifts of few givers"),
    "anomaly-gifts-flood": gettext_noop("Gift flood"),
    "anomaly-gifts-stopped": gettext_noop("Gifts stopped"),
}
# Alerts about several findings of rules.
SUMMARY_TITLES = {"anomaly-more": gettext_noop("More anomalies than the hourly cap")}
QUARANTINE = "quarantine"  # the source of the alerts that quarantines raise
REPORTS = "system:reports"  # the source of those that users' reports raise


def title_of(slug: str, title: str) -> str:
    """What a rule is called, in the language of whoever reads it when it is a shipped name."""
    if title in PICTURE_TITLES.get(slug, ()):
        return gettext(title)
    known = SHIPPED_TITLES.get(slug) or SUMMARY_TITLES.get(slug)
    return gettext(title) if title and title == known else title


class Rule(models.Model):
    """What is done by itself, and when.

    Acts as `system:<slug>` through the same pipeline as people.
    """

    class Kind(models.TextChoices):
        TIME_LIMIT = "time_limit", _("time limit")
        HOST_GONE = "host_gone", _("host gone")
        BANNED_HOST = "banned_host", _("banned host opens a room")
        BANNED_USER = "banned_user", _("banned user enters")
        LABEL = "label", _("violation label")
        WORDS = "words", _("words")
        ANOMALY = "anomaly", _("unusual figures")

    class Act(models.TextChoices):
        ALERT = "alert", _("alert")
        MUTE = "mute", _("mute")
        ROOM_BAN = "room_ban", _("ban from room")
        QUARANTINE = "quarantine", _("quarantine")
        END = "end", _("end stream")

    class Phase(models.TextChoices):
        OFF = "off", _("off")
        SHADOW = "shadow", _("shadow")
        ON = "on", _("on")

    slug = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    act = models.CharField(max_length=20, choices=Act.choices)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT)
    # By kind: host_gone {"grace": seconds}; label {"categories": [{"label", "look", "act"}], each
    # with scores of 0 to 100}; words {"words": [...], "places": ["chat", columns of Room]}. Of
    # those two, where they act: {"findings": n, "within": seconds}. anomaly {"sensitivity": low,
    # usual or high}; mute {"seconds": ...}. Checked
    # by the form.
    settings = models.JSONField(default=dict, blank=True)
    phase = models.CharField(
        max_length=8,
        choices=Phase.choices,
        default=Phase.OFF,
        help_text="shadow: finds and logs, but does nothing",
    )
    daily_cap = models.PositiveIntegerField(
        default=100, help_text="acts in 24 hours; 0: none at all"
    )
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=database_time.now)
    changed_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["kind", "slug"]
        default_permissions = ()
        permissions = [
            ("view_rules", "may see the rules"),
            ("edit_rules", "may change and switch the rules"),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def is_looking(self) -> bool:
        """Whether it looks for anything: on, or in its shadow phase."""
        return self.phase != self.Phase.OFF

    @property
    def label(self) -> str:
        """What it is called, in the language of whoever looks."""
        return title_of(self.slug, self.title)

    @property
    def actor(self) -> str:
        """Whom the record names for what this rule does."""
        return f"system:{self.slug}"


class RuleSwitch(models.Model):
    """One row: whether all rules are off."""

    all_off = models.BooleanField(default=False)
    changed_at = models.DateTimeField(default=database_time.now)
    changed_by_name = models.CharField(max_length=150, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return "all rules off" if self.all_off else "rules on"


class Alert(models.Model):
    """Something a person should look at, with the facts that raised it.

    One open alert a room, rule and account.
    """

    goes_with_its_room = True  # see rooms.retention: an alert keeps no broadcast for ever

    class Outcome(models.TextChoices):
        HANDLED = "handled", _("handled")
        DISMISSED = "dismissed", _("dismissed")
        ENDED = "ended", _("the broadcast ended")

    class Why(models.TextChoices):
        """Why a person closed several at once."""

        FALSE_ALARM = "false_alarm", _("false alarm")
        DUPLICATE = "duplicate", _("duplicate")
        ELSEWHERE = "elsewhere", _("dealt with elsewhere")
        NOTHING = "nothing", _("nothing to do")

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="alerts")
    account = models.CharField(max_length=128, blank=True)
    source = models.CharField(max_length=60, help_text="system:<rule>, or whoever raised it")
    title = models.CharField(max_length=200)
    evidence = models.JSONField(default=dict, blank=True)
    severity = models.PositiveSmallIntegerField(default=1, help_text="1 to 3; 3 is the most urgent")
    count = models.PositiveIntegerField(default=1, help_text="how often it was raised while open")
    raised_at = models.DateTimeField(default=database_time.now, editable=False)
    last_raised_at = models.DateTimeField(default=database_time.now)
    decide_by = models.DateTimeField(
        null=True, help_text="of a quarantine: when somebody must have decided"
    )
    closed_at = models.DateTimeField(null=True)
    closed_by_name = models.CharField(max_length=150, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    note = models.TextField(blank=True)
    why = models.CharField(max_length=16, choices=Why.choices, blank=True)
    closed_with = models.ForeignKey(
        Action,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="the act whose order closed it; taken back, the alert is open again",
    )
    reason: Policy | None = None  # of an escalation: set by alerts.named

    class Meta:
        ordering = ["-severity", "raised_at"]
        indexes = [models.Index(fields=["account", "-raised_at"], name="alerts_about_an_account")]
        constraints = [
            models.UniqueConstraint(
                fields=["room", "source", "account"],
                condition=Q(closed_at__isnull=True),
                name="one_open_alert_of_a_kind",
            )
        ]
        default_permissions = ()
        permissions = [("handle_alert", "may close alerts")]

    def __str__(self) -> str:
        return f"{self.title} in {self.room_id}"

    @property
    def headline(self) -> str:
        """Its title in the language of whoever looks: made again from what raised it.

        See alerts.named.
        """
        if self.source == QUARANTINE and "action" in self.evidence:
            return gettext("Quarantined: release it, or end the stream")
        if self.source == REPORTS:
            return gettext("Reports from users")
        if self.source.startswith("system:"):
            return title_of(self.source.removeprefix("system:"), self.title)
        if self.reason is not None:
            return gettext("Escalated: %(why)s") % {"why": self.reason.label}
        return self.title

    @property
    def told(self) -> Evidence:
        """What pages show of the evidence."""
        return shown(self.evidence)

    @property
    def item(self) -> str:
        """What the queue calls it, among requests for bans."""
        return str(self.pk)

    @property
    def subject(self) -> str:
        """The account it is about: the one that it names, else the host."""
        return self.account or self.room.owner_account


class RuleHit(models.Model):
    """One time a rule found what it looks for, and what it did about it."""

    class Outcome(models.TextChoices):
        FOUND = "found", _("found, to be read back")
        ORDERED = "ordered", _("ordered")
        ALERTED = "alerted", _("alert raised")
        DRY = "dry", _("nothing, shadow phase")
        OFF = "off", _("nothing, all rules are off")
        CAPPED = "capped", _("nothing, daily cap reached")
        UNVERIFIED = "unverified", _("nothing, reading back did not confirm it")
        REFUSED = "refused", _("refused")

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="hits")
    room = models.ForeignKey(Room, null=True, on_delete=models.SET_NULL, related_name="+")
    room_key = models.CharField(max_length=128, help_text="RoomId, copied")
    account = models.CharField(max_length=128, blank=True)
    key = models.CharField(
        max_length=120, unique=True, help_text="the fact it is about: told twice is one hit"
    )
    evidence = models.JSONField(default=dict, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    calls_for_act = models.BooleanField(
        default=True, db_default=True, help_text="False: for an alert in place of the rule's act"
    )
    words = models.TextField(blank=True)
    action = models.ForeignKey(Action, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=database_time.now, editable=False)
    is_new = False  # made by this very call

    class Meta:
        ordering = ["-at", "-id"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["rule", "-at"], name="hits_of_a_rule"),
            models.Index(fields=["at"], condition=Q(outcome="found"), name="hits_to_read_back"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.room_key} {self.outcome}"

    @property
    def told(self) -> Evidence:
        """What pages show of the evidence; all of it: evidence.of_rule."""
        return shown(self.evidence)
