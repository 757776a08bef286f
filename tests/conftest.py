"""Fixtures that every suite may ask for: databases and caches of their own on real servers."""

import contextlib
from collections.abc import Iterator

import pytest
import redis
from hypothesis import HealthCheck, settings

from tests.pinning import pooled
from tests.servers import VERSIONS, Postgres, Servers

pytest_plugins = ["tests.declared", "tests.pinning.plugin"]

# A busy machine stops an example for longer than Hypothesis lets one take.
settings.register_profile("busy", parent=settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Start what tests ask for, when they first do, and stop it at the end of the session."""
    with contextlib.closing(Servers(pooled.start)) as servers:
        yield servers


@pytest.fixture(params=VERSIONS, ids=lambda version: f"postgres {version}")
def postgres(request: pytest.FixtureRequest, servers: Servers) -> Postgres:
    """Return each PostgreSQL in turn."""
    return servers.postgres(request.param)


@pytest.fixture
def database_url(postgres: Postgres) -> Iterator[str]:
    """Give the test a migrated database of its own."""
    with postgres.database() as url:
        yield url


@pytest.fixture
def emptied_database_url(postgres: Postgres) -> str:
    """Give the test a migrated database without rows, quickly; it may change rows and nothing else."""
    return postgres.emptied()


@pytest.fixture
def empty_database_url(postgres: Postgres) -> Iterator[str]:
    """Give the test an empty database of its own."""
    with postgres.database(migrated=False) as url:
        yield url


@pytest.fixture
def redis_url(servers: Servers) -> str:
    """Give the test a Redis that holds nothing; it is a server of this session."""
    url = servers.redis().url
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url
