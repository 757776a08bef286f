"""The environment variables that the handlers get locally."""

import json
import os

from local.backends import Backends
from local.errors import LocalStackError
from local.home import Home, write_private
from local.model import Project

_POOL_MAX, _IDLE_SECONDS, _LEASE_SECONDS = "20", "30", "1"


def set_environment(project: Project, backends: Backends, home: Home, issuer: str) -> None:
    """Set what the template says, with what is local in place of what only a deployment has."""
    os.environ.update(project.environment)
    os.environ.update(
        DATABASE_URL=backends.database_url,
        REDIS_URL=backends.redis_url,
        DATABASE_POOL_MAX=_POOL_MAX,
        DATABASE_IDLE_SECONDS=_IDLE_SECONDS,
        CACHE_LEASE_SECONDS=_LEASE_SECONDS,
        JWT_ISSUER=issuer,
        MAIL_FOLDER=str(home.mail),
        **_read_keys(home),
    )
    os.environ.setdefault("LOG_EXCEPTION_MESSAGES", "yes")  # it is the developer's own data


def make_keys(home: Home) -> None:
    """Make the signing key pair unless there is one: so tokens outlive a restart. The layer must be on the path."""
    if home.keys.exists():
        return
    from roster.infrastructure import keys  # noqa: PLC0415 (the layer is on the path only now)

    made = keys.generate()
    write_private(home.keys, json.dumps({"private": made.private, "public": made.public}))


def _read_keys(home: Home) -> dict[str, str]:
    try:
        pair = json.loads(home.keys.read_text())
        return {"JWT_SIGNING_KEY": str(pair["private"]), "JWT_PUBLIC_KEYS": str(pair["public"])}
    except (OSError, ValueError, KeyError, TypeError):
        raise LocalStackError(
            f"The signing keys in {home.keys} are broken. Delete that file and new ones are made; "
            "who is logged in must log in again."
        ) from None
