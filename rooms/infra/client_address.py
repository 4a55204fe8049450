"""Whose address a request comes from, and whether it is one of those that may tell us things."""

import ipaddress
from collections.abc import Iterable

from django.conf import settings

from rooms.infra.asgi import Scope

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def parsed(text: str) -> Address | None:
    """The address as a peer or a proxy writes it: perhaps with a port, a zone, quotes or brackets;
    None: it is none.
    """
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def caller(scope: Scope) -> Address | None:
    """Who sends an ASGI request: the peer, or behind our proxy whom it says. None: nobody can know.

    Only the last entry of X-Forwarded-For was written by our own proxy; those before it, and the
    whole header where there is no proxy, are whatever the client sent. A proxy that says nothing
    has told us nobody: its own address is not the caller's.
    """
    if settings.BEHIND_PROXY:
        forwarded = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
        return parsed(forwarded[-1].decode("latin1").rsplit(",", 1)[-1]) if forwarded else None
    peer = scope.get("client")
    return parsed(str(peer[0])) if peer else None


def is_among(address: Address | None, networks: Iterable[Network]) -> bool:
    return address is not None and any(address in network for network in networks)
