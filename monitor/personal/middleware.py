"""What a request takes from the person who sends it: language, time zone, and whether the password
must be changed first.

Everybody else gets the browser's language and the console's zone.
"""

import zoneinfo
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation

from moderation.core.roles import must_change_password
from monitor.personal import preferences
from rooms.infra import redis

Handler = Callable[[HttpRequest], HttpResponse]


def of_the_person(get_response: Handler) -> Handler:
    """After AuthenticationMiddleware and LocaleMiddleware.

    Whoever has no session costs no question.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return get_response(request)
        chosen = preferences.of(request.user)
        if chosen.language in preferences.languages():
            translation.activate(chosen.language)
            request.LANGUAGE_CODE = chosen.language
        try:
            zone = zoneinfo.ZoneInfo(chosen.time_zone) if chosen.time_zone else None
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            zone = None  # a zone that this machine no longer knows
        with timezone.override(zone):
            return get_response(request)

    return middleware


# What a person whose password somebody else knows may still do.
BEFORE_THE_CHANGE = {"password_change", "logout", "login", "healthz", "readyz"}


def new_password_first(get_response: Handler) -> Handler:
    """After AuthenticationMiddleware: a first password must be changed before any other page is
    served.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(
        request: HttpRequest, view: Callable[..., HttpResponse], *_: object
    ) -> HttpResponse | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.resolver_match is None:
            return None
        if not must_change_password(cast(AbstractUser, request.user)):
            return None
        return (
            None
            if request.resolver_match.url_name in BEFORE_THE_CHANGE
            else redirect("password_change")
        )

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def one_wait_for_the_store(get_response: Handler) -> Handler:
    """Whatever a request asks of Redis, it waits for it in vain once at most."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with redis.one_wait():
            return get_response(request)

    return middleware


def kept_by_nobody(get_response: Handler) -> Handler:
    """No browser and no proxy keeps what was answered to a session, unless the view says how."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not response.has_header(
            "Cache-Control"
        ):
            response["Cache-Control"] = "private, no-store"
        return response

    return middleware
