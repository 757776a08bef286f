"""A PostgreSQL that Roster reaches through PgBouncer, as it reaches the real one through RDS Proxy."""

import contextlib
from collections.abc import Iterator
from urllib.parse import urlsplit

from tests import servers
from tests.pgbouncer import PgBouncer
from tests.pinning import watch
from tests.pinning.leaks import POOL_SIZE, Witness
from tests.servers import Postgres
from tools import pgbouncer

VERSION = 16


class PooledPostgres(Postgres):
    """Looks, after each test and before a database goes, for what was left on sessions."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self._bouncer = PgBouncer(self.server.admin_url, pool_size=POOL_SIZE)
        servers.know_pooler(self._bouncer.port, self.server.port)
        password = urlsplit(self.server.url).password or ""
        self._witness = Witness(self.server.admin_url, self._bouncer, password)
        watch.ask(self._witness.found)

    def close(self) -> None:
        watch.ask_no_more(self._witness.found)
        self._witness.close()
        self._bouncer.stop()
        super().close()

    def url_of(self, database: str, *, admin: bool = False) -> str:
        url = super().url_of(database, admin=admin)
        return url if admin else self._bouncer.url_of(url)

    @contextlib.contextmanager
    def database(self, *, migrated: bool = True) -> Iterator[str]:
        with super().database(migrated=migrated) as url:
            try:
                yield url
            finally:
                watch.look()


def start(version: int) -> Postgres:
    """Start a server, the one of `VERSION` behind PgBouncer where there is one."""
    return PooledPostgres(version) if version == VERSION and pgbouncer.found() else Postgres(version)
