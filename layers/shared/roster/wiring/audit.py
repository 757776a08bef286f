"""The audit trail, on PostgreSQL."""

from roster.audit.postgres import PostgresTrail
from roster.audit.service import AuditTrail
from roster.wiring import stores
from roster.wiring.once import once


@once
def service() -> AuditTrail:
    return AuditTrail(PostgresTrail(stores.database))
