"""The sessions of a user, on PostgreSQL."""

from roster.users.sessions import UserSessions
from roster.wiring import sessions, users
from roster.wiring.once import once


@once
def service() -> UserSessions:
    return UserSessions(users.service(), sessions.repository())
