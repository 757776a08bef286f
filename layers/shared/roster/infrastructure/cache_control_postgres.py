"""All SQL about the fence of the cache."""

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING

from roster.infrastructure.cache_control import ControlRow, ControlRows

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor

    from roster.infrastructure.database import Database, Parameters

_READ = """
    SELECT epoch, is_enabled, server_id,
        extract(epoch FROM clock_timestamp() - changed_at)::float8,
        coalesce(off_until > clock_timestamp(), false)
    FROM cache_control
"""

# More than two moves in ten minutes keep the cache off for five.
_MOVE = """
    WITH recent AS (
        SELECT coalesce(array_agg(moved_at), '{}') || clock_timestamp() AS moves
        FROM cache_control, unnest(recent_moves) AS moved_at
        WHERE moved_at > clock_timestamp() - interval '10 minutes'
    )
    UPDATE cache_control SET
        epoch = %(new_epoch)s,
        server_id = coalesce(%(server_id)s, server_id),
        is_enabled = %(server_id)s IS NOT NULL AND cardinality(moves) <= 2,
        changed_at = clock_timestamp(),
        recent_moves = moves,
        off_until = CASE WHEN cardinality(moves) > 2 THEN clock_timestamp() + interval '5 minutes' END
    FROM recent
    WHERE epoch = %(epoch)s AND is_enabled
"""

# changed_at stays: nobody was served under the epoch before, so no write has to wait for anyone to forget it.
_ENABLE = """
    UPDATE cache_control
    SET epoch = %(new_epoch)s, server_id = %(server_id)s, is_enabled = true
    WHERE epoch = %(epoch)s AND NOT is_enabled
"""

# A database without the row has a cache that stays off.
_NO_ROW = ControlRow(0, is_enabled=False, server_id=None, age_seconds=float("inf"), is_barred=True)


class PostgresControlRows(ControlRows):
    """Implements `ControlRows` on PostgreSQL, whose clock tells every age."""

    def __init__(self, database: Callable[[], "Database"]) -> None:
        self._database = database

    def read(self) -> ControlRow:
        row = self._database().fetch_one(_READ)
        return ControlRow(*row) if row else _NO_ROW

    def move(self, epoch: int, server_id: str | None) -> bool:
        return self._change(_MOVE, epoch, server_id)

    def enable(self, epoch: int, server_id: str) -> bool:
        return self._change(_ENABLE, epoch, server_id)

    def _change(self, statement: str, epoch: int, server_id: str | None) -> bool:
        values: Parameters = {"epoch": epoch, "server_id": server_id, "new_epoch": secrets.randbits(60)}

        def change(cursor: "Cursor") -> bool:
            cursor.execute(statement, values)
            return cursor.rowcount == 1

        return self._database().transaction(change)
