"""What a view is given."""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

View = Callable[..., HttpResponse]


class PersonRequest(HttpRequest):
    """A request behind `may`: somebody is logged in. htmx: false for a browser that loads a
    page.
    """

    user: User
    htmx: HtmxDetails
