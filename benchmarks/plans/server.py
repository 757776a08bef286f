"""The PostgreSQL that `make explain` loads: one of its own, in `.local/explain`, kept from run to run."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import NamedTuple
from urllib.parse import urlsplit

from roster.infrastructure import migrations
from roster.infrastructure.database import Database

from benchmarks.plans.rows import Size
from local.home import Home, write_private
from local.postgres import PostgresServer
from local.postgres_database import DATABASE

# What is loaded can be loaded again, so nothing waits for a disk; nothing here changes what the planner thinks.
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "8GB",
    "shared_buffers": "512MB",
}
_AN_HOUR = 3600


class Urls(NamedTuple):
    """Of the role that Roster has, and of the superuser, who loads."""

    owner: str
    admin: str


@contextmanager
def serving(home: Home, size: Size) -> Iterator[Urls]:
    """
    Yield the addresses of a migrated database that holds what an earlier run loaded, if that is of *size*.

    Raises:
        LocalStackError: If another run uses *home*, or PostgreSQL cannot start.
    """
    with home.locked():
        _forget_other_sizes(home, size)
        server = PostgresServer.start(home.postgres, settings=_SETTINGS)
        try:
            migrate(server.url)
            yield Urls(server.url, admin_url(server))
        finally:
            server.stop()


def migrate(url: str) -> None:
    """Apply the migrations, however long that takes on what is loaded."""
    with closing(Database(url, pool_max=1, idle_seconds=1, work_seconds=_AN_HOUR)) as database:
        list(migrations.apply(database, migrations.read_all()))


def admin_url(server: PostgresServer) -> str:
    return urlsplit(server.admin_url)._replace(path=f"/{DATABASE}").geturl()


def _forget_other_sizes(home: Home, size: Size) -> None:
    note = home.folder / "size.json"
    if home.postgres.exists() and not (note.exists() and json.loads(note.read_text()) == [*size]):
        print("What an earlier run loaded is of another size: it goes.")
        shutil.rmtree(home.postgres)
    write_private(note, json.dumps(size))
