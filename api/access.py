"""Who may use an operation: a token with its scope, and not more often than the setting allows.

Never a session.
"""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security.http import HttpAuthBase

from api import rates
from api.problems import Problem
from moderation.models import ApiToken
from moderation.staff import tokens

MAX_BYTES = 256 * 1024


class TokenRequest(HttpRequest):
    """A request behind Token: `auth` is whose it is."""

    auth: ApiToken


class Token(HttpAuthBase):
    """The guard of an operation. scope: one of moderation.staff.tokens.SCOPES; "": any token.
    query: the parameters that it knows: a misspelt filter would answer with everything."""

    openapi_scheme = "bearer"

    def __init__(self, scope: str, *query: str) -> None:
        super().__init__()
        self.scope = scope
        self.query = query

    def __call__(self, request: HttpRequest) -> ApiToken | None:
        """The token; None for a stranger.

        Raises Problem: 403 without the scope, 413 for too much, 422 for an unknown parameter, 429
        when it asks too often."""
        kind, _space, text = request.headers.get("Authorization", "").partition(" ")
        token = tokens.find(text.strip()) if kind.lower() == "bearer" else None
        if token is None:
            return None
        if not rates.take(token.pk, settings.API_RATE):
            words = _("At most %(most)d requests a second. Wait, and send it again.") % {
                "most": settings.API_RATE
            }
            raise Problem(429, words, Retry_After="1")
        if self.scope and self.scope not in token.scopes:
            raise Problem(403, _("This token lacks the scope %(scope)s.") % {"scope": self.scope})
        if unknown := set(request.GET) - set(self.query):
            names = ", ".join(sorted(unknown)[:5])
            raise Problem(422, _("There is no such parameter here: %(names)s.") % {"names": names})
        if int(request.headers.get("Content-Length") or 0) > MAX_BYTES:
            raise Problem(413, _("A request holds at most %(most)d bytes.") % {"most": MAX_BYTES})
        return token
