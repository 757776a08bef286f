"""What psycopg2 raises, in words of the domain: by SQLSTATE and constraint, never by text, which holds values."""

import re
from collections.abc import Mapping
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from roster.errors import ConflictError, InvalidInputError, RosterError, UnavailableError
from roster.infrastructure import observability

# Not now: 08 connection, 25006 a primary that became a standby, 25P03 and 25P04 a transaction that lasted too long,
# 28 a password that was just changed, 40 serialization or deadlock, 53 resources, 55P03 lock not available,
# 57 operator.
_AWAY = ("08", "25006", "25P03", "25P04", "28", "40", "53", "55P03", "57")
# What validation should have refused: 22 data, 23502 not null, 23514 check, 54 program limits.
_VALIDATION_GAP = ("22", "23502", "23514", "54")
# The backend has gone or is going, or is no longer the primary: what idled beside it has gone too.
_DEAD = ("08", "25006", "25P03", "25P04", "53300", "57P01", "57P02", "57P03")
_CONTENDED = ("40001", "40P01")
_MISSING_ROW = "23503"

# libpq keeps the SQLSTATE of a refused connect to itself. PostgreSQL's and RDS Proxy's words tell it; nobody else
# is told these words, since names stand in them.
_WORDS = {
    "28P01": re.compile(r"authentication failed|password that was provided|no credentials for the role"),
    "53300": re.compile(r"too many (connections|clients)|connection slots are reserved"),
    "57P03": re.compile(r"database system is (starting|shutting|in recovery|not yet)"),
}


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


def sqlstate_of(error: psycopg2.Error) -> str | None:
    """Return what PostgreSQL said, None if it was not PostgreSQL that spoke."""
    if error.pgcode is not None or not isinstance(error, psycopg2.OperationalError):
        return error.pgcode
    return next((sqlstate for sqlstate, words in _WORDS.items() if words.search(str(error))), None)


def says_connection_is_dead(error: psycopg2.Error, connection: Connection) -> bool:
    return bool(connection.closed) or (error.pgcode or "").startswith(_DEAD)


def says_sign_in_was_refused(error: psycopg2.Error) -> bool:
    return (sqlstate_of(error) or "").startswith("28")


def is_contended(error: psycopg2.Error) -> bool:
    """Return whether the transaction only met another one, and is undone."""
    return error.pgcode in _CONTENDED


def translated(error: psycopg2.Error, conflicts: Mapping[str, type[RosterError]]) -> RosterError:
    """Return the domain's error for *error*; *conflicts* maps constraint names to errors."""
    sqlstate, constraint = sqlstate_of(error), error.diag.constraint_name
    if constraint is not None and constraint in conflicts:
        return conflicts[constraint]()
    if _is_away(error, sqlstate):
        observability.report("DatabaseAway", error_type=type(error).__name__, sqlstate=sqlstate)
        return UnavailableError()
    if sqlstate == _MISSING_ROW:
        return ConflictError()
    if (sqlstate or "").startswith(_VALIDATION_GAP):
        observability.report("ValidationGap", sqlstate=sqlstate, constraint=constraint)
        return InvalidInputError()
    return DatabaseFaultError(sqlstate, constraint)


def _is_away(error: psycopg2.Error, sqlstate: str | None) -> bool:
    if sqlstate is not None:
        return sqlstate.startswith(_AWAY)
    # Connecting failed, or the connection broke; anything else without a code is a bug of ours.
    return (
        isinstance(error, psycopg2.OperationalError | psycopg2.InterfaceError) or type(error) is psycopg2.DatabaseError
    )
