"""POST /api/users: registers a user; for anyone, or for admins only where registration is closed."""

from roster.api.results import Accepted, Created
from roster.auth.caller import Caller
from roster.users.inputs import Registration
from roster.users.models import User
from roster.wiring import registration, tokens
from roster.wiring.endpoint import endpoint


@endpoint(verify=tokens.verify)
def handler(body: Registration, caller: Caller | None) -> Created[User] | Accepted:
    user = registration.service().add(body.email, body.name, body.password, caller)
    return Created(user, str(user.id)) if user else Accepted()
