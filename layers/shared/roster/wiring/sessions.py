"""Sessions, on PostgreSQL; their end is noticed at once."""

from roster.sessions.fenced import FencedSessions
from roster.sessions.postgres import PostgresSessions
from roster.sessions.repository import Sessions
from roster.sessions.service import SessionService
from roster.wiring import fence, stores
from roster.wiring.once import once


@once
def service() -> SessionService:
    return SessionService(repository())


def repository() -> Sessions:
    return FencedSessions(PostgresSessions(stores.database), fence.fence())
