"""Which addresses the console may ask for a picture.

A playlist names addresses as it likes. Without a guard whoever broadcasts could have the console
ask the machines beside it. So: http and https, and every IP that a name stands for is looked at
when the connection is made, on each hop; a name that is looked up twice could change in between.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

LONGEST = 4000  # characters of an address
# They carry an IPv4 address inside, whatever that is.
TUNNELS = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))


class RefusedAddress(OSError):
    """The console does not ask this one."""


def is_public(ip: IPv4Address | IPv6Address) -> bool:
    """Whether it may be anybody's on the internet: not of this machine, its networks, or a group
    of machines.
    """
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped:
            return is_public(ip.ipv4_mapped)
        if any(ip in tunnel for tunnel in TUNNELS):
            return False
    return ip.is_global and not ip.is_multicast


def check(url: str, *, private: bool) -> str:
    """The address, when it may be asked as far as its text tells. private: addresses of one's own
    networks may be too.

    Raises RefusedAddress. Names are looked at when they are resolved (`Resolver`).
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise RefusedAddress("no address") from None
    if len(url) > LONGEST or parts.scheme not in {"http", "https"} or not host:
        raise RefusedAddress("no address of the web")
    if parts.username is not None or any(ord(char) <= 32 for char in url):
        raise RefusedAddress("no plain address")
    try:
        ip = ip_address(host.partition("%")[0])
    except ValueError:
        return url  # a name
    if not private and not is_public(ip):
        raise RefusedAddress("a private address")
    return url


class Resolver(AbstractResolver):
    """Names to addresses, public ones only unless `private`. aiohttp connects to what this
    answered and to nothing else.
    """

    def __init__(self, *, private: bool) -> None:
        self._private = private
        self._names = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Raises RefusedAddress when one of them is private: such a name is no mistake."""
        found = await self._names.resolve(host, port, family)
        if not self._private:
            for entry in found:
                if not is_public(ip_address(entry["host"].partition("%")[0])):
                    raise RefusedAddress("a private address")
        return found

    async def close(self) -> None:
        await self._names.close()
