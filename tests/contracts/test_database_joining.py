"""A transaction within a transaction is a part of it: both happen, or neither."""

import pytest
from psycopg2.extensions import cursor as Cursor
from roster.errors import ConflictError
from roster.infrastructure.database import Database
from roster.infrastructure.database_errors import DatabaseFaultError

from tests.racing import race
from tests.servers import execute

pytestmark = pytest.mark.integration


class NoteTakenError(ConflictError):
    code = "note_taken"


CONFLICTS: dict[str, type[ConflictError]] = {"notes_pkey": NoteTakenError}


@pytest.fixture
def database(database_url: str) -> Database:
    execute(database_url, "CREATE TABLE notes (text text CONSTRAINT notes_pkey PRIMARY KEY)")
    return Database(database_url, pool_max=3, idle_seconds=30)


def note(database: Database, text: str) -> None:
    database.transaction(lambda cursor: _note(cursor, text), CONFLICTS)


def _note(cursor: Cursor, text: str) -> None:
    cursor.execute("INSERT INTO notes VALUES (%(text)s)", {"text": text})


def notes(url: str) -> list[tuple[object, ...]]:
    return execute(url, "SELECT text FROM notes ORDER BY text")


def test_what_is_written_within_is_seen_within_and_nowhere_else_before_the_end(
    database: Database, database_url: str
) -> None:
    def work(cursor: Cursor) -> tuple[object, object]:
        note(database, "inner")
        _note(cursor, "outer")
        return database.fetch_all("SELECT count(*) FROM notes"), notes(database_url)

    assert database.transaction(work) == ([(2,)], [])
    assert notes(database_url) == [("inner",), ("outer",)]


def test_what_fails_outside_undoes_what_was_written_within(database: Database, database_url: str) -> None:
    def work(cursor: Cursor) -> None:
        note(database, "inner")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        database.transaction(work)
    assert notes(database_url) == []
    note(database, "later")
    assert notes(database_url) == [("later",)]


def test_a_conflict_within_is_the_inner_ones_and_undoes_the_whole(database: Database, database_url: str) -> None:
    note(database, "taken")

    def work(cursor: Cursor) -> None:
        _note(cursor, "outer")
        note(database, "taken")

    with pytest.raises(NoteTakenError):
        database.transaction(work)
    assert notes(database_url) == [("taken",)]


def test_any_other_fault_within_is_told_as_one_of_the_whole(database: Database, database_url: str) -> None:
    def work(cursor: Cursor) -> None:
        database.transaction(lambda inner: inner.execute("INSERT INTO nowhere VALUES (1)"))

    with pytest.raises(DatabaseFaultError):
        database.transaction(work)
    note(database, "later")


def test_whoever_caught_a_conflict_within_cannot_commit_the_rest(database: Database, database_url: str) -> None:
    note(database, "taken")

    def work(cursor: Cursor) -> None:
        with pytest.raises(NoteTakenError):
            note(database, "taken")
        _note(cursor, "outer")

    with pytest.raises(DatabaseFaultError):
        database.transaction(work)
    assert notes(database_url) == [("taken",)]


def test_another_thread_and_another_database_are_no_part_of_it(database: Database, database_url: str) -> None:
    other = Database(database_url, pool_max=2, idle_seconds=30)

    def work(cursor: Cursor) -> None:
        race(2, lambda number: note(database, f"thread {number}"))
        note(other, "other database")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        database.transaction(work)
    assert len(notes(database_url)) == 3
    other.close()
