"""What a view is given."""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


class PersonRequest(HttpRequest):
    """A request behind `may`: somebody is logged in."""

    user: User
