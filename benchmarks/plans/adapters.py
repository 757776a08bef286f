"""All adapters to PostgreSQL, on one database."""

from typing import NamedTuple

from roster.audit.postgres import PostgresTrail
from roster.auth.postgres import PostgresAccounts, PostgresLoginFailures
from roster.idempotency.postgres import PostgresAnswers
from roster.infrastructure.cache_control_postgres import PostgresControlRows
from roster.infrastructure.database import Database
from roster.infrastructure.rate_limits.postgres import PostgresBuckets
from roster.links.postgres import PostgresAddressees, PostgresLinks
from roster.mail.postgres import PostgresOutbox
from roster.orders.postgres import PostgresOrders
from roster.second_factors.postgres import PostgresSecondFactors
from roster.second_steps.postgres import PostgresSecondSteps
from roster.sessions.postgres import PostgresSessions, PostgresStandings
from roster.users.postgres import PostgresUsers


class Adapters(NamedTuple):
    users: PostgresUsers
    accounts: PostgresAccounts
    failures: PostgresLoginFailures
    sessions: PostgresSessions
    standings: PostgresStandings
    factors: PostgresSecondFactors
    steps: PostgresSecondSteps
    trail: PostgresTrail
    answers: PostgresAnswers
    outbox: PostgresOutbox
    addressees: PostgresAddressees
    links: PostgresLinks
    buckets: PostgresBuckets
    control: PostgresControlRows
    orders: PostgresOrders


def adapters_on(database: Database) -> Adapters:
    kinds = Adapters.__annotations__.values()
    return Adapters(*(kind(lambda: database) for kind in kinds))
