"""All SQL about logins that wait for a code."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from roster.auth.statements import IS_ACTIVE
from roster.second_factors import postgres as second_factors
from roster.second_factors.repository import Proof
from roster.second_steps.repository import LIFE_SECONDS, TRIES, InvalidChallengeError, NewStep, SecondSteps, Waiting

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor

    from roster.infrastructure.database import Database

# What nobody finished goes when somebody begins.
_SWEEP = """
    DELETE FROM login_challenges WHERE token_hash IN (
        SELECT token_hash FROM login_challenges WHERE expires_at <= now()
        ORDER BY expires_at LIMIT 10 FOR UPDATE SKIP LOCKED
    )
"""

# The factor is locked, so that its end comes before or after: after, and it ends this too.
_ADD = """
    INSERT INTO login_challenges (token_hash, user_id, password_changed_at, tries_left, expires_at)
    SELECT %(token_hash)s, user_id, %(password_changed_at)s, %(tries)s, now() + %(life_seconds)s * interval '1 second'
    FROM second_factors
    WHERE user_id = %(user_id)s AND confirmed_at IS NOT NULL
    FOR KEY SHARE
"""

# A try is taken before anything is compared, so that many at once learn no more than one after the other.
_TAKE_TRY = f"""
    UPDATE login_challenges SET tries_left = tries_left - 1
    FROM second_factors
    JOIN users ON users.id = second_factors.user_id
    JOIN user_passwords ON user_passwords.user_id = users.id
    WHERE token_hash = %(token_hash)s AND tries_left > 0 AND expires_at > now()
        AND second_factors.user_id = login_challenges.user_id
        AND user_passwords.changed_at = login_challenges.password_changed_at
        AND {IS_ACTIVE}
    RETURNING user_passwords.changed_at, {second_factors.COLUMNS}
"""

_FINISH = "DELETE FROM login_challenges WHERE token_hash = %(token_hash)s AND user_id = %(user_id)s"


class PostgresSecondSteps(SecondSteps):
    """Implements `SecondSteps` on PostgreSQL, by its clock."""

    def __init__(self, database: Callable[[], "Database"], life_seconds: float = LIFE_SECONDS) -> None:
        self._database = database
        self._life_seconds = life_seconds

    def add(self, new: NewStep) -> None:
        values = {**new._asdict(), "tries": TRIES, "life_seconds": self._life_seconds}

        def add(cursor: "Cursor") -> None:
            cursor.execute(_SWEEP)
            cursor.execute(_ADD, values)

        self._database().transaction(add)

    def take_try(self, token_hash: bytes) -> Waiting | None:
        def take(cursor: "Cursor") -> Waiting | None:
            cursor.execute(_TAKE_TRY, {"token_hash": token_hash})
            row = cursor.fetchone()
            return None if row is None else Waiting(row[0], second_factors.factor_of(row[1:]))

        return self._database().transaction(take)

    def finish(self, token_hash: bytes, user_id: int, proof: Proof) -> bool:
        def finish(cursor: "Cursor") -> bool:
            if not second_factors.use(cursor, user_id, proof):
                return False
            cursor.execute(_FINISH, {"token_hash": token_hash, "user_id": user_id})
            if cursor.rowcount != 1:
                raise InvalidChallengeError  # rolls back, so that the code is not used up
            return True

        return self._database().transaction(finish)
