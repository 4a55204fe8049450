"""Log-ins, log-outs and refused log-ins enter the record."""

from typing import Any

from moderation import audit


def logged_in(sender: Any, user: Any, **_: Any) -> None:
    audit.record(by=user, verb="log_in", outcome="done")


def logged_out(sender: Any, user: Any, **_: Any) -> None:
    if user is not None:
        audit.record(by=user, verb="log_out", outcome="done")


def refused(sender: Any, credentials: dict[str, Any], **_: Any) -> None:
    """The name that was tried, never the password."""
    audit.record(
        by="system:log-in",
        verb="log_in",
        outcome="refused",
        account=str(credentials.get("username", ""))[:128],
    )


def locked_out(sender: Any, username: str, **_: Any) -> None:
    """Too many wrong passwords: the name is closed for this address for a while."""
    audit.record(by="system:log-in", verb="log_in", outcome="locked out", account=str(username or "")[:128])
