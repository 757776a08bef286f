"""A database with fifty thousand users and what belongs to them, and what every statement costs there."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from psycopg2.extensions import connection as Connection

from benchmarks.plans import load
from benchmarks.plans.cases import ALL
from benchmarks.plans.recorder import connected
from benchmarks.plans.rows import Size
from benchmarks.plans.run import Line, run
from tests.servers import Postgres, Servers, execute

SIZE = Size(users=50_000, orders=200_000)


class Ticks(NamedTuple):
    """Hears what is loaded; *new* are the rows that were not there before."""

    new: list[tuple[str, int]]

    def __call__(self, table: str, rows: int, *, is_new: bool) -> None:
        if is_new:
            self.new.append((table, rows))


def superuser_url(postgres: Postgres, url: str) -> str:
    return postgres.url_of(url.rsplit("/", 1)[1], admin=True)


@pytest.fixture(scope="session")
def loaded_url(servers: Servers) -> Iterator[str]:
    postgres = servers.postgres(18)
    with postgres.database() as url:
        load.load(superuser_url(postgres, url), SIZE, Ticks([]))
        yield url


@pytest.fixture
def connection(loaded_url: str) -> Iterator[Connection]:
    """Open a connection for `recording`, which leaves nothing."""
    with connected(loaded_url) as connection:
        yield connection


@pytest.fixture(scope="session")
def lines(loaded_url: str) -> list[Line]:
    """Run every case once, on pages that nobody has touched: other tests took their writes back, which shows."""
    execute(loaded_url, "VACUUM users")
    return run(loaded_url, ALL)
