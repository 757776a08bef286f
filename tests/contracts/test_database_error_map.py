"""Each kind of failure of PostgreSQL, brought about: what is done once more, what is not, and what is told."""

import contextlib
import re
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from psycopg2.extensions import cursor as Cursor
from roster.errors import ConflictError, InvalidInputError, MissingError, RosterError, UnavailableError
from roster.infrastructure.attempts import CONTENDED_MAX
from roster.infrastructure.database import Database
from roster.infrastructure.database_errors import DatabaseFaultError

from local.postgres_database import WRITER
from tests.racing import race
from tests.servers import Postgres, as_role, connected, execute, past_pooler

pytestmark = pytest.mark.integration

Work = Callable[[Cursor], None]
POOL_MAX = 2


@pytest.fixture
def tables(database_url: str) -> str:
    execute(database_url, "CREATE TABLE pairs (id integer PRIMARY KEY, number integer CHECK (number < 1000))")
    execute(database_url, "CREATE TABLE parts (pair_id integer CONSTRAINT parts_pair_fkey REFERENCES pairs (id))")
    execute(database_url, "INSERT INTO pairs VALUES (1, 0), (2, 0)")
    return database_url


@pytest.fixture
def database(tables: str) -> Iterator[Database]:
    with opened(tables) as database:
        yield database


@contextlib.contextmanager
def opened(url: str, setting: str = "") -> Iterator[Database]:
    """Open a database whose connections, the server's own, come with that *setting*; look for what is left on them."""
    configure(url, setting)
    database = Database(past_pooler(url), pool_max=POOL_MAX, idle_seconds=30)
    assert database.answers()
    yield database
    configure(url, "")
    assert_nothing_is_left(database, url)
    database.close()


def configure(url: str, setting: str) -> None:
    """Give connections that are opened from now on that *setting*, and no other; we may not send it ourselves."""
    name = url.rsplit("/", 1)[1]
    with connected(url) as connection, connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = off")
        cursor.execute(f"ALTER DATABASE {name} RESET ALL")
        if setting:
            cursor.execute(f"ALTER DATABASE {name} SET {setting}")


def assert_nothing_is_left(database: Database, url: str) -> None:
    assert database.answers()
    assert database._pool._free._value == POOL_MAX, "every place in the pool is free"
    open_ones = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state LIKE '%in transaction%'"
    assert execute(url, open_ones) == []


class Trying:
    """Adds to a row, and before that *fails* the first so many times; remembers the backends that it was tried on."""

    def __init__(self, times: int, fail: Work) -> None:
        self._times, self._fail = times, fail
        self.pids: list[int] = []

    def __call__(self, cursor: Cursor) -> None:
        cursor.execute("SELECT pg_backend_pid(), number FROM pairs WHERE id = 1")
        self.pids.append(cursor.fetchall()[0][0])
        if len(self.pids) <= self._times:
            self._fail(cursor)
        cursor.execute("UPDATE pairs SET number = number + 1 WHERE id = 1")


def told(database: Database, work: Callable[[Cursor], object]) -> RosterError:
    with pytest.raises(RosterError) as caught:
        database.transaction(work)
    return caught.value


def number(url: str) -> object:
    return execute(url, "SELECT number FROM pairs WHERE id = 1")[0][0]


@pytest.mark.parametrize(("times", "tries", "added"), [(CONTENDED_MAX, 4, 31), (9, 4, 40)])
def test_whoever_meets_another_transaction_is_tried_three_times_more(
    times: int, tries: int, added: int, tables: str
) -> None:
    def contend(cursor: Cursor) -> None:
        execute(tables, "UPDATE pairs SET number = number + 10 WHERE id = 1")

    work = Trying(times, contend)
    with opened(tables, "default_transaction_isolation = 'repeatable read'") as database:
        if times > CONTENDED_MAX:
            assert type(told(database, work)) is UnavailableError
        else:
            database.transaction(work)
    assert (len(work.pids), len(set(work.pids)), number(tables)) == (tries, 1, added)


def test_of_two_that_wait_for_each_other_both_come_through(database: Database, database_url: str) -> None:
    meeting = threading.Barrier(2)

    def cross(turn: int) -> None:
        def work(cursor: Cursor) -> None:
            for each in (1, 2) if turn else (2, 1):
                cursor.execute("UPDATE pairs SET number = number + 1 WHERE id = %(id)s", {"id": each})
                if not meeting.broken:
                    meeting.wait(5)
                    time.sleep(0.05)
                    meeting.abort()

        database.transaction(work)

    race(2, cross)
    assert execute(database_url, "SELECT number FROM pairs") == [(2,), (2,)]


USELESS: dict[str, Work] = {
    "default_transaction_read_only = on": lambda cursor: None,
    "idle_in_transaction_session_timeout = '50ms'": lambda cursor: time.sleep(0.3),
    "": lambda cursor: cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())"),
}


