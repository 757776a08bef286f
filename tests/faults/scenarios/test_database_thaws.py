"""F10: before each request every connection was killed, to PostgreSQL and to Redis; nobody notices."""

from collections import Counter
from collections.abc import Iterator

import pytest
import redis
from psycopg2.extensions import cursor as Cursor
from roster.infrastructure.attempts import Attempts

from tests.faults.scenarios.warm import Environment, warm
from tests.security.progress import IN_FULL, ticker
from tests.servers import Servers, connected, execute

pytestmark = [pytest.mark.integration, pytest.mark.slow]

THAWS = 10_000 if IN_FULL else 200
PLANTED_THAWS = 10
EVERY_WRITE = 5
_KILL = """
    SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


class Thawing:
    def __init__(self, environment: Environment, cursor: Cursor, cache: redis.Redis) -> None:
        self._environment, self._cursor, self._cache = environment, cursor, cache

    def status(self, number: int) -> int:
        """Kill what is open, and return what the next request comes to."""
        self._cursor.execute(_KILL)
        self._cache.client_kill_filter(_type="normal", skipme=True)
        ask = self._environment.write if number % EVERY_WRITE == 0 else self._environment.read
        return ask().status


@pytest.fixture
def url(servers: Servers) -> Iterator[str]:
    with servers.postgres(18).database() as url:
        yield url


@pytest.fixture
def thawing(url: str, redis_url: str, servers: Servers, monkeypatch: pytest.MonkeyPatch) -> Iterator[Thawing]:
    admin = url.rsplit("/", 1)[1]
    with (
        connected(servers.postgres(18).url_of(admin, admin=True)) as connection,
        connection.cursor() as cursor,
        redis.Redis.from_url(redis_url) as cache,
        warm(monkeypatch, url, redis_url) as environment,
    ):
        yield Thawing(environment, cursor, cache)


def test_nobody_notices_that_all_connections_died_while_the_environment_was_frozen(
    thawing: Thawing, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tick, statuses = ticker("thaws", THAWS, capsys), Counter[int]()
    before = versions(url)
    for number in range(THAWS):
        statuses[thawing.status(number)] += 1
        tick(number + 1)
        capsys.readouterr()
    assert statuses == {200: THAWS}
    assert versions(url) - before == THAWS // EVERY_WRITE, "each write was made once"


def versions(url: str) -> int:
    return int(str(execute(url, "SELECT sum(version) FROM users")[0][0]))


def test_whoever_does_not_try_again_is_found_out(thawing: Thawing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Attempts, "_may_go_on", lambda self, failure: False)
    assert 503 in {thawing.status(number) for number in range(PLANTED_THAWS)}
