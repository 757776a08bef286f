"""Which source addresses are one source."""

import ipaddress
from functools import lru_cache

_NETWORK_BITS = 64


def source(address: object) -> str:
    """
    Return what stands for a source: an IPv4 address, or the /64 that an IPv6 address lies in.

    A subscriber has at least a /64 of IPv6 (RFC 6177). All that is no address is one source.
    """
    return _read(str(address).strip())


@lru_cache(maxsize=256)
def _read(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    network = int(parsed) >> _NETWORK_BITS << _NETWORK_BITS
    return f"{ipaddress.IPv6Address(network)}/{_NETWORK_BITS}"
