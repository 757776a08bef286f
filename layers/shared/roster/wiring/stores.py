"""The connections of this process: made on first use, kept for its life."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from roster.infrastructure import aws_credentials, iam_tokens, settings, snapshots
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
        sign_in=to_database,
        renew=aws_credentials.forget,
    )


@once
def cache() -> Cache | None:
    """Return the one cache, None where none is configured."""
    url = settings.redis_url()
    if not url:
        return None
    return Cache(url, _password_of_cache if settings.redis_auth() == "iam" else None)


def load() -> None:
    """Load what the first question to the database would load, without asking it anything."""
    import roster.infrastructure.database  # noqa: F401, PLC0415


def reconnect() -> None:
    """Use new connections from now on: those at hand came with a snapshot, and others have them as well."""
    for left in database.forget():
        left.close()
    for kept in cache.made():
        if kept is not None:
            kept.reconnect()


def close() -> None:
    """Close all connections: before the code is loaded anew."""
    for opened in (*database.forget(), *cache.forget()):
        if opened is not None:
            opened.close()


def to_database() -> Mapping[str, str]:
    """Return what the address leaves open of user and password; a token of IAM is made for each connection."""
    if settings.database_auth() == "password":
        user = settings.database_user()
        return {"user": user} if user else {}
    user, address = settings.database_iam_user(), urlsplit(settings.database_url())
    return {"user": user, "password": iam_tokens.for_database(address.hostname or "", address.port or 5432, user)}


def _password_of_cache(user: str) -> str:
    return iam_tokens.for_cache(settings.redis_name(), user)


snapshots.before_snapshot(load)
snapshots.after_restore(reconnect)