@pytest.mark.parametrize("setting", USELESS)
def test_a_connection_of_no_use_is_replaced_once(setting: str, tables: str) -> None:
    def fail(cursor: Cursor) -> None:
        configure(tables, "")
        USELESS[setting](cursor)

    work = Trying(1, fail)
    with opened(tables, setting) as database:
        database.transaction(work)
    assert (len(set(work.pids)), number(tables)) == (2, 1)


@pytest.mark.parametrize("setting", USELESS)
def test_a_second_one_of_no_use_is_not_replaced(setting: str, tables: str) -> None:
    work = Trying(9, USELESS[setting])
    with opened(tables, setting) as database:
        assert type(told(database, work)) is UnavailableError
        configure(tables, "")
        database.fetch_one("SELECT 1")
    assert (len(set(work.pids)), number(tables)) == (2, 0)


def run(statement: str) -> Work:
    return lambda cursor: cursor.execute(statement)


def test_a_statement_that_takes_too_long_is_not_begun_again(tables: str) -> None:
    work = Trying(1, run("SELECT pg_sleep(1)"))
    with opened(tables, "statement_timeout = '200ms'") as database:
        assert type(told(database, work)) is UnavailableError
    assert len(work.pids) == 1


def test_a_row_that_somebody_else_holds_is_not_waited_for_twice(database: Database, database_url: str) -> None:
    work = Trying(1, run("SELECT * FROM pairs WHERE id = 2 FOR UPDATE NOWAIT"))
    with connected(database_url) as other, other.cursor() as cursor:
        cursor.execute("BEGIN; UPDATE pairs SET number = 5 WHERE id = 2")
        assert type(told(database, work)) is UnavailableError
    assert len(work.pids) == 1


TOLD = {
    "23503": ("INSERT INTO parts VALUES (7)", ConflictError),
    "23503 by name": ("INSERT INTO parts VALUES (7)", MissingError),
    "23505": ("INSERT INTO pairs VALUES (1)", DatabaseFaultError),
    "23514": ("UPDATE pairs SET number = 1000", InvalidInputError),
    "22003": ("SELECT 99999999999::integer", InvalidInputError),
    "22P02": ("SELECT 'x'::integer", InvalidInputError),
    "54000": ("SELECT repeat('x', 2000000000)", InvalidInputError),
    "42P01": ("SELECT 1 FROM nowhere", DatabaseFaultError),
}


@pytest.mark.parametrize("case", TOLD)
def test_what_was_refused_is_told_by_its_kind_and_not_tried_again(case: str, database: Database) -> None:
    statement, kind = TOLD[case]
    conflicts = {"parts_pair_fkey": MissingError} if "by name" in case else {}
    work = Trying(1, run(statement))
    with pytest.raises(RosterError) as caught:
        database.transaction(work, conflicts)
    assert (type(caught.value), len(work.pids)) == (kind, 1)


def test_a_value_that_the_driver_cannot_send_is_a_bug_and_no_outage(database: Database) -> None:
    with pytest.raises(DatabaseFaultError):
        database.fetch_one("SELECT %(value)s", {"value": object()})


class Secrets:
    """What signs in: a cached password, and where the current one is to be had."""

    def __init__(self, cached: str, current: str) -> None:
        self.cached, self.current, self.signed_in = cached, current, 0

    def sign_in(self) -> dict[str, str]:
        self.signed_in += 1
        return {"password": self.cached}

    def renew(self) -> None:
        self.cached = self.current


def signed_in(url: str, secrets: Secrets) -> tuple[object, int]:
    database = Database(url, pool_max=1, idle_seconds=30, sign_in=secrets.sign_in, renew=secrets.renew)
    try:
        return database.fetch_one("SELECT 1"), secrets.signed_in
    except UnavailableError as error:
        return error.code, secrets.signed_in
    finally:
        database.close()


def test_a_password_that_was_changed_is_asked_for_anew_once(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    password = urlsplit(database_url).password or ""
    assert signed_in(database_url, Secrets(password, "unused")) == ((1,), 1)
    assert signed_in(database_url, Secrets("of yesterday", password)) == ((1,), 2)
    assert "SignInRefused" not in capsys.readouterr().out
    assert signed_in(database_url, Secrets("of yesterday", "wrong")) == ("unavailable", 2)
    assert "SignInRefused" in capsys.readouterr().out


def test_whoever_finds_no_connection_free_asks_for_one_only_once(
    postgres: Postgres, database: Database, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    secrets = Secrets(urlsplit(database_url).password or "", "unused")
    with connected(postgres.server.admin_url) as admin, admin.cursor() as cursor:
        cursor.execute(f"ALTER ROLE {WRITER} CONNECTION LIMIT 0")
        try:
            assert signed_in(as_role(database_url, WRITER), secrets) == ("unavailable", 1)
        finally:
            cursor.execute(f"ALTER ROLE {WRITER} CONNECTION LIMIT -1")
    assert re.search('"sqlstate": ?"53300"', capsys.readouterr().out)
    assert signed_in(as_role(database_url, WRITER), secrets) == ((1,), 2)
