"""The connections of this process: made on first use, kept for its life."""

from typing import TYPE_CHECKING

from roster.infrastructure import settings
from roster.infrastructure.cache import Cache
from roster.wiring.once import once

if TYPE_CHECKING:
    from roster.infrastructure.database import Database


@once
def database() -> "Database":
    """Return the one database; psycopg2 is loaded here, by who asks it something first, and not by an import."""
    from roster.infrastructure.database import Database  # noqa: PLC0415 (see above)

    return Database(
        settings.database_url(),
        pool_max=settings.database_pool_max(),
        idle_seconds=settings.database_idle_seconds(),
    )


@once
def cache() -> Cache | None:
    """Return the one cache, None where none is configured."""
    url = settings.redis_url()
    return Cache(url) if url else None


def close() -> None:
    """Close all connections: before the code is loaded anew."""
    for opened in (*database.forget(), *cache.forget()):
        if opened is not None:
            opened.close()
