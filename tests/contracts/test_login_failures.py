"""The contract of `LoginFailures`, on the fake and on PostgreSQL."""

import itertools
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from roster.auth.postgres import PostgresLoginFailures
from roster.auth.repository import BLOCK_SECONDS, FORGIVEN_AFTER_SECONDS, LoginFailures
from roster.infrastructure.database import Database

from tests.fakes import FakeLoginFailures
from tests.racing import race
from tests.servers import Servers, execute

ADA = "ada@example.com"
FREE = BLOCK_SECONDS.index(1)  # so many failures block nothing

_AGE = """
    UPDATE login_failures
    SET attempted_at = attempted_at - %s * interval '1 second', blocked_until = blocked_until - %s * interval '1 second'
"""


class Subject(NamedTuple):
    """*pass_seconds* makes all that is known older."""

    failures: LoginFailures
    pass_seconds: Callable[[float], None]


@pytest.fixture(
    params=[
        "fake",
        pytest.param("postgres 16", marks=pytest.mark.integration),
        pytest.param("postgres 18", marks=pytest.mark.integration),
    ]
)
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    if request.param == "fake":
        fake = FakeLoginFailures()

        def pass_seconds(seconds: float) -> None:
            fake.age_seconds += seconds

        yield Subject(fake, pass_seconds)
        return
    servers: Servers = request.getfixturevalue("servers")
    url = servers.postgres(int(request.param[-2:])).emptied()
    database = Database(url, pool_max=20, idle_seconds=30)
    yield Subject(PostgresLoginFailures(lambda: database), lambda seconds: _age(url, seconds))
    database.close()


def _age(url: str, seconds: float) -> None:
    execute(url, _AGE, seconds, seconds)


def failed(subject: Subject, times: int, account: str = ADA) -> list[bool]:
    return [subject.failures.settle(account, is_right=False) for _ in range(times)]


def test_the_first_failures_block_nothing(subject: Subject) -> None:
    assert failed(subject, FREE) == [True] * FREE
    assert subject.failures.settle(ADA, is_right=True)


def test_one_more_blocks_the_account_for_the_right_password_too(subject: Subject) -> None:
    failed(subject, FREE + 1)
    assert not subject.failures.settle(ADA, is_right=True)
    assert not subject.failures.settle(ADA, is_right=False)


def test_no_other_account_is_blocked(subject: Subject) -> None:
    failed(subject, FREE + 1)
    assert subject.failures.settle("bob@example.com", is_right=True)


@pytest.mark.parametrize("is_right", [True, False])
def test_each_further_failure_blocks_for_longer_and_none_for_more_than_the_last(
    is_right: bool, subject: Subject
) -> None:
    failed(subject, FREE)
    for seconds in (*BLOCK_SECONDS[FREE:], BLOCK_SECONDS[-1], BLOCK_SECONDS[-1]):
        assert failed(subject, 1) == [True]
        subject.pass_seconds(seconds - 0.5)
        assert not subject.failures.settle(ADA, is_right=is_right)
        subject.pass_seconds(0.6)
    assert subject.failures.settle(ADA, is_right=True)


def test_blocks_are_one_second_two_four_and_fifteen_minutes_at_last() -> None:
    blocking = BLOCK_SECONDS[FREE:]
    assert (FREE, blocking[:3], blocking[-1]) == (4, (1, 2, 4), 900)
    assert all(longer <= 2 * shorter for shorter, longer in itertools.pairwise(blocking))


def test_an_attempt_during_a_block_does_not_make_it_longer(subject: Subject) -> None:
    failed(subject, FREE + 10)
    subject.pass_seconds(1.1)
    assert subject.failures.settle(ADA, is_right=True)


def test_a_success_ends_the_row_of_failures(subject: Subject) -> None:
    failed(subject, FREE)
    subject.failures.settle(ADA, is_right=True)
    assert failed(subject, FREE) == [True] * FREE
    assert subject.failures.settle(ADA, is_right=True)


def test_who_proved_otherwise_who_they_are_is_not_blocked(subject: Subject) -> None:
    failed(subject, FREE + 1)
    subject.failures.forget(ADA)
    assert failed(subject, FREE) == [True] * FREE
    subject.failures.forget("nobody@example.com")


def test_a_failure_is_forgiven_for_each_hour_without_any(subject: Subject) -> None:
    failed(subject, FREE)
    subject.pass_seconds(2.1 * FORGIVEN_AFTER_SECONDS)
    assert failed(subject, 3) == [True] * 3, "two were forgiven, so this is the fifth"
    assert not subject.failures.settle(ADA, is_right=True)


def test_all_is_forgiven_in_the_end(subject: Subject) -> None:
    for seconds in BLOCK_SECONDS:
        failed(subject, 1)
        subject.pass_seconds(seconds + 0.1)
    subject.pass_seconds(len(BLOCK_SECONDS) * FORGIVEN_AFTER_SECONDS)
    assert failed(subject, FREE) == [True] * FREE


def test_of_many_guesses_at_once_no_more_count_than_one_after_the_other(subject: Subject) -> None:
    outcomes = race(32, lambda number: subject.failures.settle(ADA, is_right=False))
    assert outcomes.count(True) == FREE + 1


def test_a_right_guess_among_many_wrong_ones_counts_only_while_the_account_is_free(subject: Subject) -> None:
    failed(subject, FREE + 1)
    outcomes = race(32, lambda number: subject.failures.settle(ADA, is_right=number % 2 == 0))
    assert outcomes == [False] * 32


def test_many_who_know_the_password_are_all_let_in_at_once(subject: Subject) -> None:
    assert race(16, lambda number: subject.failures.settle(ADA, is_right=True)) == [True] * 16


@pytest.mark.integration
@pytest.mark.parametrize("is_right", [True, False])
def test_counts_that_mean_nothing_any_more_are_removed_by_later_logins(is_right: bool, postgres_url: str) -> None:
    database = Database(postgres_url, pool_max=1, idle_seconds=30)
    failures = PostgresLoginFailures(lambda: database)
    for number in range(50):
        failures.settle(f"user-{number}@example.com", is_right=False)
    _age(postgres_url, len(BLOCK_SECONDS) * FORGIVEN_AFTER_SECONDS + 1)
    for number in range(6):
        failures.settle(f"user-{number}@example.com", is_right=is_right)
    assert execute(postgres_url, "SELECT count(*) FROM login_failures") == [(6,)]
    database.close()


@pytest.mark.integration
def test_no_address_is_kept(postgres_url: str) -> None:
    database = Database(postgres_url, pool_max=1, idle_seconds=30)
    PostgresLoginFailures(lambda: database).settle(ADA, is_right=False)
    ((row,),) = execute(postgres_url, "SELECT login_failures::text FROM login_failures")
    assert "ada" not in str(row)
    database.close()


@pytest.fixture
def postgres_url(servers: Servers) -> str:
    return servers.postgres(18).emptied()
