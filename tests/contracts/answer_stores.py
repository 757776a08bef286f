"""Every implementation of first answers, on the same rows as what they are about."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import NamedTuple

import pytest
from roster.idempotency.postgres import PostgresAnswers
from roster.idempotency.repository import FirstAnswers
from roster.infrastructure.database import Database
from roster.links.postgres import PostgresAddressees
from roster.orders.postgres import PostgresOrders
from roster.orders.repository import Orders
from roster.users.postgres import PostgresUsers
from roster.users.repository import PendingRegistrations, Users

from tests.fake_answers import FakeAnswers
from tests.fake_links import FakeAddressees
from tests.fake_orders import FakeOrders
from tests.fake_outbox import MailTables
from tests.fake_tables import FakeTables
from tests.fakes import FakeUsers
from tests.servers import Postgres, execute


class AnswerStores(NamedTuple):
    """*age* makes all names so many seconds older, *kept* counts the answers, *mails* counts the mails that wait."""

    answers: FirstAnswers
    users: Users
    pending: PendingRegistrations
    orders: Orders
    age: Callable[[float], None]
    kept: Callable[[], int]
    mails: Callable[[], int]


@pytest.fixture(
    params=[
        "fake",
        pytest.param("postgres 16", marks=pytest.mark.integration),
        pytest.param("postgres 18", marks=pytest.mark.integration),
    ]
)
def answer_stores(request: pytest.FixtureRequest) -> Iterator[AnswerStores]:
    """Return each implementation in turn."""
    if request.param == "fake":
        yield _in_memory()
        return
    yield from _on(request.getfixturevalue("servers").postgres(int(request.param[-2:])))


def _in_memory() -> AnswerStores:
    tables = FakeTables()
    answers, mail_tables = FakeAnswers(tables), MailTables(tables)

    def age(seconds: float) -> None:
        answers.passed += timedelta(seconds=seconds)

    pending = FakeAddressees(mail_tables)

    def kept() -> int:
        return sum(row.answer is not None for row in answers.rows.values())

    return AnswerStores(
        answers, FakeUsers(tables), pending, FakeOrders(tables), age, kept, lambda: len(mail_tables.mails)
    )


def _on(postgres: Postgres) -> Iterator[AnswerStores]:
    url = postgres.emptied()
    database = Database(url, pool_max=40, idle_seconds=30)

    def age(seconds: float) -> None:
        execute(url, "UPDATE idempotency_keys SET created_at = created_at - %s * interval '1 s'", seconds)

    def counting(table: str) -> Callable[[], int]:
        return lambda: int(str(execute(url, f"SELECT count(*) FROM {table}")[0][0]))

    yield AnswerStores(
        PostgresAnswers(lambda: database),
        PostgresUsers(lambda: database),
        PostgresAddressees(lambda: database),
        PostgresOrders(lambda: database),
        age,
        counting("idempotency_keys WHERE answer IS NOT NULL"),
        counting("outbox"),
    )
    database.close()
