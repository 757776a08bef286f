"""GET /api/audit: who changed what, when and from where, newest first, for admins."""

from roster.api.pages import AuditQuery, page_of_events
from roster.api.results import Page
from roster.audit.models import AuditEvent
from roster.auth.caller import Caller
from roster.wiring import audit
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(query: AuditQuery, caller: Caller) -> Page[AuditEvent]:
    filters = query.filters()
    return page_of_events(audit.service().list(filters, query.before_id(), query.limit, caller), filters)
