"""What the roles may do is what is stated, no more and no less, and everything else is refused by PostgreSQL itself."""

import pytest

from local.postgres_database import READER, WRITER
from tests.roles import grants
from tests.roles.stated import FENCE, HIDDEN, SETTINGS, WRITES
from tests.servers import as_role, connected, execute

pytestmark = pytest.mark.integration

_FENCE_MOVES = {f"UPDATE cache_control SET {column} = DEFAULT" for column in FENCE}
_GIVE = "CREATE FUNCTION give() RETURNS void SECURITY DEFINER LANGUAGE sql AS 'DELETE FROM sessions'"
# A grant too many each, and where it shows.
PLANTED = [
    "GRANT INSERT ON users TO roster_reader",
    "GRANT UPDATE (name) ON users TO roster_reader",
    "GRANT DELETE ON sessions TO PUBLIC",
    "GRANT TRUNCATE ON audit_events TO roster_reader",
    "GRANT ALL ON user_passwords TO roster_reader",
    "GRANT UPDATE (id) ON cache_control TO roster_reader",
    "GRANT USAGE ON SEQUENCE users_id_seq TO roster_reader",
    "GRANT CREATE ON SCHEMA public TO PUBLIC",
    f"{_GIVE}; GRANT EXECUTE ON FUNCTION give() TO roster_reader",
]


def test_a_reader_changes_nothing_but_where_the_fence_stands(owner_url: str) -> None:
    statements = list(grants.changes(owner_url))
    assert len(statements) > 300
    assert set(grants.permitted(as_role(owner_url, READER), statements)) == _FENCE_MOVES


def test_a_writer_changes_rows_as_stated_and_nothing_else(owner_url: str) -> None:
    rights = {table: verbs - {"SELECT"} for table, verbs in WRITES.items()}
    permitted = grants.permitted(as_role(owner_url, WRITER), grants.changes(owner_url))
    found = {statement for statement in permitted if not statement.startswith("LOCK")}
    assert {(statement.split()[0], _table_of(statement)) for statement in found} == {
        (verb, table) for table, verbs in rights.items() for verb in verbs
    }


def _table_of(statement: str) -> str:
    return next(word for word in statement.split()[1:] if word not in {"INTO", "FROM"})


def test_the_grants_are_those_that_are_stated_and_every_table_has_some(owner_url: str) -> None:
    assert grants.tables(owner_url) == WRITES.keys(), "state in tests/roles/stated.py who may do what with it"
    assert grants.table_grants(owner_url, WRITER) == {table: verbs for table, verbs in WRITES.items() if verbs}
    whole = {table for table, hidden in HIDDEN.items() if not hidden}
    assert grants.table_grants(owner_url, READER) == {table: {"SELECT"} for table in whole}
    assert grants.allowed_columns(owner_url, READER, "UPDATE") == {"cache_control": FENCE}
    assert grants.allowed_columns(owner_url, READER, "INSERT") == {}


def test_a_reader_sees_no_password_and_no_hash(owner_url: str) -> None:
    every = grants.columns(owner_url)
    shown = grants.allowed_columns(owner_url, READER, "SELECT")
    assert shown == {table: every[table] - hidden for table, hidden in HIDDEN.items()}
    assert not [name for names in shown.values() for name in names if "hash" in name]


@pytest.mark.parametrize("grant", PLANTED)
def test_a_grant_too_many_is_found(owner_url: str, grant: str) -> None:
    with connected(owner_url) as connection, connection.cursor() as cursor:
        cursor.execute(grant)
        try:
            permitted = grants.permitted(as_role(owner_url, READER), grants.changes(owner_url))
        finally:
            for statement in _undone(grant):
                cursor.execute(statement)
    assert set(permitted) - _FENCE_MOVES


def _undone(grant: str) -> list[str]:
    if "FUNCTION" in grant:
        return ["DROP FUNCTION give()"]
    revoked = [grant.replace("GRANT", "REVOKE").replace(" TO ", " FROM ")]
    return revoked + (["GRANT USAGE ON SCHEMA public TO roster_reader"] if "SCHEMA" in grant else [])


def test_a_table_that_nobody_stated_anything_about_is_for_nobody_and_is_noticed(owner_url: str) -> None:
    with connected(owner_url) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE unstated (id bigint GENERATED ALWAYS AS IDENTITY)")
        try:
            assert grants.tables(owner_url) != WRITES.keys()
            assert grants.allowed_columns(owner_url, WRITER, "SELECT").keys() == WRITES.keys() - {"schema_migrations"}
        finally:
            cursor.execute("DROP TABLE unstated")


@pytest.mark.parametrize("role", [READER, WRITER])
def test_who_connects_finds_the_time_limits_that_are_stated(owner_url: str, role: str) -> None:
    names = ", ".join(f"current_setting('{name}')" for name in SETTINGS)
    assert execute(as_role(owner_url, role), f"SELECT {names}") == [tuple(SETTINGS.values())]
    flags = "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = %s"
    assert execute(owner_url, flags, role) == [(False,) * 5]


def test_everybody_else_is_not_even_let_into_the_database(owner_url: str) -> None:
    (row,) = execute(owner_url, "SELECT datacl::text FROM pg_database WHERE datname = current_database()")
    assert "roster_reader=c/" in str(row)
    assert "roster_writer=c/" in str(row)
    assert "{=" not in str(row)
    assert ",=" not in str(row)
