"""Refusals as the API tells them: application/problem+json (RFC 9457), in words, never a stack
trace.
"""

import json
import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from moderation.core.errors import Refused
from rooms.infra import database

logger = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"
MAX_ERRORS = 20
RETRY_SECONDS = 1


class Problem(Exception):
    """A request that is not carried out. status: of HTTP; message: for whoever reads the caller's
    log; headers: more.
    """

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def answer(
    status: int,
    words: str,
    *,
    errors: Sequence[dict[str, str]] = (),
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """{"type", "title", "status", "detail"}, and "errors" [{"where", "words"}] when fields are to
    blame.
    """
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": words,
    }
    if errors:
        body["errors"] = list(errors)
    # Escaped: what a caller named a field may hold half characters.
    return HttpResponse(
        json.dumps(body), status=status, content_type=CONTENT_TYPE, headers=headers or {}
    )


def install(api: NinjaAPI) -> None:
    """Every exception of an operation becomes one of these answers."""
    handlers: dict[type[Exception], Callable[..., HttpResponse]] = {
        Problem: of_problem,
        Refused: of_refusal,
        ValidationError: of_fields,
        AuthenticationError: of_stranger,
        HttpError: of_http,
        Http404: of_nothing,
        DatabaseError: of_database,
        Exception: of_anything,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def of_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return answer(problem.status, problem.message, headers=problem.headers)


def of_refusal(request: HttpRequest, refusal: Refused) -> HttpResponse:
    return answer(refusal.status, refusal.message)


def of_fields(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [
        {"where": where(each["loc"]), "words": str(each["msg"])}
        for each in error.errors[:MAX_ERRORS]
    ]
    words = "; ".join(f"{each['where']}: {each['words']}" for each in errors[:3])
    return answer(422, words or _("The request is not as described."), errors=errors)


def where(place: Sequence[object]) -> str:
    """("body", "asked", "seconds") -> "body.seconds": the name of our own argument is nothing to
    the caller.
    """
    parts = [str(part) for part in place]
    return (
        ".".join(parts[:1] + parts[2:])
        if parts[:1] == ["body"] and len(parts) > 2
        else ".".join(parts)
    )


def of_stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    words = _("Show a token that is in force: Authorization: Bearer lw_...")
    return answer(401, words, headers={"WWW-Authenticate": "Bearer"})


def of_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the library refuses by itself: a body that is no JSON."""
    words = _("The body is not JSON.") if error.status_code == 400 else str(error)
    return answer(error.status_code, words)


def of_nothing(request: HttpRequest, error: Http404) -> HttpResponse:
    return answer(404, _("There is nothing at this address."))


def of_database(request: HttpRequest, error: DatabaseError) -> HttpResponse:
    if not database.note_outage(error):
        logger.error("The API cannot reach its data at %s", request.path, exc_info=error)
    words = _("The database does not answer. Nothing was done; send the same request again.")
    return answer(503, words, headers={"Retry-After": str(RETRY_SECONDS)})


def of_anything(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("The API failed at %s", request.path, exc_info=error)
    return answer(500, _("Something failed here. It is in the log; send the same request again."))
