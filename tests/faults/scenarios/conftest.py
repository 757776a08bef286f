"""A PostgreSQL that a scenario may stop, fill up and lock, and an environment on it."""

import contextlib
from collections.abc import Iterator

import pytest

from local.postgres_database import WRITER
from tests.faults.scenarios.warm import Environment, warm
from tests.servers import Postgres, as_role


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[Postgres]:
    with contextlib.closing(Postgres(18)) as server:
        yield server


@pytest.fixture
def url(own_postgres: Postgres) -> Iterator[str]:
    with own_postgres.database() as url:
        yield url


@pytest.fixture
def place(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Environment]:
    """An environment without Redis, which could answer in place of PostgreSQL, as the user with the time limits."""
    with warm(monkeypatch, as_role(url, WRITER)) as environment:
        yield environment
