"""Every implementation of the ports about mail, on the same rows as users and accounts."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from roster.audit.postgres import PostgresTrail
from roster.audit.repository import Trail
from roster.auth.postgres import PostgresAccounts
from roster.auth.repository import Accounts
from roster.infrastructure.database import Database
from roster.links.postgres import PostgresAddressees, PostgresLinks
from roster.links.repository import Links
from roster.mail.postgres import PostgresOutbox
from roster.mail.repository import Addressees, Outbox
from roster.users.postgres import PostgresUsers
from roster.users.repository import PendingRegistrations, Users

from tests.fake_links import FakeAddressees, FakeLinks
from tests.fake_outbox import FakeOutbox, MailTables
from tests.fake_tables import FakeTables
from tests.fake_trail import FakeTrail
from tests.fakes import FakeAccounts, FakeUsers
from tests.servers import Postgres, execute

_TIMES = {
    "outbox": ("created_at", "next_attempt_at", "claimed_until", "sent_at", "bounced_at", "failed_at"),
    "mailed_tokens": ("created_at", "expires_at"),
    "pending_registrations": ("created_at", "expires_at"),
    "user_passwords": ("changed_at",),
}
_MAILS = "SELECT attempts, error_code, sent_at IS NOT NULL, bounced_at IS NOT NULL, failed_at IS NOT NULL FROM outbox"


class MailState(NamedTuple):
    attempts: int
    error_code: str | None
    is_sent: bool
    is_bounced: bool
    is_failed: bool


class MailStores(NamedTuple):
    """
    The ports about mail; *age* makes all their rows, and passwords, so many seconds older.

    *states* tells of the mails by id, *counts* how many tokens and pending registrations there are.
    """

    users: Users
    accounts: Accounts
    outbox: Outbox
    addressees: Addressees
    pending: PendingRegistrations
    links: Links
    age: Callable[[float], None]
    states: Callable[[], list[MailState]]
    counts: Callable[[], tuple[int, int]]
    trail: Trail


@pytest.fixture(
    params=[
        "fake",
        pytest.param("postgres 16", marks=pytest.mark.integration),
        pytest.param("postgres 18", marks=pytest.mark.integration),
    ]
)
def mail_stores(request: pytest.FixtureRequest) -> Iterator[MailStores]:
    """Return each implementation in turn."""
    if request.param == "fake":
        yield _in_memory()
        return
    yield from _on(request.getfixturevalue("servers").postgres(int(request.param[-2:])))


def _in_memory() -> MailStores:
    tables = FakeTables()
    mail_tables = MailTables(tables)
    addressees = FakeAddressees(mail_tables)

    def age(seconds: float) -> None:
        mail_tables.passed += timedelta(seconds=seconds)

    def state(row: Any) -> MailState:
        return MailState(row.mail.attempts, row.error_code, *map(bool, (row.sent_at, row.bounced_at, row.failed_at)))

    return MailStores(
        FakeUsers(tables),
        FakeAccounts(tables),
        FakeOutbox(mail_tables),
        addressees,
        addressees,
        FakeLinks(mail_tables),
        age,
        lambda: [state(mail_tables.mails[key]) for key in sorted(mail_tables.mails)],
        lambda: (len(mail_tables.tokens), len(mail_tables.pending)),
        FakeTrail(tables),
    )


def _on(postgres: Postgres) -> Iterator[MailStores]:
    url = postgres.emptied()
    database = Database(url, pool_max=20, idle_seconds=30)
    addressees = PostgresAddressees(lambda: database)

    def age(seconds: float) -> None:
        for table, times in _TIMES.items():
            earlier = ", ".join(f"{name} = {name} - %s * interval '1 s'" for name in times)
            execute(url, f"UPDATE {table} SET {earlier}", *[seconds] * len(times))

    def counts() -> tuple[int, int]:
        statement = "SELECT (SELECT count(*) FROM mailed_tokens), (SELECT count(*) FROM pending_registrations)"
        ((tokens, pending),) = execute(url, statement)
        return int(str(tokens)), int(str(pending))

    yield MailStores(
        PostgresUsers(lambda: database),
        PostgresAccounts(lambda: database),
        PostgresOutbox(lambda: database),
        addressees,
        addressees,
        PostgresLinks(lambda: database),
        age,
        lambda: [MailState(*row) for row in execute(url, f"{_MAILS} ORDER BY id")],  # type: ignore[arg-type]
        counts,
        PostgresTrail(lambda: database),
    )
    database.close()
