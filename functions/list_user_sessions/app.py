"""GET /api/users/{user_id}/sessions: a user's sessions, the one last refreshed first, for themself or an admin."""

from roster.api.request import UserPath
from roster.api.results import Page
from roster.auth.caller import Caller
from roster.sessions.models import Session
from roster.wiring import user_sessions
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(path: UserPath, caller: Caller) -> Page[Session]:
    return Page(user_sessions.service().list(path.user_id, caller), None)
