"""POST /api/auth/password-reset: mails a link to a new password, if a user has that address; the answer never tells."""

from roster.api.results import Accepted
from roster.links.inputs import LinkRequest
from roster.wiring import limits, links
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(body: LinkRequest) -> Accepted:
    limits.require_account("POST /api/auth/password-reset", body.email)
    links.service().request_reset(body.email)
    return Accepted()
