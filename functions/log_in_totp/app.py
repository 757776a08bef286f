"""POST /api/auth/login/totp: the second step of a login: opens a session for a challenge and a code."""

from roster.api.results import Login
from roster.auth.client import Client
from roster.second_steps.inputs import SecondCredentials
from roster.wiring import grants, second_steps, users
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(body: SecondCredentials, client: Client) -> Login:
    waiting = second_steps.service().finish(body.challenge, body.code)
    grant = grants.service().open(waiting.factor.user_id, client, waiting.password_changed_at)
    return Login.of(grant, users.service().get(grant.caller.user_id, grant.caller))
