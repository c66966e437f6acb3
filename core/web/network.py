"""The network address of a request's client."""

import socket
from collections.abc import Collection
from functools import lru_cache
from ipaddress import IPv6Address, ip_network

from litestar.types import Scope

from core.settings import Settings
from core.web.edge import header_lines

# What one subscriber line or one hall's router usually shows to the world.
_IPV6_PREFIX = 56
_LOOPBACK = ("127.", "::1")


def client_address(scope: Scope, settings: Settings) -> str:
    """The address of the client; "" when there is none (a test transport, a Unix socket).

    X-Forwarded-For is read from the right, and only as far as every hop is a trusted
    proxy: whatever stands further left was written by somebody else. Some proxies add a header line
    of their own instead of extending the client's, so all lines are read.
    """
    client = scope.get("client")
    address = client[0] if client else ""
    if address not in settings.trusted_proxies:
        return address
    return _forwarded_for(
        header_lines(scope, b"x-forwarded-for"), address, settings.trusted_proxies
    )


@lru_cache(maxsize=4096)
def _forwarded_for(hops: str, proxy: str, trusted: Collection[str]) -> str:
    """The first address from the right that is no trusted proxy, canonically written."""
    address = proxy
    for hop in reversed(hops.split(",")):
        try:
            address = _canonical(hop.strip())
        except ValueError:
            return address
        if address not in trusted:
            return address
    return address


@lru_cache(maxsize=4096)
def network_prefix(address: str, *, ipv6_bits: int = _IPV6_PREFIX) -> str:
    """The /24 or (by default) /56 that an address lies in; "" when it is no address."""
    if _is_ipv4(address):
        return address.rpartition(".")[0] + ".0/24"
    try:
        parsed = IPv6Address(address)
    except ValueError:
        return ""
    if parsed.ipv4_mapped:
        return network_prefix(str(parsed.ipv4_mapped))
    return str(ip_network((parsed, ipv6_bits), strict=False))


def counted_network(address: str) -> str:
    """The network whose requests are counted together, as `network_prefix` writes it.

    "" for this machine itself, from which rehearsals and replays send their requests, and for
    what is no address.
    """
    return "" if address.startswith(_LOOPBACK) else network_prefix(address)


def _canonical(text: str) -> str:
    """The one way to write an address, so that two can be compared. Raises ValueError."""
    return text if _is_ipv4(text) else str(IPv6Address(text))


def _is_ipv4(text: str) -> bool:
    """Whether this is four numbers as they are always written; asked of every vote, where
    `ipaddress` takes ten times as long."""
    try:
        socket.inet_pton(socket.AF_INET, text)
    except (OSError, ValueError):
        return False
    return True
