"""Sessions, and who may act by them."""

from collections.abc import Callable

from roster.auth.client import Client
from roster.sessions.repository import Lifetime, NewSession, Rotation

from benchmarks.plans import sample
from benchmarks.plans.adapters import Adapters
from benchmarks.plans.sample import HEAVY_ID, ORDINARY_ID

_HERE = Client("203.0.113.7", "a browser")
_LIFE = Lifetime(3600, 7200)
_SESSION = sample.session_id(ORDINARY_ID)
_TOKEN = sample.hashed(f"token {ORDINARY_ID}")
_USED = sample.hashed(f"used {2 * ORDINARY_ID}")


def _a_session(user_id: int) -> NewSession:
    return NewSession(sample.session_id(0), user_id, sample.hashed("a new token"), _HERE, None)


def _rotation(old_hash: bytes) -> Rotation:
    return Rotation(old_hash, sample.hashed("a new token"), b"seed", _HERE)


CASES: dict[str, Callable[[Adapters], object]] = {
    "a login": lambda on: on.sessions.add(_a_session(ORDINARY_ID), _LIFE),
    "a login of who has all sessions": lambda on: on.sessions.add(_a_session(HEAVY_ID), _LIFE),
    "a refresh": lambda on: on.sessions.rotate(_rotation(_TOKEN), _LIFE),
    "a refresh by a used token": lambda on: on.sessions.rotate(_rotation(_USED), _LIFE),
    "a refresh by a guess": lambda on: on.sessions.rotate(_rotation(sample.hashed("a guess")), _LIFE),
    "a user's sessions": lambda on: on.sessions.all_of(ORDINARY_ID),
    "a user's sessions, all of them": lambda on: on.sessions.all_of(HEAVY_ID),
    "a logout": lambda on: on.sessions.remove(ORDINARY_ID, _SESSION),
    "a session whose token two have": lambda on: on.sessions.remove_reused(ORDINARY_ID, _SESSION),
    "a logout everywhere": lambda on: on.sessions.remove_all(HEAVY_ID),
    "whether a session lives": lambda on: on.standings.find(ORDINARY_ID, _SESSION),
    "a user's standing": lambda on: on.standings.of(ORDINARY_ID),
    "a user's standing in all sessions": lambda on: on.standings.of(HEAVY_ID),
}
