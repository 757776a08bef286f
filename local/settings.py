"""The environment variables that the handlers get locally."""

import json
import os
from typing import Any

from local.backends import Backends
from local.errors import LocalStackError
from local.home import Home, write_private
from local.model import SIGN_IN, Project

_POOL_MAX, _IDLE_SECONDS, _LEASE_SECONDS = "20", "30", "1"


def set_environment(project: Project, backends: Backends, home: Home, issuer: str) -> None:
    """Set what the template says, with what is local in place of what only a deployment has."""
    os.environ.update(project.environment)
    os.environ.update(
        DATABASE_URL=backends.functions_url,
        REDIS_URL=backends.redis_url,
        DATABASE_POOL_MAX=_POOL_MAX,
        DATABASE_IDLE_SECONDS=_IDLE_SECONDS,
        CACHE_LEASE_SECONDS=_LEASE_SECONDS,
        JWT_ISSUER=issuer,
        MAIL_FOLDER=str(home.mail),
        **SIGN_IN,
        **_read_keys(home),
    )
    os.environ.setdefault("LOG_EXCEPTION_MESSAGES", "yes")  # it is the developer's own data


def make_keys(home: Home) -> None:
    """
    Make the keys that there are none of yet: so tokens, second factors and cursors outlive a restart.

    The layer must be on the path.
    """
    from roster.infrastructure import derived_keys, keys, sealing  # noqa: PLC0415 (the layer is on the path only now)

    kept = _kept(home) if home.keys.exists() else {**keys.generate()._asdict()}
    makers = {"second_factors": sealing.generate, "api_secret": derived_keys.generate}
    made = {name: make() for name, make in makers.items() if name not in kept}
    if made:
        write_private(home.keys, json.dumps({**kept, **made}))


def _read_keys(home: Home) -> dict[str, str]:
    kept = _kept(home)
    return {
        "JWT_SIGNING_KEY": str(kept["private"]),
        "JWT_PUBLIC_KEYS": str(kept["public"]),
        "SECOND_FACTOR_KEYS": str(kept["second_factors"]),
        "API_SECRET": str(kept["api_secret"]),
    }


def _kept(home: Home) -> dict[str, Any]:
    try:
        kept = json.loads(home.keys.read_text())
        return {"private": kept["private"], "public": kept["public"], **kept}
    except (OSError, ValueError, KeyError, TypeError):
        raise LocalStackError(
            f"The keys in {home.keys} are broken. Delete that file and new ones are made; "
            "who is logged in must log in again, and second factors are lost."
        ) from None
