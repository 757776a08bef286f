"""Logging in: accounts on PostgreSQL."""

from roster.auth import passwords
from roster.auth.fenced import FencedAccounts
from roster.auth.postgres import PostgresAccounts, PostgresLoginFailures
from roster.auth.repository import Accounts
from roster.auth.service import Authentication
from roster.wiring import fence, stores
from roster.wiring.once import once


@once
def service() -> Authentication:
    passwords.prepare()
    return Authentication(accounts(), PostgresLoginFailures(stores.database))


def accounts() -> Accounts:
    return FencedAccounts(PostgresAccounts(stores.database), fence.change_standing)
