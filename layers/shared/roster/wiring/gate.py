"""Who is let in: the caller of the access token, if their session lives and they do not ask too often."""

from roster.api import limits as table
from roster.api.gate import Admission, Visit
from roster.errors import UnauthenticatedError, UnavailableError
from roster.infrastructure.fenced_cache import Question
from roster.infrastructure.scripts import Call
from roster.sessions.cached import CachedStandings
from roster.sessions.postgres import PostgresStandings
from roster.wiring import fence, limits, stores
from roster.wiring.once import once


def admit(visit: Visit) -> Admission:
    """
    Let a request in, its caller with the role that they have now, after one round trip to Redis.

    Raises:
        TooManyRequestsError: If the caller, or where the request comes from, has sent too many.
        UnauthenticatedError: If the caller's session ended, or they are gone or disabled, whatever the token says.
    """
    demand, question, caller = table.of_visit(visit), _question(visit), visit.caller
    counted, answer = _answers(limits.limiter().ask(demand), question and question.call)
    limits.limiter().judge(demand, counted)
    if caller is None:
        return Admission(None)
    role = standings().found(caller.user_id, caller.session_id, question, answer)
    if role is None:
        raise UnauthenticatedError
    return Admission(caller._replace(role=role))


@once
def standings() -> CachedStandings:
    return CachedStandings(PostgresStandings(stores.database), fence.fence())


def _question(visit: Visit) -> Question | None:
    """Return what to ask about the caller; without PostgreSQL nobody is let in, but everybody is counted."""
    try:
        return standings().ask(visit.caller.user_id) if visit.caller else None
    except UnavailableError:
        limits.require(visit)
        raise


def _answers(*calls: Call | None) -> list[object | None]:
    """Return the answers of one round trip; None where there was nothing to ask, or nobody."""
    cache, asked = stores.cache(), [call for call in calls if call]
    answers = iter(cache.run(*asked) if cache and asked else ())
    return [next(answers, None) if call else None for call in calls]
