"""A PgBouncer of our own in transaction mode, on 127.0.0.1 only: in front of PostgreSQL as RDS Proxy is."""

import contextlib
import shutil
import signal
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import psycopg2
import pytest

from local.ports import LOOPBACK, answers, free_port
from local.postgres_user import hand_over, needed_user
from local.processes import Child, keep_going, tail_of, wait_until
from tests.servers import at_port, folder, know_pooler
from tools import pgbouncer

_START_SECONDS = 10
# What no line here is about stays as PgBouncer has it. It asks the server for the secrets of roles, so that a
# password that was changed there is changed here.
_SETTINGS = """
[databases]
* = host={host} port={target}

[pgbouncer]
listen_addr = {host}
listen_port = {port}
unix_socket_dir =
pool_mode = transaction
default_pool_size = {pool_size}
max_client_conn = 1000
auth_type = scram-sha-256
auth_file = {folder}/users
auth_user = {superuser}
auth_query = SELECT usename, passwd FROM pg_shadow WHERE usename = $1
admin_users = {superuser}
query_wait_timeout = 3
server_connect_timeout = 1.5
server_login_retry = 0.1
log_connections = 0
log_disconnections = 0
log_pooler_errors = 0
log_stats = 0
"""


class PgBouncer:
    """
    Leads to one server, of which *admin_url* is the superuser's address, and lends its connections by transaction.

    Every role of the server and every database of it can be asked for at `url_of`.
    """

    def __init__(self, admin_url: str, *, pool_size: int = 20) -> None:
        self.folder, self.port = folder(), free_port()
        know_pooler(self.port, None)
        self._admin, self._user = urlsplit(admin_url), needed_user()
        self._target, self._pool_size = int(self._admin.port or 0), pool_size
        hand_over(self.folder, self._user)
        self._write("users", f'"{self._admin.username}" "{unquote(self._admin.password or "")}"\n')
        self._write_settings()
        self._child = self._launch()
        self.pid = self._child.pid

    def url_of(self, url: str) -> str:
        """Return the address for a role and a database that *url* names."""
        return at_port(url, self.port)

    def lead_to(self, port: int) -> None:
        """Lead to another server of the same roles from now on; old connections end with their transactions."""
        self._target = port
        self._reload()

    def resize(self, pool_size: int) -> None:
        """Lend no more than so many connections for a role and a database at once."""
        self._pool_size = pool_size
        self._reload()

    def ask(self, command: str) -> list[dict[str, object]]:
        """Return what the console answers, `SHOW POOLS` say, by the names of its columns."""
        console = self._admin._replace(path="/pgbouncer").geturl()
        with contextlib.closing(psycopg2.connect(self.url_of(console), connect_timeout=5)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(command)
                names = [column.name for column in cursor.description or ()]
                return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()] if names else []

    def stop(self) -> None:
        self._child.stop()
        shutil.rmtree(self.folder)

    def _launch(self) -> Child:
        program = pgbouncer.found()
        assert program is not None, pgbouncer.MISSING
        log = self.folder / "log"
        child = Child([program, str(self.folder / "ini")], log=log, stop_signal=signal.SIGINT, user=self._user)
        if not wait_until(lambda: child.ended or answers(LOOPBACK, self.port), _START_SECONDS, keep_going):
            child.stop()
        assert not child.ended, f"PgBouncer did not start. Its last words:{tail_of(log)}"
        return child

    def _reload(self) -> None:
        self._write_settings()
        self.ask("RELOAD")

    def _write_settings(self) -> None:
        values = {"target": self._target, "port": self.port, "pool_size": self._pool_size}
        names = {"host": LOOPBACK, "folder": self.folder, "superuser": self._admin.username}
        self._write("ini", _SETTINGS.format(**values, **names))

    def _write(self, name: str, text: str) -> None:
        """Write a file at once as a whole, for nobody but the user that PgBouncer runs as."""
        file, unfinished = self.folder / name, self.folder / f"{name}.new"
        unfinished.touch(mode=0o600)
        unfinished.write_text(text)
        hand_over(unfinished, self._user)
        unfinished.rename(file)


@contextlib.contextmanager
def pooled(admin_url: str, *, pool_size: int = 20) -> Iterator[PgBouncer]:
    """Yield a PgBouncer in front of a server; skip the test where there is no PgBouncer."""
    if pgbouncer.found() is None:
        pytest.skip(pgbouncer.MISSING)
    bouncer = PgBouncer(admin_url, pool_size=pool_size)
    try:
        yield bouncer
    finally:
        bouncer.stop()
