"""GET /.well-known/openid-configuration: where a verifier of our tokens finds what it needs (OpenID Discovery 1.0)."""

from roster.api.endpoint import endpoint
from roster.api.results import Cacheable
from roster.auth.discovery import Discovery
from roster.wiring import discovery


@endpoint()
def handler() -> Cacheable[Discovery]:
    return Cacheable(discovery.document(), max_age_seconds=300)
