"""POST /api/auth/verify-email/confirm: verifies an address by the token of a link, or completes a registration."""

from roster.links.inputs import LinkToken
from roster.wiring import links
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(body: LinkToken) -> None:
    links.service().verify_email(body.token)
