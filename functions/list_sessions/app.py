"""GET /api/auth/sessions: the caller's sessions, the one last refreshed first."""

from roster.api.results import Page
from roster.auth.caller import Caller
from roster.sessions.models import Session
from roster.wiring import sessions
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(caller: Caller) -> Page[Session]:
    return Page(sessions.service().list(caller), None)
