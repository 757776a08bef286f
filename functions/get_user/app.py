"""GET /api/users/{user_id}: one user, for themself or an admin."""

from roster.api.request import UserPath
from roster.auth.caller import Caller
from roster.users.models import User
from roster.wiring import users
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(path: UserPath, caller: Caller) -> User:
    return users.service().get(path.user_id, caller)
