"""What psycopg2 raises, in words of the domain: by SQLSTATE and constraint, never by text, which holds values."""

from collections.abc import Mapping
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from roster.errors import ConflictError, InvalidInputError, RosterError, UnavailableError
from roster.infrastructure import observability

# Not now: 08 connection, 28 a password that was just changed, 40 serialization or deadlock, 53 resources,
# 57 operator, 25006 a primary that became a standby, 55P03 lock not available.
_AWAY = ("08", "28", "40", "53", "57", "25006", "55P03")
# What validation should have refused: 22 data, 23502 not null, 23514 check, 54 program limits.
_VALIDATION_GAP = ("22", "23502", "23514", "54")
# The backend is going or is no longer the primary: what idled beside it has gone too.
_DEAD = ("08", "57P01", "57P02", "57P03", "25006")


class DatabaseFaultError(RosterError):
    """A statement failed because of a bug of ours; says SQLSTATE and constraint, never values."""

    def __init__(self, sqlstate: str | None, constraint: str | None) -> None:
        super().__init__()
        self.args = (f"SQLSTATE {sqlstate}, constraint {constraint}",)


class CheckedCursor(Cursor):
    """A cursor that answers a value which cannot be sent (NUL, lone surrogate) as invalid input."""

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 (the driver's name)
        try:
            super().execute(query, vars)
        except (ValueError, UnicodeError) as error:
            observability.report("ValidationGap", error_type=type(error).__name__)
            raise InvalidInputError from None


def says_connection_is_dead(error: psycopg2.Error, connection: Connection) -> bool:
    return bool(connection.closed) or (error.pgcode or "").startswith(_DEAD)


def translated(error: psycopg2.Error, conflicts: Mapping[str, type[ConflictError]]) -> RosterError:
    """Return the domain's error for *error*; *conflicts* maps constraint names to errors."""
    sqlstate, constraint = error.pgcode, error.diag.constraint_name
    if constraint is not None and constraint in conflicts:
        return conflicts[constraint]()
    if isinstance(error, psycopg2.InterfaceError) or _is_away(error):
        observability.report("DatabaseAway", error_type=type(error).__name__, sqlstate=sqlstate)
        return UnavailableError()
    if (sqlstate or "").startswith(_VALIDATION_GAP):
        observability.report("ValidationGap", sqlstate=sqlstate, constraint=constraint)
        return InvalidInputError()
    return DatabaseFaultError(sqlstate, constraint)


def _is_away(error: psycopg2.Error) -> bool:
    if error.pgcode is None:  # connecting failed, or the connection broke
        return isinstance(error, psycopg2.OperationalError | psycopg2.DatabaseError)
    return error.pgcode.startswith(_AWAY)
