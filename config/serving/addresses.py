"""Whose address a request comes from, for log-in throttling."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

from rooms.infra.client_address import parsed


def of_client(request: HttpRequest) -> str:
    """The peer's address as `network_of` counts it; behind our proxy, the one it appended to
    X-Forwarded-For.

    Only the last entry was written by our own proxy; the ones before it are whatever the client
    sent.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if settings.BEHIND_PROXY:
        forwarded = str(request.headers.get("x-forwarded-for", "")).rsplit(",", 1)[-1]
        return network_of(forwarded) or network_of(peer)
    return network_of(peer)


def network_of(text: str) -> str:
    """An IPv4 address, or the first address of an IPv6 /64, which is what one household has; "" for
    anything else.

    Some proxies append the client's port: `192.0.2.7:4711`, `[2001:db8::1]:4711`.
    """
    address = parsed(text)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address or "")
