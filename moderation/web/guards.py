"""The guard of every view: log-in (by middleware), method, permission; and what a refused order is
answered.
"""

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from moderation.core.errors import Refused
from moderation.web.requests import View
from moderation.web.responses import refused


def may(permission: str, *methods: str) -> Callable[[View], View]:
    """Only with `permission` ("moderation.end_stream"); only by `methods` (default GET and HEAD).

    Else 403 or 405.

    A view may raise Refused: it is answered with its words and status, here and nowhere else.
    """

    taken = methods or ("GET", "HEAD")

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.method not in taken:
                answer = refused(
                    request,
                    _("This address cannot be opened by itself: a form uses it."),
                    status=405,
                )
                answer.headers["Allow"] = ", ".join(taken)
                return answer
            if not request.user.has_perm(permission):
                return refused(request, _("Your role may not do this."), status=403)
            try:
                return view(request, *args, **kwargs)
            except Refused as refusal:
                return refused(request, refusal.message, status=refusal.status)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate
