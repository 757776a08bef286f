"""Links in mails: asking for one, and using it."""

from roster.auth import passwords
from roster.links.fenced import FencedLinks
from roster.links.postgres import PostgresLinks
from roster.links.service import LinkService
from roster.mail.postgres import PostgresOutbox
from roster.wiring import fence, stores
from roster.wiring.once import once


@once
def service() -> LinkService:
    links = FencedLinks(PostgresLinks(stores.database), fence.fence())
    return LinkService(links, PostgresOutbox(stores.database), passwords.hashed)
