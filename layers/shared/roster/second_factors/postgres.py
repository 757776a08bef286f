"""All SQL about second factors."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from roster.audit.postgres import origin_values, recording
from roster.infrastructure.sealed import Sealed
from roster.second_factors.repository import Factor, Proof, SecondFactors

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor

    from roster.infrastructure.database import Database, Row

COLUMNS = """
    second_factors.user_id, second_factors.key_id, second_factors.secret, second_factors.confirmed_at,
    (SELECT count(*) FROM recovery_codes WHERE recovery_codes.user_id = second_factors.user_id)
"""

_FIND = f"SELECT {COLUMNS} FROM second_factors WHERE user_id = %(user_id)s"

# The user is locked, so that an erasure comes before or after: before, and this finds nobody.
_ENROL = f"""
    WITH enrolled AS (
        INSERT INTO second_factors (user_id, key_id, secret)
        SELECT id, %(key_id)s, %(data)s FROM users WHERE id = %(user_id)s AND erased_at IS NULL
        FOR SHARE
        ON CONFLICT (user_id) DO UPDATE SET key_id = EXCLUDED.key_id, secret = EXCLUDED.secret, created_at = now()
        WHERE second_factors.confirmed_at IS NULL
        RETURNING user_id
    ), {recording("second_factor.enrolled", "user_id", "enrolled")}
    SELECT user_id FROM enrolled
"""

_CONFIRM = f"""
    WITH confirmed AS (
        UPDATE second_factors SET confirmed_at = now(), last_step = %(step)s
        WHERE user_id = %(user_id)s AND secret = %(data)s AND confirmed_at IS NULL
        RETURNING user_id
    ), {recording("second_factor.confirmed", "user_id", "confirmed")}
    SELECT user_id FROM confirmed
"""

_RESEAL = """
    UPDATE second_factors SET key_id = %(new_key_id)s, secret = %(new_data)s
    WHERE user_id = %(user_id)s AND secret = %(data)s
"""

_GONE = "WITH gone AS (DELETE FROM second_factors WHERE user_id = %(user_id)s RETURNING user_id)"
_DISABLE = f"{_GONE}, {recording('second_factor.disabled', 'user_id', 'gone')} SELECT user_id FROM gone"
_REMOVE = f"{_GONE}, {recording('second_factor.removed', 'user_id', 'gone')} SELECT user_id FROM gone"

_USE_STEP = "UPDATE second_factors SET last_step = %(step)s WHERE user_id = %(user_id)s AND last_step < %(step)s"

# Whatever is used, the factor is locked first, so that no two wait for each other.
_LOCK = "SELECT FROM second_factors WHERE user_id = %(user_id)s FOR UPDATE"
_USE_CODE = f"""
    WITH used AS (
        DELETE FROM recovery_codes WHERE user_id = %(user_id)s AND code_hash = %(code_hash)s
        RETURNING user_id
    ), {recording("recovery_code.used", "user_id", "used")}
    SELECT user_id FROM used
"""

_REMOVE_CODES = f"""
    WITH renewed AS (SELECT %(user_id)s AS user_id), {recording("recovery_codes.renewed", "user_id", "renewed")}
    DELETE FROM recovery_codes WHERE user_id = %(user_id)s
"""
_ADD_CODES = """
    INSERT INTO recovery_codes (user_id, code_hash) SELECT %(user_id)s, unnest(%(code_hashes)s::bytea[])
"""


class PostgresSecondFactors(SecondFactors):
    """Implements `SecondFactors` on PostgreSQL."""

    def __init__(self, database: Callable[[], "Database"]) -> None:
        self._database = database

    def find(self, user_id: int) -> Factor | None:
        row = self._database().fetch_one(_FIND, {"user_id": user_id})
        return None if row is None else factor_of(row)

    def enrol(self, user_id: int, secret: Sealed) -> bool:
        return self._change(_ENROL, {"user_id": user_id, **secret._asdict()})

    def confirm(self, factor: Factor, step: int, code_hashes: Sequence[bytes]) -> bool:
        return self._change(_CONFIRM, _values(factor) | {"step": step, "code_hashes": list(code_hashes)}, _ADD_CODES)

    def renew_codes(self, user_id: int, proof: Proof, code_hashes: Sequence[bytes]) -> bool:
        values = {"user_id": user_id, "code_hashes": list(code_hashes), **origin_values()}

        def renew(cursor: "Cursor") -> bool:
            is_good = use(cursor, user_id, proof)
            if is_good:
                cursor.execute(_REMOVE_CODES, values)
                cursor.execute(_ADD_CODES, values)
            return is_good

        return self._database().transaction(renew)

    def disable(self, user_id: int, proof: Proof) -> bool:
        values = {"user_id": user_id, **origin_values()}
        return self._database().transaction(
            lambda cursor: use(cursor, user_id, proof) and _changes(cursor, _DISABLE, values)
        )

    def remove(self, user_id: int) -> bool:
        return self._change(_REMOVE, {"user_id": user_id})

    def reseal(self, factor: Factor, secret: Sealed) -> bool:
        return self._change(_RESEAL, _values(factor) | {"new_key_id": secret.key_id, "new_data": secret.data})

    def _change(self, statement: str, values: Mapping[str, object], then: str | None = None) -> bool:
        parameters = {**values, **origin_values()}

        def change(cursor: "Cursor") -> bool:
            is_changed = _changes(cursor, statement, parameters)
            if is_changed and then:
                cursor.execute(then, parameters)
            return is_changed

        return self._database().transaction(change)


def use(cursor: "Cursor", user_id: int, proof: Proof) -> bool:
    """Use up *proof* in the transaction of what it is for; return whether it was good."""
    values = {"user_id": user_id, **proof._asdict(), **origin_values()}
    if proof.step is not None:
        return _changes(cursor, _USE_STEP, values)
    cursor.execute(_LOCK, values)
    return _changes(cursor, _USE_CODE, values)


def factor_of(row: "Row") -> Factor:
    """Return the factor in a row of `COLUMNS`."""
    user_id, key_id, secret, confirmed_at, codes_left = row
    return Factor(user_id, Sealed(key_id, bytes(secret)), confirmed_at, codes_left)


def _changes(cursor: "Cursor", statement: str, values: Mapping[str, object]) -> bool:
    cursor.execute(statement, values)
    return cursor.rowcount == 1


def _values(factor: Factor) -> dict[str, object]:
    return {"user_id": factor.user_id, "data": factor.secret.data}
