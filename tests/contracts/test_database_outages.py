"""PostgreSQL stopped, frozen and locked: an honest answer in time, and a recovery without a restart of ours."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest
from psycopg2.extensions import cursor as Cursor
from roster.errors import RosterError, UnavailableError
from roster.infrastructure import deadline
from roster.infrastructure.database import Database

from local.processes import keep_going, wait_until
from tests.frozen import Stopwatch, frozen
from tests.racing import race
from tests.servers import Postgres, connected, execute

pytestmark = pytest.mark.integration

IN_TIME_SECONDS = 3.0


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[Postgres]:
    """Start a server that these tests may stop."""
    with contextlib.closing(Postgres(18)) as server:
        yield server


@pytest.fixture
def database(own_postgres: Postgres) -> Iterator[Database]:
    """Open a database that has been in use."""
    database = Database(own_postgres.server.url, pool_max=20, idle_seconds=30)
    assert database.answers()
    yield database
    database.close()


def write(cursor: Cursor) -> None:
    cursor.execute("CREATE TABLE notes ()")


def outcome(database: Database) -> tuple[str, float]:
    """Return what a read came to, and in how many seconds."""
    with Stopwatch() as watch:
        try:
            database.fetch_one("SELECT 1")
            said = "answered"
        except RosterError as error:
            said = error.code
    return said, watch.seconds


def test_a_stopped_server_is_unavailable_at_once_and_back_as_soon_as_it_is(
    own_postgres: Postgres, database: Database
) -> None:
    own_postgres.server.stop()
    for _ in range(3):
        said, seconds = outcome(database)
        assert (said, seconds < 1) == ("unavailable", True)
    own_postgres.restart()
    assert database.answers()


def test_a_write_to_a_stopped_server_is_refused(own_postgres: Postgres, database: Database) -> None:
    own_postgres.server.stop()
    with pytest.raises(UnavailableError), Stopwatch() as watch:
        database.transaction(write)
    assert watch.seconds < 1
    own_postgres.restart()
    assert execute(own_postgres.server.url, "SELECT to_regclass('notes')") == [(None,)]


def test_a_server_that_restarted_meanwhile_is_not_noticed(own_postgres: Postgres, database: Database) -> None:
    race(5, lambda _: database.fetch_one("SELECT pg_sleep(0.1)"))
    own_postgres.server.stop()
    own_postgres.restart()
    assert outcome(database)[0] == "answered"
    assert {said for said, _ in race(5, lambda _: outcome(database))} == {"answered"}


def test_a_server_that_shuts_down_is_unavailable_by_its_own_words(
    own_postgres: Postgres, capsys: pytest.CaptureFixture[str]
) -> None:
    """It waits for who is connected (a smart shutdown) and refuses everybody else, with 57P03."""
    url = own_postgres.server.url

    def newcomers() -> tuple[str, float]:
        with contextlib.closing(Database(url, pool_max=1, idle_seconds=30)) as newcomer:
            return outcome(newcomer)

    with connected(url):
        os.kill(own_postgres.server.pid, signal.SIGTERM)
        assert wait_until(lambda: newcomers()[0] == "unavailable", 5, keep_going)
        capsys.readouterr()
        said, seconds = newcomers()
    assert (said, seconds < 1) == ("unavailable", True)
    assert '"sqlstate":"57P03"' in capsys.readouterr().out
    own_postgres.server.stop()
    own_postgres.restart()
    assert newcomers()[0] == "answered"


def test_a_black_hole_is_unavailable_in_time_and_works_again_afterwards(
    own_postgres: Postgres, database: Database
) -> None:
    with frozen(own_postgres.server.pid):
        for limit_seconds in (IN_TIME_SECONDS, 2):  # first on the connection at hand, then for want of a new one
            said, seconds = outcome(database)
            assert (said, seconds < limit_seconds) == ("unavailable", True)
        with pytest.raises(UnavailableError), Stopwatch() as watch:
            database.transaction(write)
        assert watch.seconds < IN_TIME_SECONDS
    assert database.answers()
    assert execute(own_postgres.server.url, "SELECT to_regclass('notes')") == [(None,)]


def test_a_black_hole_is_unavailable_in_time_for_more_threads_than_connections(
    own_postgres: Postgres, database: Database
) -> None:
    with frozen(own_postgres.server.pid):
        outcomes = race(64, lambda _: outcome(database))
    assert {said for said, _ in outcomes} == {"unavailable"}
    assert max(seconds for _, seconds in outcomes) < IN_TIME_SECONDS + 0.5
    assert {said for said, _ in race(64, lambda _: outcome(database))} == {"answered"}


def test_a_request_that_has_little_time_left_waits_no_longer(own_postgres: Postgres, database: Database) -> None:
    with frozen(own_postgres.server.pid), deadline.within(0.3):
        said, seconds = outcome(database)
    assert (said, 0.2 < seconds < 0.6) == ("unavailable", True)


def test_a_locked_table_is_unavailable_in_time_and_the_late_write_never_happens(
    own_postgres: Postgres, database: Database
) -> None:
    url = own_postgres.server.url
    execute(url, "CREATE TABLE IF NOT EXISTS locked (number integer)")
    with connected(url) as other, other.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE locked")
        with pytest.raises(UnavailableError), Stopwatch() as reading:
            database.fetch_one("SELECT * FROM locked")
        with pytest.raises(UnavailableError), Stopwatch() as writing:
            database.transaction(lambda cursor: cursor.execute("INSERT INTO locked VALUES (1)"))
        cursor.execute("ROLLBACK")
    assert max(reading.seconds, writing.seconds) < IN_TIME_SECONDS
    time.sleep(0.2)
    assert database.fetch_all("SELECT * FROM locked") == []


def test_waiting_for_a_lock_does_not_disturb_the_others(own_postgres: Postgres, database: Database) -> None:
    url = own_postgres.server.url
    execute(url, "CREATE TABLE IF NOT EXISTS locked (number integer)")
    with connected(url) as other, other.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE locked")
        waiting = threading.Thread(target=wait_for_the_lock, args=[database])
        waiting.start()
        said, seconds = outcome(database)
        waiting.join()
        cursor.execute("ROLLBACK")
    assert (said, seconds < 0.5) == ("answered", True)


def wait_for_the_lock(database: Database) -> None:
    with contextlib.suppress(UnavailableError):
        database.fetch_one("SELECT * FROM locked")
