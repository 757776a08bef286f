"""Logging in: accounts on PostgreSQL, tokens signed with the private key."""

from roster.auth import passwords, tokens
from roster.auth.caller import Caller
from roster.auth.postgres import PostgresAccounts, PostgresLoginFailures
from roster.auth.service import Authentication, Grant
from roster.infrastructure import keys, settings
from roster.wiring import stores
from roster.wiring.once import once


@once
def service() -> Authentication:
    passwords.prepare()
    return Authentication(PostgresAccounts(stores.database), PostgresLoginFailures(stores.database), _grant)


def _grant(caller: Caller) -> Grant:
    life_seconds = settings.access_token_seconds()
    token = tokens.issue(caller, key=_signing_key(), issuer=settings.token_issuer(), life_seconds=life_seconds)
    return Grant(caller, token, life_seconds)


@once
def _signing_key() -> keys.SigningKey:
    return keys.read_signing_key(settings.signing_key())
