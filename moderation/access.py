"""The guard of every view: log-in (by middleware), method, permission."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

View = Callable[..., HttpResponse]


class PersonRequest(HttpRequest):
    """A request behind `may`: somebody is logged in."""

    user: User


def may(permission: str, *methods: str) -> Callable[[View], View]:
    """Only with `permission` ("moderation.end_stream"); only by `methods` (default GET and HEAD). Else 403 or 405."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perm(permission):
                return refused(request, _("Your role may not do this."), status=403)
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return require_http_methods(list(methods) or ["GET", "HEAD"])(guarded)

    return decorate


def refused(request: HttpRequest, words: str, *, status: int) -> HttpResponse:
    """A refusal in plain words: a fragment for htmx, a page for everybody else."""
    partial = bool(request.headers.get("HX-Request"))
    template = "moderation/_refused.html" if partial else "moderation/refused.html"
    return render(request, template, {"words": words}, status=status)
