"""Access tokens, verified with the public keys: loads no database, no cache and no SDK."""

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from roster.auth import tokens
from roster.auth.caller import Caller
from roster.infrastructure import keys, settings
from roster.wiring.once import once


def verify(token: str) -> Caller:
    """
    Return the caller that *token* speaks for.

    Raises:
        UnauthenticatedError: For every kind of bad token.
    """
    return tokens.verify(token, keys=_public_keys(), issuer=settings.token_issuer())


@once
def _public_keys() -> dict[str, EllipticCurvePublicKey]:
    return keys.read_public_keys(settings.public_keys())
