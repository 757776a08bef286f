"""Registration: users with a first password."""

from roster.auth import passwords
from roster.infrastructure import settings
from roster.users.registration import Registrations
from roster.wiring import users
from roster.wiring.once import once


@once
def service() -> Registrations:
    return Registrations(users.repository(), passwords.hashed, is_open=settings.registration_is_open())
