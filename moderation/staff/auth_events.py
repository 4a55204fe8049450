"""Log-ins, log-outs and refused log-ins enter the record."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session

from moderation.audit import audit_log
from rooms.infra import database_time

KNOWN_FOR = timedelta(days=30)  # how long an address from which an account came in is known for it


def logged_in(sender: object, user: User, **_: object) -> None:
    audit_log.record(by=user, verb="log_in", outcome="done")


def logged_out(sender: object, user: User | None, **_: object) -> None:
    if user is not None:
        audit_log.record(by=user, verb="log_out", outcome="done")


def refused(sender: object, credentials: Mapping[str, object], **_: object) -> None:
    """The account that was tried, never the password."""
    audit_log.record(
        by="system:log-in",
        verb="log_in",
        outcome="refused",
        account=known(credentials.get("username")),
    )


def locked_out(sender: object, username: str, **_: object) -> None:
    """Too many wrong passwords: the name is closed for this address for a while."""
    audit_log.record(
        by="system:log-in", verb="log_in", outcome="locked out", account=known(username)
    )


def known(name: object) -> str:
    """The name when it is one of ours.

    Any other is often a password in the wrong field, and the record keeps it for ever.
    """
    name = str(name or "")
    try:
        return name if User.objects.filter(username=name).exists() else ""
    except ValueError:  # a NUL, which PostgreSQL does not take
        return ""


def record_unlocking(command: str, *, ips: str | Sequence[str], names: str | Sequence[str]) -> None:
    """A command of the operator's let somebody try again who had tried too often.

    Empty: everybody.
    """
    after = {
        "ip": [ips] if isinstance(ips, str) else list(ips),
        "username": [known(name) for name in ([names] if isinstance(names, str) else names)],
    }
    audit_log.record(by=f"system:{command}", verb="unlock", outcome="done", after=after)


def forget() -> None:
    """Deletes sessions that are over, wrong log-ins that no longer count, and who came in from
    where a month ago.
    """
    now = database_time.now()
    Session.objects.filter(expire_date__lt=now).delete()
    AccessAttempt.objects.filter(
        attempt_time__lt=now - timedelta(hours=settings.AXES_COOLOFF_TIME)
    ).delete()
    AccessLog.objects.filter(attempt_time__lt=now - KNOWN_FOR).delete()
