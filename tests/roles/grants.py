"""What the catalogue says about roles, and what is refused to them, statement by statement."""

from collections.abc import Iterable, Iterator

import psycopg2
from psycopg2.extensions import cursor as Cursor

from tests.servers import connected, execute

INSUFFICIENT_PRIVILEGE = "42501"

_COLUMNS = """
    SELECT relname::text, attname::text FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
"""
_ALLOWED_COLUMNS = f"""
    SELECT relname, attname FROM ({_COLUMNS}) AS all_columns (relname, attname)
    WHERE has_column_privilege(%s, format('public.%%I', relname), attname, %s)
"""
_GRANTS = """
    SELECT coalesce(grantee::regrole::text, 'PUBLIC'), relname::text, privilege_type
    FROM pg_class, aclexplode(relacl) WHERE relnamespace = 'public'::regnamespace AND grantee <> relowner
"""
_NAMES = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = %s"
_FUNCTIONS = "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"


def columns(url: str) -> dict[str, set[str]]:
    return _by_table(execute(url, _COLUMNS))


def allowed_columns(url: str, role: str, verb: str) -> dict[str, set[str]]:
    """Return, for each table, the columns that *role* may SELECT, INSERT or UPDATE, by whatever grant."""
    return _by_table(execute(url, _ALLOWED_COLUMNS, role, verb))


def table_grants(url: str, role: str) -> dict[str, set[str]]:
    """Return what is granted on whole tables and sequences, to *role* or to everybody."""
    granted = execute(url, _GRANTS)
    return _by_table((table, verb) for who, table, verb in granted if who in (role, "-", "PUBLIC"))


def tables(url: str) -> set[str]:
    return {str(name) for (name,) in execute(url, _NAMES, "r")}


def changes(url: str) -> Iterator[str]:
    """Yield every way to change every table and column, every sequence, and the schema."""
    for table, names in columns(url).items():
        yield f"INSERT INTO {table} DEFAULT VALUES"
        yield from (f"UPDATE {table} SET {name} = DEFAULT" for name in sorted(names))
        yield f"DELETE FROM {table}"
        yield f"TRUNCATE {table} CASCADE"
        yield f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"
        yield from definitions(table)
    for (name,) in execute(url, _NAMES, "S"):
        yield from (f"SELECT nextval('{name}')", f"SELECT setval('{name}', 1)", f"SELECT * FROM {name}")
        yield f"DROP SEQUENCE {name}"
    yield from (f"SELECT {function}" for (function,) in execute(url, _FUNCTIONS))
    yield from SCHEMA


def definitions(table: str) -> Iterator[str]:
    yield f"ALTER TABLE {table} ADD COLUMN planted text"
    yield f"ALTER TABLE {table} DISABLE TRIGGER ALL"
    yield f"CREATE INDEX planted ON {table} ((1))"
    yield f"COMMENT ON TABLE {table} IS 'planted'"
    yield f"DROP TABLE {table} CASCADE"


SCHEMA = (
    "CREATE TABLE planted (id integer)",
    "CREATE TEMPORARY TABLE planted (id integer)",
    "CREATE SEQUENCE planted",
    "CREATE VIEW planted AS SELECT 1",
    "CREATE TYPE planted AS ENUM ('planted')",
    "CREATE FUNCTION planted() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA planted",
    "CREATE ROLE planted",
    "ALTER ROLE roster_reader CREATEROLE",
    "ALTER ROLE roster_writer CREATEDB",
    "GRANT roster_writer TO roster_reader",
    "DROP SCHEMA public CASCADE",
    "SET ROLE roster",
    "SET session_replication_role = replica",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SELECT pg_read_file('PG_VERSION')",
)


def permitted(url: str, statements: Iterable[str]) -> list[str]:
    """Return the statements that are not refused for want of a privilege; nothing of them stays."""
    with connected(url) as connection, connection.cursor() as cursor:
        return [statement for statement in statements if not _is_refused(cursor, statement)]


def _is_refused(cursor: Cursor, statement: str) -> bool:
    cursor.execute("BEGIN")
    try:
        cursor.execute(statement)
    except psycopg2.Error as error:
        return error.pgcode == INSUFFICIENT_PRIVILEGE
    finally:
        cursor.execute("ROLLBACK")
    return False


def _by_table(rows: Iterable[tuple[object, ...]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for table, each in rows:
        found.setdefault(str(table), set()).add(str(each))
    return found
