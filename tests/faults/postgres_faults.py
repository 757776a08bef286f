"""Faults of PostgreSQL and of PgBouncer before it."""

import contextlib
import functools
import threading
from collections.abc import Iterator

import psycopg2
from psycopg2.extensions import connection as Connection

from tests.faults.fault import Fault, Step, fault, nothing
from tests.faults.postgres_pair import POOL_SIZE
from tests.faults.stage import Stage
from tests.faults.way_faults import late, on_all, refusing, swallowing
from tests.servers import connected, execute

_CROWD = 100
_KILL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'roster_writer'"

postgres_fault = functools.partial(fault, of="PostgreSQL")
_on_all_ways = functools.partial(on_all, ways=Stage.ways_to_postgres, mend=Stage.lead_to_postgres)


@postgres_fault("F6", "PostgreSQL is away")
def away(stage: Stage) -> Iterator[Step]:
    stage.postgres.crash()
    yield nothing
    stage.postgres.restart()


refused = postgres_fault("F6", "PgBouncer refuses connections")(_on_all_ways(refusing))
swallowed = postgres_fault("F7", "PostgreSQL answers nothing")(_on_all_ways(swallowing))
delayed = postgres_fault("F7", "PostgreSQL answers 300 ms late")(_on_all_ways(late(0.3)))


@postgres_fault("F7", "a table is locked")
def locked_table(stage: Stage) -> Iterator[Step]:
    with _holding(stage, "LOCK TABLE users IN ACCESS EXCLUSIVE MODE"):
        yield nothing


@postgres_fault("F7", "the row of a user is locked")
def locked_row(stage: Stage) -> Iterator[Step]:
    with _holding(stage, "SELECT 1 FROM users WHERE id = 1 FOR UPDATE"):
        yield nothing


@postgres_fault("F8", "two connections for all, and a hundred who want them")
def crowded(stage: Stage) -> Iterator[Step]:
    stage.postgres.bouncer.resize(2)
    over = threading.Event()
    crowd = [threading.Thread(target=_occupy, args=(stage, over)) for _ in range(_CROWD)]
    for each in crowd:
        each.start()
    try:
        yield nothing
    finally:
        over.set()
        for each in crowd:
            each.join()
        stage.postgres.bouncer.resize(POOL_SIZE)


@postgres_fault("F9", "PostgreSQL fails over to its synchronous standby", seconds=6)
def fails_over(stage: Stage) -> Iterator[Step]:
    stage.postgres.fail_over()
    yield nothing
    stage.postgres.rebuild()


@postgres_fault("F10", "connections to PostgreSQL are killed all the time")
def connections_killed(stage: Stage) -> Iterator[Step]:
    yield lambda: execute(stage.postgres.admin_url, _KILL)


@postgres_fault("F10", "connections to PgBouncer are cut all the time")
def connections_cut(stage: Stage) -> Iterator[Step]:
    yield lambda: stage.ways.cut(stage.chance.choice(stage.environments).way_to_postgres)


@postgres_fault("F13", "connections are cut at COMMIT, before or after", seconds=6)
def cut_at_commit(stage: Stage) -> Iterator[Step]:
    def cut() -> None:
        writer = stage.chance.choice(stage.writers)
        stage.ways.cut_at(writer.way_to_postgres, "COMMIT", hands_on=stage.chance.random() < 0.5)

    yield cut
    stage.lead_to_postgres()


@contextlib.contextmanager
def _holding(stage: Stage, statement: str) -> Iterator[Connection]:
    """Hold what *statement* locks."""
    with connected(stage.postgres.admin_url) as connection, connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(statement)
        yield connection


def _occupy(stage: Stage, over: threading.Event) -> None:
    while not over.is_set():
        with contextlib.suppress(psycopg2.Error):
            execute(stage.postgres.url_at(stage.postgres.bouncer.port), "SELECT pg_sleep(0.1)")


ALL: list[Fault] = [each for each in list(vars().values()) if isinstance(each, Fault)]
