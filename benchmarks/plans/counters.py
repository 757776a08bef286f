"""What a transaction has done so far, by PostgreSQL's counters: they see triggers and CTEs, which plans leave out."""

from typing import NamedTuple

from psycopg2.extensions import cursor as Cursor

# Of our own tables, indexes and sequences; what the planner reads of the catalogue is not the statement's.
_READ = """
    SELECT relname, relkind = 'r', pg_stat_get_xact_blocks_fetched(oid), pg_stat_get_xact_numscans(oid),
        inserted + updated + pg_stat_get_xact_tuples_deleted(oid),
        (inserted + updated - pg_stat_get_xact_tuples_hot_updated(oid))
            * (SELECT count(*) FROM pg_index WHERE indrelid = oid)
    FROM pg_class,
        LATERAL (SELECT pg_stat_get_xact_tuples_inserted(oid), pg_stat_get_xact_tuples_updated(oid))
            AS of_table (inserted, updated)
    WHERE oid >= 16384 AND relkind IN ('r', 'i', 't', 'S')
"""


class Done(NamedTuple):
    """
    *scans* counts, by table, those that went through all of it.

    *written* are rows, those of cascades as well, and *entries* what that added to indexes.
    """

    buffers: int
    scans: dict[str, int]
    written: int
    entries: int

    def since(self, before: "Done") -> "Done":
        scans = {name: count - before.scans.get(name, 0) for name, count in self.scans.items()}
        buffers, written, entries = (
            self.buffers - before.buffers,
            self.written - before.written,
            self.entries - before.entries,
        )
        return Done(buffers, scans, written, entries)


def read(cursor: Cursor) -> Done:
    cursor.execute(_READ)
    rows = cursor.fetchall()
    tables = [row for row in rows if row[1]]
    scans = {row[0]: row[3] for row in tables}
    return Done(sum(row[2] for row in rows), scans, sum(row[4] for row in tables), sum(row[5] for row in tables))
