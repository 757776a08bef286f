"""Logins and refreshes: sessions whose access tokens are signed with the private key."""

from roster.auth import tokens
from roster.auth.caller import Caller
from roster.infrastructure import keys, secret_values, settings
from roster.infrastructure.keys import KeySetError, SigningKey
from roster.infrastructure.last_good import LastGood
from roster.sessions.grants import Grants
from roster.sessions.repository import Lifetime
from roster.wiring import sessions
from roster.wiring.once import once


@once
def service() -> Grants:
    lifetime = Lifetime(settings.session_idle_seconds(), settings.session_seconds())
    return Grants(sessions.repository(), _signed, lifetime)


def _signed(caller: Caller) -> tuple[str, int]:
    life_seconds = settings.access_token_seconds()
    token = tokens.issue(caller, key=_signing_key(), issuer=settings.token_issuer(), life_seconds=life_seconds)
    return token, life_seconds


def _signing_key() -> SigningKey:
    return _keys().of(secret_values.read(settings.signing_key()))


@once
def _keys() -> LastGood[SigningKey]:
    return LastGood(keys.read_signing_key, KeySetError)
