"""Who is let in: the caller of the access token, if their session lives and they do not ask too often."""

from roster.api import limits as table
from roster.api.gate import Admission, Visit
from roster.auth.caller import Caller
from roster.errors import RosterError, UnauthenticatedError, UnavailableError
from roster.infrastructure import asked_ahead
from roster.infrastructure.fence_answers import Question
from roster.infrastructure.scripts import Call
from roster.sessions.cached import CachedStandings
from roster.sessions.postgres import PostgresStandings
from roster.users import entries
from roster.wiring import fence, limits, stores
from roster.wiring.once import once

# Routes that show the user of their path, who is asked for in the same round trip; HEAD is as GET.
_SHOW_A_USER = {f"{method} /api/users/{{user_id}}{what}" for method in ("GET", "HEAD") for what in ("", "/sessions")}


def admit(visit: Visit) -> Admission:
    """
    Let a request in, its caller with the role that they have now, after one round trip to Redis.

    Raises:
        TooManyRequestsError: If the caller, or where the request comes from, has sent too many.
        UnauthenticatedError: If the caller's session ended, or they are gone or disabled, whatever the token says.
    """
    demand, caller = table.of_visit(visit), visit.caller
    standing, shown = _questions(visit)
    counted, answer, row = _answers(limits.limiter().ask(demand), standing and standing.call, shown and shown.call)
    unused = [(shown, row), (standing, answer)]
    try:
        limits.limiter().judge(demand, counted)
        if caller is None:
            return Admission(None)
        unused.pop()
        role = standings().found(caller.user_id, caller.session_id, standing, answer)
        if role is None:
            raise UnauthenticatedError
    except RosterError:
        _give_back(unused)
        raise
    if shown:
        asked_ahead.leave(shown, row)
    return Admission(caller._replace(role=role))


@once
def standings() -> CachedStandings:
    return CachedStandings(PostgresStandings(stores.database), fence.fence())


def _questions(visit: Visit) -> tuple[Question | None, Question | None]:
    """Return what to ask about the caller and about whom they see; without PostgreSQL nobody is let in, but counted."""
    if visit.caller is None:
        return None, None
    try:
        return standings().ask(visit.caller.user_id), _question_about_shown(visit, visit.caller)
    except UnavailableError:
        limits.require(visit)
        raise


def _question_about_shown(visit: Visit, caller: Caller) -> Question | None:
    """Return None as well where the caller will be refused: nobody takes leases on what they may not see."""
    is_shown = visit.route in _SHOW_A_USER and visit.user_id is not None and caller.may_see(visit.user_id)
    return fence.fence().ask(entries.key_of(visit.user_id)) if is_shown and visit.user_id else None


def _answers(*calls: Call | None) -> list[object | None]:
    """Return the answers of one round trip; None where there was nothing to ask, or nobody."""
    cache, asked = stores.cache(), [call for call in calls if call]
    answers = iter(cache.run(*asked) if cache and asked else ())
    return [next(answers, None) if call else None for call in calls]


def _give_back(asked: list[tuple[Question | None, object]]) -> None:
    """Let nobody wait for what a refused request was to fill into the cache."""
    for question, answer in asked:
        if question:
            fence.fence().give_back(fence.fence().judge(question, answer))
