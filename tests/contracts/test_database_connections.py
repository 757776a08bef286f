"""Connections to PostgreSQL: how many, for how long, and what happens when one is killed."""

import time
from collections.abc import Callable

import pytest
from psycopg2.extensions import cursor as Cursor
from roster.errors import UnavailableError
from roster.infrastructure.database import Database

from tests.racing import race
from tests.servers import Postgres, execute, past_pooler

pytestmark = pytest.mark.integration

# Not the workers that look after a database by themselves.
CONNECTIONS = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'
"""
POOL_MAX = 20


@pytest.fixture
def database_url(database_url: str) -> str:
    """Lead past PgBouncer, which keeps connections of its own: here those of the server are counted, and killed."""
    return past_pooler(database_url)


@pytest.fixture
def kill(postgres: Postgres, database_url: str) -> Callable[[], int]:
    """Return what kills every connection to the test's database and tells how many it killed."""
    name = database_url.rsplit("/", 1)[1]

    def kill() -> int:
        statement = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
        return len(execute(postgres.server.admin_url, statement, name))

    return kill


@pytest.fixture
def notes(database_url: str) -> Callable[[], int]:
    """Make a table without any key, and return what counts its rows: a write that was made twice shows."""
    execute(database_url, "CREATE TABLE notes (text text)")

    def count() -> int:
        ((rows,),) = execute(database_url, "SELECT count(*) FROM notes")
        return int(str(rows))

    return count


def write(cursor: Cursor) -> str:
    cursor.execute("INSERT INTO notes VALUES ('x')")
    return "written"


def open_several(database: Database) -> None:
    race(5, lambda _: database.fetch_one("SELECT pg_sleep(0.2)"))


def test_nobody_notices_that_idle_connections_were_killed(database: Database, kill: Callable[[], int]) -> None:
    open_several(database)
    assert kill() == 5
    assert database.fetch_one("SELECT 1") == (1,)
    assert database.fetch_one(CONNECTIONS) == (1,), "the other dead ones are forgotten"


def test_a_write_on_a_killed_connection_is_made_once(
    database: Database, kill: Callable[[], int], notes: Callable[[], int]
) -> None:
    open_several(database)
    kill()
    assert database.transaction(write) == "written"
    assert notes() == 1


def test_reads_survive_that_their_connection_is_killed_again_and_again(
    database: Database, kill: Callable[[], int]
) -> None:
    for number in range(300):
        if number % 20 == 0:
            kill()
        assert database.fetch_one("SELECT %(number)s", {"number": number}) == (number,)


def killing(write: Callable[[Cursor], str], kill: Callable[[], int], times: int) -> Callable[[Cursor], str]:
    """Return *write*, whose connection is killed before its COMMIT, the first so many times."""
    left = [None] * times

    def work(cursor: Cursor) -> str:
        written = write(cursor)
        if left:
            left.pop()
            kill()
        return written

    return work


@pytest.mark.parametrize("is_used", [True, False], ids=["a used connection", "a new connection"])
def test_a_transaction_that_was_cut_before_its_commit_is_run_again(
    is_used: bool, database: Database, kill: Callable[[], int], notes: Callable[[], int]
) -> None:
    if is_used:
        open_several(database)
    assert database.transaction(killing(write, kill, 1)) == "written"
    assert notes() == 1


def test_a_transaction_that_is_cut_each_time_has_not_happened(
    database: Database, kill: Callable[[], int], notes: Callable[[], int]
) -> None:
    with pytest.raises(UnavailableError) as caught:
        database.transaction(killing(write, kill, 2))
    assert type(caught.value) is UnavailableError, "nothing is unknown about it"
    assert notes() == 0
    assert database.transaction(write) == "written"


def test_sixty_four_threads_share_twenty_connections(database_url: str) -> None:
    database = Database(database_url, pool_max=POOL_MAX, idle_seconds=60, work_seconds=60)

    def ask(_: int) -> list[int]:
        rows = [database.fetch_one(f"{CONNECTIONS} AND pg_sleep(0.005) IS NOT NULL") for _ in range(5)]
        return [int(row[0]) for row in rows if row]

    counts = [count for each in race(64, ask) for count in each]
    assert len(counts) == 64 * 5
    assert 1 < max(counts) <= POOL_MAX
    database.close()


def test_a_connection_is_kept_and_used_again(database: Database) -> None:
    pids = {database.fetch_one("SELECT pg_backend_pid()") for _ in range(10)}
    assert len(pids) == 1


def test_a_connection_that_idled_for_too_long_is_replaced(database_url: str) -> None:
    database = Database(database_url, pool_max=5, idle_seconds=0.5)
    open_several(database)
    before = database.fetch_one("SELECT pg_backend_pid()")
    time.sleep(0.6)
    assert database.fetch_one("SELECT pg_backend_pid()") != before
    time.sleep(0.1)
    assert database.fetch_one(CONNECTIONS) == (1,), "those that idled beside it are closed too"
    database.close()


def test_a_closed_database_holds_no_connection(database: Database, database_url: str) -> None:
    open_several(database)
    database.close()
    time.sleep(0.1)
    assert execute(database_url, CONNECTIONS) == [(1,)]
