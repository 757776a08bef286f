"""
What became of a transaction whose COMMIT had no answer, asked of PostgreSQL by the transaction's id.

The id alone may deceive: a server that crashed, and one that took over from another, may give it to a second
transaction. So a commit is believed only of the very run of the very server that gave the id: one that was not
started since, nor lost its statistics, which a recovery from a crash forgets while the server goes on running.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import NamedTuple

import psycopg2
from psycopg2.errors import InvalidParameterValue
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from roster.errors import OutcomeUnknownError, UnavailableError
from roster.infrastructure import deadline, observability
from roster.infrastructure.connections import Lease, PoolExhaustedError

# Longer than PostgreSQL keeps a transaction open whose client has gone (3 s), within what a write has left.
SETTLE_SECONDS = 3.4
_PAUSES_SECONDS = (0.01, 0.2)

# Without an id nothing was written, and there is nothing to ask about.
_MARK = "SELECT pg_current_xact_id_if_assigned()::text, pg_postmaster_start_time(), stats_reset FROM pg_stat_wal"

# A standby knows less than the primary whose transaction it was.
_ASK = """
    SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_xact_status(%(xid)s::xid8) END,
        pg_postmaster_start_time() = %(started_at)s AND stats_reset IS NOT DISTINCT FROM %(stats_reset)s
    FROM pg_stat_wal
"""

Lend = Callable[[], AbstractContextManager[Lease]]


class Mark(NamedTuple):
    """The id of a transaction, and which run of which server gave it."""

    xid: str | None
    started_at: datetime
    stats_reset: datetime | None


def mark(cursor: Cursor) -> Mark:
    """Ask inside of a transaction what to ask about it later."""
    cursor.execute(_MARK)
    ((xid, started_at, stats_reset),) = cursor.fetchall()
    return Mark(xid, started_at, stats_reset)


def is_committed(marked: Mark, lend: Lend) -> bool:
    """
    Ask until it is settled; False says that the transaction did not happen and never will.

    Raises:
        OutcomeUnknownError: If PostgreSQL does not say so in time, or is not the server that it was.
    """
    if marked.xid is None:
        return True
    with deadline.within(SETTLE_SECONDS):
        try:
            verdict = _settled(marked, lend)
        except OutcomeUnknownError:
            observability.report("CommitCut", outcome="unknown")
            raise
    observability.report("CommitCut", outcome="committed" if verdict else "undone")
    return verdict


def _settled(marked: Mark, lend: Lend) -> bool:
    shortest, longest = _PAUSES_SECONDS
    while deadline.remaining_seconds() > 0:
        try:
            with lend() as lease:
                verdict = _verdict(marked, lease.connection)
        except OutcomeUnknownError:
            raise
        except (psycopg2.Error, PoolExhaustedError, UnavailableError):
            verdict = None
        if verdict is not None:
            return verdict
        deadline.pause(shortest)
        shortest = min(2 * shortest, longest)
    raise OutcomeUnknownError


def _verdict(marked: Mark, connection: Connection) -> bool | None:
    """Return None while the transaction is in progress."""
    with connection.cursor() as cursor:
        try:
            cursor.execute(_ASK, marked._asdict())
        except InvalidParameterValue:  # an id that this primary has not given to anybody: it was lost with a crash
            return False
        ((status, is_same_run),) = cursor.fetchall()
    if status == "committed" and not is_same_run:
        raise OutcomeUnknownError
    return {"committed": True, "aborted": False}.get(status)
