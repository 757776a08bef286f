"""What others need to verify our access tokens: the published keys, and the document that leads there."""

from dataclasses import dataclass

PublicKey = dict[str, str]


@dataclass(frozen=True, slots=True)
class KeySet:
    """A JWK set (RFC 7517, section 5)."""

    keys: list[PublicKey]


@dataclass(frozen=True, slots=True)
class Discovery:
    """
    The metadata of an issuer (OpenID Connect Discovery 1.0, section 3; RFC 8414).

    It tells verifiers where the keys are. There is no authorization endpoint: who logs in posts JSON to
    `token_endpoint`.
    """

    issuer: str
    jwks_uri: str
    token_endpoint: str
    response_types_supported: tuple[str, ...] = ("token",)
    subject_types_supported: tuple[str, ...] = ("public",)
    id_token_signing_alg_values_supported: tuple[str, ...] = ("ES256",)


def document(issuer: str) -> Discovery:
    """Return the metadata of *issuer*; what it names lies below that address."""
    address = issuer.rstrip("/")
    return Discovery(issuer, f"{address}/.well-known/jwks.json", f"{address}/api/auth/login")
