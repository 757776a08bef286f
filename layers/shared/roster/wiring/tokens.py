"""Access tokens, verified with the public keys: loads no database, no cache and no SDK."""

from roster.auth import tokens
from roster.auth.caller import Caller
from roster.infrastructure import secret_values, settings
from roster.infrastructure.verification_keys import VerificationKeys
from roster.wiring.once import once


def verify(token: str) -> Caller:
    """
    Return the caller that *token* speaks for.

    Raises:
        UnauthenticatedError: For every kind of bad token.
    """
    return tokens.verify(token, keys=_public_keys(), issuer=settings.token_issuer())


@once
def _public_keys() -> VerificationKeys:
    return VerificationKeys(lambda max_age_seconds: secret_values.read(settings.public_keys(), max_age_seconds))
