"""DELETE /api/users/{user_id}: erases a user's personal data, for themself or an admin."""

from roster.api.request import IfMatch, UserPath
from roster.auth.caller import Caller
from roster.wiring import users
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(path: UserPath, if_match: IfMatch, caller: Caller) -> None:
    users.service().remove(path.user_id, if_match.versions(path.user_id), caller)
