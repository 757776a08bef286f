"""POST /api/auth/logout: ends the caller's session, or all of their sessions."""

from roster.auth.caller import Caller
from roster.sessions.inputs import LogOut
from roster.wiring import sessions
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(body: LogOut | None, caller: Caller) -> None:
    sessions.service().log_out(caller, everywhere=body is not None and body.everywhere)
