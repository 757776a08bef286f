"""POST /api/auth/login: an access token for an email address and a password."""

from roster.api.endpoint import endpoint
from roster.api.results import Login
from roster.auth.inputs import Credentials
from roster.wiring import auth, users


@endpoint()
def handler(body: Credentials) -> Login:
    grant = auth.service().log_in(body.email, body.password)
    user = users.service().get(grant.caller.user_id, grant.caller)
    return Login(grant.access_token, "Bearer", grant.expires_in, user)
