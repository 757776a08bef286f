"""POST /api/users: registers a user; for anyone, or for admins only where registration is closed."""

from roster.api.endpoint import endpoint
from roster.api.request import BearerToken
from roster.api.results import Created
from roster.users.inputs import Registration
from roster.users.models import User
from roster.wiring import registration, tokens


@endpoint()
def handler(body: Registration, token: BearerToken | None) -> Created[User]:
    caller = tokens.verify(token.text) if token else None
    user = registration.service().add(body.email, body.name, body.password, caller)
    return Created(user, str(user.id))
