"""POST /api/auth/refresh: a new access token and the next refresh token for a refresh token."""

from roster.api.results import Login
from roster.auth.client import Client
from roster.sessions.inputs import Refresh
from roster.wiring import grants, users
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(body: Refresh, client: Client) -> Login:
    grant = grants.service().refresh(body.refresh_token, client)
    return Login.of(grant, users.service().get(grant.caller.user_id, grant.caller))
