"""Who may open a websocket: pages of this very address, nobody else's."""

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import split_domain_port, validate_host

from rooms.infra.asgi import Application, Receive, Scope, Send


class OwnOrigin:
    """Refuses a websocket whose Origin is not the host it was opened on, nor in LIVEWARDEN_ORIGINS.

    Stricter than Channels' AllowedHostsOriginValidator, which takes any port of an allowed host:
    cookies do not know ports, so another program on the same machine could read along. Same rule as
    Django's CSRF.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope.get("headers", []))
        origin = headers.get(b"origin", b"").decode("latin1").lower()
        host = headers.get(b"host", b"").decode("latin1").lower()
        application = (
            self.application if is_own(origin, host, scheme_of(headers)) else WebsocketDenier()
        )
        await application(scope, receive, send)


def scheme_of(headers: dict[bytes, bytes]) -> str:
    """What the page must have come by; "" where plain HTTP is in order (./run), or a proxy does not
    say.
    """
    if settings.BEHIND_PROXY:
        forwarded = headers.get(b"x-forwarded-proto", b"").decode("latin1").strip().lower()
        return {"wss": "https", "ws": "http"}.get(forwarded, forwarded)
    return "" if settings.PLAIN_HTTP else "https"


def is_own(origin: str, host: str, expected: str = "") -> bool:
    """Whether `origin` (scheme://host[:port]) is a page of `host`, an allowed host, by the scheme
    that is expected.
    """
    if origin in {trusted.lower() for trusted in settings.CSRF_TRUSTED_ORIGINS}:
        return True
    domain, _port = split_domain_port(host)
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        return False
    scheme, separator, rest = origin.partition("://")
    return (
        bool(separator)
        and scheme in ({expected} if expected else {"http", "https"})
        and rest == host
    )


async def close_unknown(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers a websocket on an address that does not exist, instead of URLRouter's exception."""
    await WebsocketDenier()(scope, receive, send)
