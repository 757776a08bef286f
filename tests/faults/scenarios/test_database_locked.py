"""F7: PostgreSQL is locked, or takes everything and says nothing; whoever waits is told in time, others do not wait."""

from collections.abc import Iterator

import pytest
from psycopg2.extensions import cursor as Cursor

from tests.faults.scenarios.warm import Answer, Environment
from tests.frozen import frozen
from tests.servers import Postgres, connected

pytestmark = pytest.mark.integration

READ_SECONDS = 3.0
WRITE_SECONDS = 6.0
UNAFFECTED_SECONDS = 1.0


@pytest.fixture
def other(url: str) -> Iterator[Cursor]:
    """Another client, in a transaction."""
    with connected(url) as connection, connection.cursor() as cursor:
        cursor.execute("BEGIN")
        yield cursor
        cursor.execute("ROLLBACK")


def assert_refused_within(seconds: float, answer: Answer) -> None:
    assert answer.is_an_honest_refusal, answer
    assert answer.seconds < seconds


def test_a_locked_table_is_told_in_time_and_the_write_never_happens(
    place: Environment, other: Cursor, url: str
) -> None:
    other.execute("SELECT sum(version) FROM users")
    before = other.fetchall()
    other.execute("LOCK TABLE users")
    assert_refused_within(READ_SECONDS, place.read())
    assert_refused_within(WRITE_SECONDS, place.write())
    other.execute("SELECT sum(version) FROM users")
    assert other.fetchall() == before
    other.execute("ROLLBACK")
    assert place.read().status == place.write().status == 200


def test_who_waits_for_a_row_is_told_in_time_and_other_rows_are_not_affected(place: Environment, other: Cursor) -> None:
    other.execute("SELECT FROM users WHERE id = %s FOR UPDATE", [place.callers[0].user_id])
    assert place.read(0).status == 200
    assert_refused_within(WRITE_SECONDS, place.write(0))
    for answer in (place.read(1), place.write(1)):
        assert (answer.status, answer.seconds < UNAFFECTED_SECONDS) == (200, True)
    other.execute("ROLLBACK")
    assert place.write(0).status == 200


def test_a_black_hole_is_told_in_time_and_left_at_once(own_postgres: Postgres, place: Environment) -> None:
    with frozen(own_postgres.server.pid):
        assert_refused_within(READ_SECONDS, place.read())
        assert_refused_within(WRITE_SECONDS, place.write())
    assert place.read().status == place.write().status == 200
