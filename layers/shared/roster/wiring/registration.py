"""Registration: users with a first password."""

from roster.auth import passwords
from roster.infrastructure import settings
from roster.links.postgres import PostgresAddressees
from roster.users.fenced import FencedAnswers
from roster.users.postgres import PostgresUsers
from roster.users.registration import Registrations
from roster.wiring import fence, idempotency, stores
from roster.wiring.once import once


@once
def service() -> Registrations:
    users, pending = PostgresUsers(stores.database), PostgresAddressees(stores.database)
    # The user is made in the transaction of the answer, so whoever keeps the answer says that they were.
    answers = FencedAnswers(idempotency.answers(), fence.fence())
    return Registrations(users, pending, answers, passwords.hashed, settings.registration())
