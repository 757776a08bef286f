"""GET /.well-known/jwks.json: the public keys that verify access tokens, as a JWK set (RFC 7517)."""

from roster.api.endpoint import endpoint
from roster.api.results import Cacheable
from roster.auth.discovery import KeySet
from roster.wiring import discovery


@endpoint()
def handler() -> Cacheable[KeySet]:
    return Cacheable(discovery.key_set(), max_age_seconds=300)
