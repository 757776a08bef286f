"""POST /api/auth/verify-email: mails the caller a link that verifies their address."""

from roster.api.results import Accepted
from roster.auth.caller import Caller
from roster.wiring import links
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(caller: Caller) -> Accepted:
    links.service().request_verification(caller)
    return Accepted()
