"""What is answered when a page cannot be made: in words, never a trace, and at once while the
database is away.
"""

import json
import sys
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views import defaults

from rooms.infra import database

RETRY_SECONDS = 2


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler for what nobody caught.

    An absent database is no failure of ours: 503, and one line in the log.
    """
    if database.note_outage(sys.exc_info()[1]):
        return unavailable(request)
    return defaults.server_error(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503 in the reader's form: a page that needs no database, or application/problem+json for
    programs.
    """
    with translation.override(translation.get_language_from_request(request)):
        if request.path_info.startswith("/api/"):
            words = _(
                "The database does not answer. Nothing was done; send the same request again."
            )
            problem = {
                "type": "about:blank",
                "title": HTTPStatus(503).phrase,
                "status": 503,
                "detail": words,
            }
            response = HttpResponse(json.dumps(problem), content_type="application/problem+json")
        else:
            response = render(
                None, "503.html", {"again": RETRY_SECONDS, "is_page": request.method == "GET"}
            )
    response.status_code = 503
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    response._has_been_logged = True  # type: ignore[attr-defined]  # else Django writes a trace for each
    return response


def while_the_database_is_away(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, before all that needs the database: nobody waits for one that others found
    away.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        return unavailable(request) if database.is_away() else get_response(request)

    return middleware
