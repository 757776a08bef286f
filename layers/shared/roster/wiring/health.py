"""Whether the parts answer."""

from roster.infrastructure.health import Health, Part, examine
from roster.wiring import stores


def check() -> Health:
    """Ask PostgreSQL, without which nothing works, and Redis, without which all is slower."""
    cache = stores.cache()
    parts = [Part("database", lambda: stores.database().answers(), is_vital=True)]
    if cache is not None:
        parts.append(Part("cache", cache.ping, is_vital=False))
    return examine(parts)
