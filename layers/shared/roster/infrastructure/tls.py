"""TLS with AWS: it trusts the roots of Amazon and no others, which is also far quicker to load than a whole bundle."""

import ssl
from functools import cache
from pathlib import Path

AMAZON_ROOTS = Path(__file__).with_name("amazon_roots.pem")


@cache
def context(roots: Path = AMAZON_ROOTS) -> ssl.SSLContext:
    """Return the one context that trusts *roots*; it checks certificate and name."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.load_verify_locations(roots)
    return made
