"""Who is let in: the caller as the access token says, if the session behind it still lives."""

from roster.api.gate import Admission, Visit
from roster.errors import UnauthenticatedError
from roster.sessions.postgres import PostgresStandings
from roster.sessions.repository import Standings
from roster.wiring import limits, stores
from roster.wiring.once import once


def admit(visit: Visit) -> Admission:
    """
    Let a request in, its caller with the role that they have now.

    Raises:
        TooManyRequestsError: If the caller, or where the request comes from, has sent too many.
        UnauthenticatedError: If the caller's session ended, or they are gone or disabled, whatever the token says.
    """
    limits.require(visit)
    if visit.caller is None:
        return Admission(None)
    role = standings().find(visit.caller.user_id, visit.caller.session_id)
    if role is None:
        raise UnauthenticatedError
    return Admission(visit.caller._replace(role=role))


@once
def standings() -> Standings:
    return PostgresStandings(stores.database)
