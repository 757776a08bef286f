"""Sessions, on PostgreSQL."""

from roster.sessions.postgres import PostgresSessions
from roster.sessions.repository import Sessions
from roster.sessions.service import SessionService
from roster.wiring import stores
from roster.wiring.once import once


@once
def service() -> SessionService:
    return SessionService(repository())


def repository() -> Sessions:
    return PostgresSessions(stores.database)
