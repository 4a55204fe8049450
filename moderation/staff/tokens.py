"""The tokens of the HTTP API: making one, revoking it, and finding whose a request is.

A token is 256 random bits. It is shown once, when it is made; what is kept is its SHA-256, which
for a random secret is as good as a slow hash and costs nothing a request.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.audit import audit_log
from moderation.core.errors import Refused
from moderation.models import ApiRequest, ApiToken
from moderation.web.badge import Badge
from rooms.infra import database_time
from rooms.infra.transactions import write_turn

SCOPES: dict[str, str | Promise] = {
    "rooms:read": gettext_lazy("read rooms, figures and actions"),
    "rooms:create": gettext_lazy("create and schedule rooms"),
    "rooms:end": gettext_lazy("end streams"),
    "limits:write": gettext_lazy("set and extend time limits"),
    "bans:write": gettext_lazy("ban accounts and lift bans"),
    "gifts:report": gettext_lazy("report gifts"),
    "labels:report": gettext_lazy("report violation labels"),
    "users:report": gettext_lazy("pass on reports from users"),
}
PREFIX = "lw_"
HINT = len(PREFIX) + 4  # characters of a token that pages show, to tell tokens apart
REQUESTS_KEPT = dt.timedelta(days=7)
USED_EVERY = dt.timedelta(minutes=1)  # the last use is kept no more exactly than this


def badge(token: ApiToken, now: dt.datetime) -> Badge | None:
    """Why it opens nothing any more; None while it holds."""
    if token.revoked_at:
        return Badge(_("revoked"), "lock", "warn")
    if token.expires_at and token.expires_at <= now:
        return Badge(_("expired"), "clock", "warn")
    return None


def make(
    *, by: User, name: str, scopes: Collection[str], expires_at: dt.datetime | None
) -> tuple[ApiToken, str]:
    """A new token and its text, which nothing can show again.

    Raises Refused when the name is taken.
    """
    text = PREFIX + secrets.token_urlsafe(32)
    kept = [scope for scope in SCOPES if scope in scopes]
    try:
        with transaction.atomic():
            token = ApiToken.objects.create(
                name=name,
                digest=digest(text),
                hint=text[:HINT],
                scopes=kept,
                expires_at=expires_at,
                made_by_name=by.get_username(),
            )
            audit_log.record(
                by=by, verb="make_token", outcome="done", account=token.actor, after=state(token)
            )
    except IntegrityError:
        raise Refused(_("This name is taken.")) from None
    return token, text


def revoke(*, by: User, token: ApiToken) -> ApiToken:
    """From now on it opens nothing. A second time changes nothing."""
    with transaction.atomic():
        standing = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True)
        if standing.update(revoked_at=database_time.now(), revoked_by_name=by.get_username()):
            audit_log.record(
                by=by, verb="revoke_token", outcome="done", account=token.actor, before=state(token)
            )
    token.refresh_from_db()
    return token


def find(text: str) -> ApiToken | None:
    """The token that this text is, if it still opens something."""
    if not text.startswith(PREFIX) or len(text) > 100:
        return None
    now = database_time.now()
    in_force = Q(revoked_at__isnull=True) & (Q(expires_at__isnull=True) | Q(expires_at__gt=now))
    token = ApiToken.objects.filter(in_force, digest=digest(text)).first()
    if token is not None and (token.last_used_at is None or now - token.last_used_at > USED_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def forget_requests(limit: int = 1000) -> int:
    """Forgets what requests were answered too long ago for anybody to send them again; how many, a
    step at a time.
    """
    total = 0
    while True:
        old = ApiRequest.objects.filter(at__lt=database_time.now() - REQUESTS_KEPT).values("pk")[
            :limit
        ]
        with write_turn():
            count, _each = ApiRequest.objects.filter(
                pk__in=list(old.values_list("pk", flat=True))
            ).delete()
        total += count
        if count < limit:
            return total


def digest(text: str) -> str:
    """SHA-256, hex."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def state(token: ApiToken) -> dict[str, object]:
    """What an entry tells of a token: {"scopes": [...], "until": ISO time or "without end"}."""
    return {
        "scopes": token.scopes,
        "until": token.expires_at.isoformat() if token.expires_at else "without end",
    }
