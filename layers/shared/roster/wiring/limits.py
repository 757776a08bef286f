"""How often anyone may do anything: counted on Redis, and without it on PostgreSQL or in this process."""

from roster.api import limits
from roster.api.gate import Visit
from roster.auth import address
from roster.infrastructure.rate_limits.limiter import Limiter
from roster.infrastructure.rate_limits.memory import MemoryBuckets
from roster.infrastructure.rate_limits.postgres import PostgresBuckets
from roster.wiring import stores
from roster.wiring.once import once


def require(visit: Visit) -> None:
    """
    Count a request for its caller and its source.

    Raises:
        TooManyRequestsError: If there were too many.
    """
    limiter().require(limits.of_visit(visit))


def require_account(route: str, email: str) -> None:
    """
    Count a request of *route* that names the account with that address, whether or not there is one.

    Raises:
        TooManyRequestsError: If that happens too often.
    """
    limiter().require(limits.of_account(route, address.fingerprint(address.parse(email).canonical)))


@once
def limiter() -> Limiter:
    return Limiter(stores.cache(), shared=PostgresBuckets(stores.database), own=MemoryBuckets())
