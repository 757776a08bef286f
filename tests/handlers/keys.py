"""The functions that make and rotate keys, on an imitated Secrets Manager."""

import json

import pytest
from roster.signing_keys import secrets_manager

from tests.builders import PASSWORD
from tests.handlers import world as worlds
from tests.rotating import PUBLIC, SEALING, SIGNING, Deployment

VARIABLES = {"JWT_SIGNING_KEY": SIGNING, "JWT_PUBLIC_KEYS": PUBLIC, "SECOND_FACTOR_KEYS": SEALING}


def deployed(monkeypatch: pytest.MonkeyPatch) -> Deployment:
    """Return a deployment without keys, whose secrets the settings name."""
    deployment = Deployment()
    for variable, name in VARIABLES.items():
        monkeypatch.setenv(variable, deployment.arns[name])
    monkeypatch.setattr(secrets_manager, "_client", lambda: deployment.client)
    return deployment


def put_into(monkeypatch: pytest.MonkeyPatch, deployment: Deployment) -> None:
    """Let handlers find what the secrets hold, as if it stood in their environment."""
    for variable, name in VARIABLES.items():
        monkeypatch.setenv(variable, json.dumps(deployment.value(name)))
    worlds.forget()


__all__ = ["PASSWORD", "deployed", "put_into"]
