"""POST /api/auth/login: opens a session for an email address and a password, or asks for a code as well."""

from roster.api.results import Login
from roster.auth.client import Client
from roster.auth.inputs import Credentials
from roster.second_steps.models import SecondStep
from roster.wiring import auth, grants, limits, second_steps, users
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(body: Credentials, client: Client) -> Login | SecondStep:
    limits.require_account("POST /api/auth/login", body.email)
    account = auth.service().log_in(body.email, body.password)
    if account.has_second_factor:
        return second_steps.service().begin(account)
    grant = grants.service().open(account.user_id, client, account.password_changed_at)
    return Login.of(grant, users.service().get(grant.caller.user_id, grant.caller))
