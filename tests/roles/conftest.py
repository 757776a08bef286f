"""A database as a deployment makes it: migrated by its owner, with the rights on the database itself."""

from collections.abc import Iterator

import pytest
from roster.infrastructure import migrations
from roster.infrastructure.database import Database

from tests.servers import VERSIONS, Postgres, Servers


def migrate(url: str) -> list[str]:
    database = Database(url, pool_max=1, idle_seconds=1, work_seconds=30)
    try:
        return list(migrations.apply(database, migrations.read_all()))
    finally:
        database.close()


@pytest.fixture(scope="session", params=VERSIONS, ids=lambda version: f"postgres {version}")
def server(request: pytest.FixtureRequest, servers: Servers) -> Postgres:
    return servers.postgres(request.param)


@pytest.fixture(scope="session")
def owner_url(server: Postgres) -> Iterator[str]:
    """Return the owner's address of a database that tests read, or leave as it was."""
    with server.database(migrated=False) as url:
        migrate(url)
        yield url
