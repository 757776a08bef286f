"""POST /api/users: registers a user; for anyone, or for admins only where registration is closed."""

from roster.api.results import Accepted, Created
from roster.auth.caller import Caller
from roster.idempotency.models import IdempotencyKey
from roster.users.inputs import Registration
from roster.users.models import User
from roster.wiring import registration, tokens
from roster.wiring.endpoint import endpoint


@endpoint(verify=tokens.verify)
def handler(body: Registration, caller: Caller | None, key: IdempotencyKey) -> Created[User] | Accepted:
    user, is_replayed = registration.service().add(body.email, body.name, body.password, caller, key)
    return Created(user, str(user.id), is_replayed) if user else Accepted(is_replayed=is_replayed)
