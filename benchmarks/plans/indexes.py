"""Indexes are put aside while their table is loaded: to make them of all rows at once takes a fraction of the time."""

from psycopg2.extensions import cursor as Cursor

_NOTES = """
    CREATE TABLE IF NOT EXISTS loaded.indexes (name text PRIMARY KEY, of_table text NOT NULL, definition text NOT NULL)
"""
# Those of constraints stay.
_PUT_ASIDE = """
    INSERT INTO loaded.indexes
    SELECT indexname, tablename, indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND tablename = %(table)s AND indexname NOT IN (SELECT conname FROM pg_constraint)
    RETURNING format('DROP INDEX %%I', name)
"""
_FIND = "SELECT name, definition FROM loaded.indexes WHERE of_table = %(table)s"
_FORGET = "DELETE FROM loaded.indexes WHERE name = %(name)s"


def put_aside(cursor: Cursor, table: str) -> None:
    """Drop the indexes of *table*, and keep how they are made."""
    cursor.execute(_NOTES)
    cursor.execute("BEGIN")
    cursor.execute(_PUT_ASIDE, {"table": table})
    for (drop,) in cursor.fetchall():
        cursor.execute(drop)
    cursor.execute("COMMIT")


def put_back(cursor: Cursor, table: str) -> None:
    """Make the indexes of *table* that were put aside, by this run or one that was stopped."""
    cursor.execute(_NOTES)
    cursor.execute(_FIND, {"table": table})
    for name, definition in cursor.fetchall():
        cursor.execute("BEGIN")
        cursor.execute(definition)
        cursor.execute(_FORGET, {"name": name})
        cursor.execute("COMMIT")
