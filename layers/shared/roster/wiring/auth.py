"""Logging in: accounts on PostgreSQL."""

from roster.auth import passwords
from roster.auth.postgres import PostgresAccounts, PostgresLoginFailures
from roster.auth.service import Authentication
from roster.wiring import stores
from roster.wiring.once import once


@once
def service() -> Authentication:
    passwords.prepare()
    return Authentication(PostgresAccounts(stores.database), PostgresLoginFailures(stores.database))
