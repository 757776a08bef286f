"""
Who may act, remembered behind the fence: one entry a user, with every living session and when it ends.

A session that is not in the entry, or whose end there has come, is asked for in PostgreSQL, so opening and refreshing
sessions have nothing to invalidate. Whatever may end one, or change a role or a status, goes through the fence.
"""

import json
import time
from typing import TYPE_CHECKING, Any, get_args

from roster.auth.caller import Role
from roster.infrastructure import observability
from roster.infrastructure.fence_answers import Bypass, Hit, Miss, Question
from roster.sessions.repository import Standing, Standings, StandingsByUser

if TYPE_CHECKING:
    from roster.infrastructure.fenced_cache import FencedCache

LIFE_SECONDS = 3600

# Part of every entry: raise it when its shape changes, and entries of other releases are misses.
_SCHEMA = 1
_ROLES = get_args(Role)
_DEAD = 0.0


def key_of(user_id: int) -> str:
    return f"{{user:{user_id}}}:standing"


class CachedStandings(Standings):
    """Implements `Standings`; a gate asks in two steps, so that the question shares its one round trip."""

    def __init__(self, standings: StandingsByUser, fence: "FencedCache") -> None:
        self._standings = standings
        self._fence = fence

    def find(self, user_id: int, session_id: str) -> Role | None:
        return self._judged(self._fence.read(key_of(user_id)), user_id, session_id)

    def ask(self, user_id: int) -> Question | None:
        """Return what to ask Redis about that user, None if there is nothing to ask it now."""
        return self._fence.ask(key_of(user_id))

    def found(self, user_id: int, session_id: str, question: Question | None, answer: object) -> Role | None:
        """As `find`, when *question* was asked and answered."""
        outcome = self._fence.judge(question, answer) if question else Bypass()
        outcome = self._fence.settled(key_of(user_id), outcome)
        return self._judged(outcome, user_id, session_id)

    def _judged(self, outcome: Hit | Miss | Bypass, user_id: int, session_id: str) -> Role | None:
        if isinstance(outcome, Hit):
            standing = _decoded(outcome.value, user_id)
            end = standing.ends.get(session_id) if standing else None
            if standing and end is not None and (end == _DEAD or end > time.time()):
                observability.count("CacheHits")
                return standing.role if end else None
            # It did not help: it is filled anew.
            outcome = self._fence.read(key_of(user_id), anew=True)
        observability.count("CacheSkips" if isinstance(outcome, Bypass) else "CacheMisses")
        with self._fence.asking(outcome):
            if isinstance(outcome, Miss) and outcome.token:
                role = self._filled(outcome, user_id, session_id)
            else:
                role = self._standings.find(user_id, session_id)
        return role

    def _filled(self, miss: Miss, user_id: int, session_id: str) -> Role | None:
        standing = self._standings.of(user_id)
        if standing is None:
            self._fence.give_back(miss)
            return None
        # No session comes back to life, so one that is dead may be remembered as that.
        ends = {session_id: _DEAD, **standing.ends}
        self._fence.fill(miss, json.dumps([_SCHEMA, user_id, standing.role, ends]).encode())
        return standing.role if ends[session_id] else None


def _decoded(entry: bytes, user_id: int) -> Standing | None:
    """Return the remembered standing; anything odd about the entry makes it a miss."""
    try:
        schema, owner, role, ends = json.loads(entry)
    except (ValueError, TypeError, RecursionError):
        schema, owner, role, ends = None, None, None, None
    is_ours = [type(schema), type(owner), schema, owner] == [int, int, _SCHEMA, user_id]
    if is_ours and role in _ROLES and _are_ends(ends):
        return Standing(role, ends)
    observability.count("CacheEntryRefused")
    return None


def _are_ends(ends: Any) -> bool:
    return isinstance(ends, dict) and all(type(end) is float and end >= _DEAD for end in ends.values())
