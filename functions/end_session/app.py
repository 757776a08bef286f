"""DELETE /api/auth/sessions/{session_id}: ends one of the caller's sessions."""

from roster.api.request import SessionPath
from roster.auth.caller import Caller
from roster.wiring import sessions
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(path: SessionPath, caller: Caller) -> None:
    sessions.service().end(path.session_id, caller)
