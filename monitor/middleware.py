"""Language and time zone of the person who asks; for everybody else the browser's language and the console's zone."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from monitor import preferences

Handler = Callable[[HttpRequest], HttpResponse]


def of_the_person(get_response: Handler) -> Handler:
    """After AuthenticationMiddleware and LocaleMiddleware. Whoever has no session costs no question."""

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
