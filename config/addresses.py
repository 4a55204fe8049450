"""Whose address a request comes from, for log-in throttling."""

from django.conf import settings
from django.http import HttpRequest


def of_client(request: HttpRequest) -> str:
    """The peer's address; behind our proxy, the one it appended to X-Forwarded-For.

    Only the last entry was written by our own proxy; the ones before it are whatever the client sent.
    """
    if settings.BEHIND_PROXY:
        forwarded = str(request.headers.get("x-forwarded-for", "")).rsplit(",", 1)[-1].strip()
        if forwarded:
            return forwarded
    return str(request.META.get("REMOTE_ADDR", ""))
