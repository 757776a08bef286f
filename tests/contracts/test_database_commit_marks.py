"""Which transaction an id means: after a crash, that of somebody else."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator

import psycopg2
import pytest
from psycopg2.extensions import cursor as Cursor
from roster.errors import OutcomeUnknownError
from roster.infrastructure import commits
from roster.infrastructure.commits import Mark
from roster.infrastructure.connecting import Door
from roster.infrastructure.connections import Pool

from local.postgres_database import READER, WRITER
from local.processes import keep_going, wait_until
from tests.servers import Postgres, as_role, connected, execute

pytestmark = pytest.mark.integration

_WAL_WRITER = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'"


@pytest.fixture(scope="module", params=[16, 18], ids=lambda version: f"own postgres {version}")
def own_postgres(request: pytest.FixtureRequest) -> Iterator[Postgres]:
    """Start a server that these tests may crash."""
    with contextlib.closing(Postgres(request.param)) as server:
        execute(server.server.url, "CREATE TABLE notes (text text)")
        yield server


@contextlib.contextmanager
def marked(url: str) -> Iterator[tuple[Cursor, Mark]]:
    """Open a transaction, write, and take its mark as `transact` does."""
    with connected(url) as connection, connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_current_xact_id()")
        yield cursor, commits.mark(cursor)


def verdict(url: str, mark: Mark) -> str:
    pool = Pool(Door(url, dict, lambda: None).open, 1, 30)
    try:
        return "committed" if commits.is_committed(mark, pool.lease) else "undone"
    except OutcomeUnknownError:
        return "unknown"
    finally:
        pool.close()


def crash(postgres: Postgres) -> None:
    """Kill one process of the server, which then recovers from what it has on disk, and goes on running."""
    ((pid,),) = execute(postgres.server.admin_url, _WAL_WRITER)
    os.kill(int(str(pid)), signal.SIGKILL)
    time.sleep(0.1)
    assert wait_until(lambda: answers(postgres.server.url), 20, keep_going)


def answers(url: str) -> bool:
    try:
        return execute(url, "SELECT 1") == [(1,)]
    except psycopg2.Error:
        return False


def give_away(url: str, xid: str | None) -> None:
    """Commit others until one of them had that id."""
    while True:
        ((given,),) = execute(url, "INSERT INTO notes VALUES ('another') RETURNING pg_current_xact_id()::text")
        if int(str(given)) >= int(str(xid)):
            assert given == xid, "the id was not given to a second one"
            return


@pytest.mark.parametrize("role", [READER, WRITER])
def test_every_role_may_ask_what_became_of_its_own(role: str, database_url: str) -> None:
    url = as_role(database_url, role)
    for end, expected in (("COMMIT", "committed"), ("ROLLBACK", "undone")):
        with marked(url) as (cursor, mark):
            cursor.execute(end)
        assert verdict(url, mark) == expected


def test_what_is_in_progress_is_waited_for(own_postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commits, "SETTLE_SECONDS", 0.3)
    url = own_postgres.server.url
    with marked(url) as (cursor, mark):
        assert verdict(url, mark) == "unknown"
        cursor.execute("COMMIT")
    assert verdict(url, mark) == "committed"


@pytest.mark.parametrize("is_planted", [False, True], ids=["as it is", "with a verdict that ignores the crash"])
def test_the_commit_of_another_that_got_the_same_id_after_a_crash_is_not_taken_for_ours(
    is_planted: bool, own_postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = own_postgres.server.url
    execute(own_postgres.server.admin_url, "CHECKPOINT")
    with contextlib.suppress(psycopg2.Error), marked(url) as (_, mark):
        crash(own_postgres)
    give_away(url, mark.xid)
    if is_planted:
        monkeypatch.setattr(commits, "_ASK", commits._ASK.replace("pg_postmaster_start_time() =", "true OR now() ="))
    assert verdict(url, mark) == ("committed" if is_planted else "unknown")


def test_a_commit_before_a_restart_is_not_vouched_for_and_an_id_that_was_lost_is_undone(
    own_postgres: Postgres,
) -> None:
    url = own_postgres.server.url
    with marked(url) as (cursor, kept):
        cursor.execute("COMMIT")
    with contextlib.suppress(psycopg2.Error), marked(url) as (_, lost):
        own_postgres.server.stop()
    own_postgres.restart()
    assert verdict(url, kept) == "unknown"
    assert verdict(url, lost._replace(xid=str(int(lost.xid or 0) + 1000))) == "undone"
