"""A primary with a synchronous standby, and a PgBouncer that leads to whichever is primary."""

from urllib.parse import urlsplit

from roster.infrastructure import migrations
from roster.infrastructure.database import Database

from local.postgres_database import WRITER
from local.processes import keep_going, wait_until
from tests.faults.postgres_node import PostgresNode
from tests.pgbouncer import PgBouncer
from tests.servers import as_role, at_port, execute

POOL_SIZE = 20
_SECONDS = 30


class PostgresPair:
    def __init__(self) -> None:
        self.primary, server = PostgresNode.first()
        self._owner = urlsplit(server.url)
        self.primary.start()
        self._migrate()
        self.standby: PostgresNode = PostgresNode(self.primary.admin_url)
        self.standby.follow(self.primary)
        self.bouncer = PgBouncer(self.primary.admin_url, pool_size=POOL_SIZE)
        self._await_standby()

    @property
    def owner_url(self) -> str:
        """The address of the primary, as the owner of the database: past PgBouncer."""
        return at_port(self._owner.geturl(), self.primary.port)

    @property
    def admin_url(self) -> str:
        """The superuser's address of the same database."""
        return urlsplit(self.primary.admin_url)._replace(path=self._owner.path).geturl()

    def url_at(self, port: int) -> str:
        """Return the address for functions that write, at a way to PgBouncer."""
        return at_port(as_role(self.owner_url, WRITER), port)

    def crash(self) -> None:
        self.primary.crash()

    def restart(self) -> None:
        self.primary.start()

    def fail_over(self) -> None:
        """Let the primary die and the standby take its place, alone."""
        self.primary.crash()
        self.standby.promote()
        self.primary, self.standby = self.standby, self.primary
        self.primary.require_standby("")
        self.bouncer.lead_to(self.primary.port)

    def rebuild(self) -> None:
        """Make the one that died the standby of the other, and let commits wait for it."""
        self.standby.follow(self.primary)
        self._await_standby()

    def close(self) -> None:
        self.bouncer.stop()
        self.standby.close()
        self.primary.close()

    def _await_standby(self) -> None:
        self.primary.require_standby("*")
        assert wait_until(self.primary.has_standby, _SECONDS, keep_going), "no standby follows"

    def _migrate(self) -> None:
        database = Database(self.owner_url, pool_max=1, idle_seconds=1, work_seconds=30)
        list(migrations.apply(database, migrations.read_all()))
        database.close()
        execute(self.admin_url, "CHECKPOINT")
