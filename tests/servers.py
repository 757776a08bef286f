"""Real servers for tests, in temporary folders and on free ports, started when somebody first asks for one."""

import contextlib
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor
from roster.infrastructure import migrations
from roster.infrastructure.database import Database

from local.postgres import PostgresServer
from local.postgres_database import ROLE
from local.redis import RedisServer
from tests.pinning import statement_log, watch

# Nothing here has to survive a power cut.
_IN_A_HURRY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
VERSIONS = (16, 18)
# Removes all rows but those of migrations. Deleting a few takes less time than TRUNCATE, which makes new files
# for each table and index; foreign keys are not asked meanwhile.
_EMPTY = """
    DO $$
    DECLARE
        tables regclass[] := ARRAY(
            SELECT oid FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
                AND relname NOT IN ('schema_migrations', 'cache_control') AND pg_relation_size(oid) > 0
        );
        each regclass;
    BEGIN
        SET LOCAL session_replication_role = replica;
        FOREACH each IN ARRAY tables LOOP
            IF pg_relation_size(each) > 256 * 1024 THEN
                EXECUTE format('TRUNCATE %s CASCADE', each);
            ELSE
                EXECUTE format('DELETE FROM %s', each);
            END IF;
        END LOOP;
        PERFORM setval(oid::regclass, 1, false) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'S';
        UPDATE cache_control SET is_enabled = false, changed_at = 'epoch', recent_moves = '{}', off_until = NULL;
    END
    $$
"""


# Ports of PgBouncer, and where a test gets instead; None: nowhere else.
_poolers: dict[int, int | None] = {}


def know_pooler(port: int, server_port: int | None) -> None:
    """Let tests that connect to a pooler get to its server at once; with None they go through it, as anybody does."""
    _poolers[port] = server_port


def past_pooler(url: str) -> str:
    """Return the address of the server itself, for who counts its connections, say."""
    port = _poolers.get(urlsplit(url).port or 0)
    return at_port(url, port) if port else url


def at_port(url: str, port: int) -> str:
    """Return an address that leads to another port, with all else as it is."""
    parts = urlsplit(url)
    return parts._replace(netloc=f"{parts.netloc.rpartition(':')[0]}:{port}").geturl()


def folder() -> Path:
    """Return a new folder; pytest would close its own to the user that PostgreSQL runs as under root."""
    return Path(tempfile.mkdtemp(prefix="roster-tests-"))


@contextlib.contextmanager
def connected(url: str) -> Iterator[Connection]:
    """Connect a test itself, past all the code that is tested."""
    address = past_pooler(url)
    # PgBouncer would put a name on the session, by SET.
    name = "" if urlsplit(address).port in _poolers else "tests"
    with contextlib.closing(psycopg2.connect(address, connect_timeout=5, application_name=name)) as connection:
        connection.autocommit = True
        yield connection


def execute(url: str, statement: str, *values: object) -> list[tuple[object, ...]]:
    """Run one statement and return its rows, if it has any."""
    with connected(url) as connection, connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def as_role(url: str, role: str) -> str:
    """Return the address for another of the roles that share the owner's password."""
    parts = urlsplit(url)
    return parts._replace(netloc=f"{role}:{parts.password}@{parts.hostname}:{parts.port}").geturl()


class Postgres:
    """One server of our own, and the databases that tests make on it and drop again."""

    def __init__(self, version: int, settings: Mapping[str, str] | None = None) -> None:
        self.version = version
        self.folder = folder()
        self._settings = {**_IN_A_HURRY, **statement_log.SETTINGS, **(settings or {})}
        self.server = PostgresServer.start(self.folder, version=version, settings=self._settings)
        self.log = self.folder / "postgres.log"
        watch.begin(self.log)
        self._template: str | None = None
        self._shared: str | None = None

    def restart(self) -> None:
        """Start the stopped server again where it was."""
        watch.catch_up()
        settings = {**self._settings, "port": str(self.server.port)}
        self.server = PostgresServer.start(self.folder, version=self.version, settings=settings)

    def close(self) -> None:
        self.server.stop()
        watch.end(self.log)
        shutil.rmtree(self.folder)

    def url_of(self, database: str, *, admin: bool = False) -> str:
        url = urlsplit(self.server.admin_url if admin else self.server.url)
        return url._replace(path=f"/{database}").geturl()

    @contextlib.contextmanager
    def database(self, *, migrated: bool = True) -> Iterator[str]:
        """Yield the address of a new database, and drop that one again."""
        name, oid = self._create(self._migrated_template() if migrated else "template1")
        try:
            yield self.url_of(name)
        finally:
            self._drop(name, oid)

    def emptied(self) -> str:
        """Return the address of a migrated database without rows; the next test gets the same one."""
        if self._shared is None:
            self._shared, _ = self._create(self._migrated_template())
        execute(self.url_of(self._shared, admin=True), _EMPTY)
        return self.url_of(self._shared)

    def _migrated_template(self) -> str:
        if self._template is None:
            self._template, _ = self._create("template1")
            direct = Postgres.url_of(self, self._template)  # a pooler would keep it in use
            database = Database(direct, pool_max=1, idle_seconds=1, work_seconds=30)
            list(migrations.apply(database, migrations.read_all()))
            database.close()
        return self._template

    def _create(self, template: str) -> tuple[str, int]:
        name = f"roster_test_{secrets.token_hex(8)}"
        # Copying files is the quicker strategy where no checkpoint has to wait for a disk.
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY FILE_COPY")
        with connected(self.server.admin_url) as connection, connection.cursor() as cursor:
            cursor.execute(create.format(*map(sql.Identifier, (name, template, ROLE))))
            return name, _oid_of(name, cursor)

    def _drop(self, name: str, oid: int) -> None:
        """Drop the database that we made, on the server that we started, and no other."""
        with connected(self.server.admin_url) as connection, connection.cursor() as cursor:
            cursor.execute("SHOW data_directory")
            ((data,),) = cursor.fetchall()
            assert Path(data).is_relative_to(self.folder.resolve()), f"this is somebody else's server: {data}"
            assert _oid_of(name, cursor) == oid, f"{name} is not the database that was made"
            cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _oid_of(name: str, cursor: Cursor) -> int:
    cursor.execute("SELECT oid FROM pg_database WHERE datname = %s", (name,))
    ((oid,),) = cursor.fetchall()
    return int(oid)


class Servers:
    """The servers that tests share; `close` stops them."""

    def __init__(self, start: Callable[[int], Postgres] = Postgres) -> None:
        self._start = start
        self._stack = contextlib.ExitStack()
        self._postgres: dict[int, Postgres] = {}
        self._redis: RedisServer | None = None

    def close(self) -> None:
        self._stack.close()

    def postgres(self, version: int) -> Postgres:
        if version not in self._postgres:
            self._postgres[version] = self._stack.enter_context(contextlib.closing(self._start(version)))
        return self._postgres[version]

    def redis(self) -> RedisServer:
        if self._redis is None:
            self._redis = self._stack.enter_context(redis_server())
        return self._redis


@contextlib.contextmanager
def redis_server() -> Iterator[RedisServer]:
    """Yield a Redis of the caller's own."""
    place = folder()
    server = RedisServer.start(place)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(place)
