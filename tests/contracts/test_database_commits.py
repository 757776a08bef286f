"""COMMIT without an answer: PostgreSQL is asked what became of it, and nobody guesses."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from psycopg2.extensions import cursor as Cursor
from roster.errors import OutcomeUnknownError, UnavailableError
from roster.infrastructure import commits
from roster.infrastructure.database import Database

from local.processes import keep_going, wait_until
from tests.fault_proxy import FaultProxy, fault_proxy
from tests.servers import at_port, execute

pytestmark = pytest.mark.integration

CUT = [pytest.param(True, id="COMMIT arrived"), pytest.param(False, id="COMMIT was lost")]


@pytest.fixture
def proxy(database_url: str) -> Iterator[FaultProxy]:
    execute(database_url, "CREATE TABLE notes (text text)")
    with fault_proxy(urlsplit(database_url).port) as proxy:
        yield proxy


@pytest.fixture
def database(database_url: str, proxy: FaultProxy) -> Iterator[Database]:
    database = Database(at_port(database_url, proxy.port), pool_max=2, idle_seconds=30)
    yield database
    database.close()


def note(cursor: Cursor) -> str:
    cursor.execute("INSERT INTO notes VALUES ('x')")
    return "noted"


def notes(url: str) -> int:
    return len(execute(url, "SELECT text FROM notes"))


@pytest.mark.parametrize("hands_on", CUT)
def test_a_cut_commit_comes_to_a_true_answer_and_is_made_once(
    hands_on: bool, database: Database, database_url: str, proxy: FaultProxy, capsys: pytest.CaptureFixture[str]
) -> None:
    proxy.cut_at(b"COMMIT", occurrence=1, hands_on=hands_on)
    assert database.transaction(note) == "noted"
    assert notes(database_url) == 1
    assert ("committed" if hands_on else "undone") in capsys.readouterr().out


def test_a_commit_that_is_lost_again_and_again_is_told_as_not_done(
    database: Database, database_url: str, proxy: FaultProxy
) -> None:
    proxy.cut_at(b"COMMIT", occurrence=1, hands_on=False)
    times: list[int] = []

    def work(cursor: Cursor) -> None:
        note(cursor)
        times.append(1)
        proxy.cut_at(b"COMMIT", occurrence=1, hands_on=False)

    with pytest.raises(UnavailableError) as caught:
        database.transaction(work)
    assert (type(caught.value), len(times), notes(database_url)) == (UnavailableError, 2, 0)


@pytest.mark.parametrize("hands_on", CUT)
def test_what_nobody_can_be_asked_about_is_unknown_and_never_done_again(
    hands_on: bool,
    database: Database,
    database_url: str,
    proxy: FaultProxy,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(commits, "SETTLE_SECONDS", 0.3)
    proxy.cut_at(b"COMMIT", occurrence=1, hands_on=hands_on)
    times: list[int] = []

    def work(cursor: Cursor) -> None:
        note(cursor)
        times.append(1)
        proxy._way.target = None  # for those who come from now on

    with pytest.raises(OutcomeUnknownError):
        database.transaction(work)
    assert (len(times), notes(database_url)) == (1, hands_on)


def test_a_transaction_that_wrote_nothing_has_nothing_to_be_asked(
    database: Database, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "_ASK", "nobody asks")
    proxy.cut_at(b"COMMIT", occurrence=1, hands_on=False)
    assert database.transaction(lambda cursor: cursor.execute("SELECT 1")) is None


def test_nothing_of_a_cut_attempt_is_left(database: Database, database_url: str, proxy: FaultProxy) -> None:
    for hands_on in (True, False) * 10:
        proxy.cut_at(b"COMMIT", occurrence=1, hands_on=hands_on)
        database.transaction(note)
    assert [database._pool._free._value, len(database._pool._idle)] == [2, 1]
    open_ones = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state LIKE '%in transaction%'"
    assert wait_until(lambda: not execute(database_url, open_ones), 5, keep_going)
