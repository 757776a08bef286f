"""The contract of the control row, on the fake and on PostgreSQL."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from roster.infrastructure.cache_control import ControlRows
from roster.infrastructure.cache_control_postgres import PostgresControlRows
from roster.infrastructure.database import Database

from tests.fake_fence import FakeClock, FakeControlRows
from tests.racing import race
from tests.servers import Servers, execute

_AGE = """
    UPDATE cache_control SET
        changed_at = changed_at - %s * interval '1 second',
        off_until = off_until - %s * interval '1 second',
        recent_moves = ARRAY(SELECT moved_at - %s * interval '1 second' FROM unnest(recent_moves) AS moved_at)
"""


class Subject(NamedTuple):
    """The rows, and how to let seconds pass for them."""

    rows: ControlRows
    wait: Callable[[float], None]


@pytest.fixture(
    params=[
        "fake",
        pytest.param("postgres 16", marks=pytest.mark.integration),
        pytest.param("postgres 18", marks=pytest.mark.integration),
    ]
)
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    if request.param == "fake":
        clock = FakeClock()
        yield Subject(FakeControlRows(clock), clock.pass_by)
        return
    servers: Servers = request.getfixturevalue("servers")
    with servers.postgres(int(request.param[-2:])).database() as url:
        database = Database(url, pool_max=8, idle_seconds=30)
        yield Subject(PostgresControlRows(lambda: database), lambda seconds: _let_pass(url, seconds))
        database.close()


def _let_pass(url: str, seconds: float) -> None:
    execute(url, _AGE, seconds, seconds, seconds)


def enabled(rows: ControlRows, server_id: str = "aaaa") -> int:
    """Turn the cache on and return its epoch."""
    assert rows.enable(rows.read().epoch, server_id)
    return rows.read().epoch


def test_in_the_beginning_the_cache_has_been_off_for_long(subject: Subject) -> None:
    row = subject.rows.read()
    assert (row.is_enabled, row.server_id, row.is_barred) == (False, None, False)
    assert row.age_seconds > 60


def test_it_is_turned_on_by_one_under_another_epoch(subject: Subject) -> None:
    before = subject.rows.read()
    assert subject.rows.enable(before.epoch, "aaaa")
    assert not subject.rows.enable(before.epoch, "bbbb")
    row = subject.rows.read()
    assert (row.is_enabled, row.server_id) == (True, "aaaa")
    assert row.epoch != before.epoch
    assert row.age_seconds > 60, "no fence was moved"


def test_a_cache_that_is_on_is_not_turned_on(subject: Subject) -> None:
    assert not subject.rows.enable(enabled(subject.rows), "bbbb")
    assert subject.rows.read().server_id == "aaaa"


def test_an_epoch_is_fenced_off_once(subject: Subject) -> None:
    epoch = enabled(subject.rows)
    assert subject.rows.move(epoch, None)
    assert not subject.rows.move(epoch, None)
    assert not subject.rows.move(subject.rows.read().epoch, None), "nobody believes in a cache that is off"
    row = subject.rows.read()
    assert (row.is_enabled, row.server_id) == (False, "aaaa")
    assert row.epoch != epoch
    assert row.age_seconds < 10


def test_an_epoch_gives_way_to_one_on_another_server(subject: Subject) -> None:
    epoch = enabled(subject.rows)
    assert subject.rows.move(epoch, "bbbb")
    row = subject.rows.read()
    assert (row.is_enabled, row.server_id) == (True, "bbbb")
    assert row.epoch != epoch
    assert row.age_seconds < 10


def test_of_many_who_move_one_fence_one_does(subject: Subject) -> None:
    epoch = enabled(subject.rows)
    assert sorted(race(8, lambda _: subject.rows.move(epoch, "bbbb"))) == [False] * 7 + [True]


def test_the_age_is_that_of_the_last_move(subject: Subject) -> None:
    subject.rows.move(enabled(subject.rows), None)
    subject.wait(15)
    assert 15 <= subject.rows.read().age_seconds < 25
    enabled(subject.rows)
    assert 15 <= subject.rows.read().age_seconds < 25


def test_moves_that_are_far_apart_bar_nothing(subject: Subject) -> None:
    for _ in range(4):
        subject.rows.move(enabled(subject.rows), None)
        assert not subject.rows.read().is_barred
        subject.wait(301)


def test_a_third_move_in_ten_minutes_keeps_the_cache_off_for_five(subject: Subject) -> None:
    barred = []
    for _ in range(3):
        subject.rows.move(enabled(subject.rows), None)
        barred.append(subject.rows.read().is_barred)
        subject.wait(250)
    assert barred == [False, False, True]
    assert subject.rows.read().is_barred
    subject.wait(60)
    assert not subject.rows.read().is_barred


def test_a_third_move_turns_it_off_even_if_another_server_is_there(subject: Subject) -> None:
    epoch = enabled(subject.rows)
    for server_id in ("bbbb", "cccc", "dddd"):
        assert subject.rows.move(epoch, server_id)
        epoch = subject.rows.read().epoch
    assert (subject.rows.read().is_enabled, subject.rows.read().is_barred) == (False, True)


def test_epochs_are_random_and_not_used_twice(subject: Subject) -> None:
    epochs = {enabled(subject.rows)}
    for _ in range(2):
        subject.rows.move(subject.rows.read().epoch, None)
        epochs |= {subject.rows.read().epoch, enabled(subject.rows)}
    assert len(epochs) == 5
    assert all(0 <= epoch < 2**60 for epoch in epochs)


@pytest.mark.integration
def test_a_database_without_the_row_has_a_cache_that_stays_off(database_url: str, database: Database) -> None:
    execute(database_url, "DELETE FROM cache_control")
    row = PostgresControlRows(lambda: database).read()
    assert (row.is_enabled, row.is_barred) == (False, True)
