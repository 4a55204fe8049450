"""Reason codes, and what the console adds to a person's account."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from rooms.infra import database_time


class Policy(models.Model):
    """A reason code: what a person picks before an act. A shipped set, editable."""

    code = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=100)
    text = models.TextField(blank=True, help_text=_("what the host or user is told"))
    translations = models.JSONField(
        default=dict,
        blank=True,
        help_text='code of settings.LANGUAGES -> {"title": ..., "text": ...}',
    )
    key = models.PositiveSmallIntegerField(help_text=_("1-9: the key that selects it"))
    is_active = models.BooleanField(default=True)
    hold_seconds = models.PositiveIntegerField(
        default=600,
        help_text=_("how long after an end the room is ended again if it re-opens; 0: never"),
    )
    hold_while_banned = models.BooleanField(
        default=True, help_text=_("also ends the room again for as long as the host is banned")
    )

    class Meta:
        ordering = ["key", "code"]
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its title in the language of whoever looks."""
        return self.title_in(get_language() or "")

    def title_in(self, language: str) -> str:
        """Its title in a language; as it was first written where there is none in it."""
        return str(self._in(language).get("title") or self.title)

    def text_in(self, language: str) -> str:
        """What the host or user is told, in a language; the title for want of words."""
        return str(self._in(language).get("text") or self.text or self.title_in(language))

    def _in(self, language: str) -> dict[str, str]:
        own = self.translations.get(language)
        return own if isinstance(own, dict) else {}


class StaffProfile(models.Model):
    """What the console adds to a person's account: the public code name."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff"
    )
    code_name = models.CharField(max_length=40, unique=True)
    must_change_password = models.BooleanField(
        default=False, help_text="somebody else knows it: no page is served before it is changed"
    )
    undo_seconds = models.PositiveSmallIntegerField(
        null=True, help_text="the person's own time to take an act back; none: the installation's"
    )

    def __str__(self) -> str:
        return self.code_name


class ApiToken(models.Model):
    """What the platform's backend shows to the HTTP API.

    The token itself is shown once; only its hash is kept.
    """

    name = models.CharField(
        max_length=40, unique=True, help_text=_("who uses it; shown in the audit log")
    )
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token, hex")
    hint = models.CharField(max_length=8, help_text="its first characters, to tell tokens apart")
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField(default=database_time.now, editable=False)
    made_by_name = models.CharField(max_length=150)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["name"]
        default_permissions = ()
        permissions = [("manage_tokens", "may make and revoke tokens of the API")]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> str:
        """Whom the record names for what is done with this token."""
        return f"api:{self.name}"


class ApiRequest(models.Model):
    """A request that changed something, and what it was answered: sent again it gets the same
    answer and changes nothing.
    """

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=200, help_text="Idempotency-Key, made by the caller")
    digest = models.CharField(max_length=64, help_text="SHA-256 of address and body, hex")
    answer = models.JSONField(default=dict)
    at = models.DateTimeField(default=database_time.now, editable=False, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token", "key"], name="one_request_per_token_and_key")
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.token_id} {self.key}"
