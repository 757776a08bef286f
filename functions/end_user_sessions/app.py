"""DELETE /api/users/{user_id}/sessions: ends all of a user's sessions, for themself or an admin."""

from roster.api.request import UserPath
from roster.auth.caller import Caller
from roster.wiring import user_sessions
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(path: UserPath, caller: Caller) -> None:
    user_sessions.service().end_all(path.user_id, caller)
