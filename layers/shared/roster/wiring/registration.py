"""Registration: users with a first password."""

from roster.auth import passwords
from roster.infrastructure import settings
from roster.links.postgres import PostgresAddressees
from roster.users.registration import Registrations
from roster.wiring import idempotency, stores, users
from roster.wiring.once import once


@once
def service() -> Registrations:
    pending = PostgresAddressees(stores.database)
    answers, mode = idempotency.answers(), settings.registration()
    return Registrations(users.repository(), pending, answers, passwords.hashed, mode)
