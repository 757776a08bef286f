"""The fence on real servers: herds, a Redis that stands still, is full or restarts, environments side by side."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from statistics import median
from urllib.parse import urlsplit

import pytest
import redis
from roster.auth.client import Client
from roster.infrastructure.cache import Cache
from roster.infrastructure.cache_control import Control
from roster.infrastructure.cache_control_postgres import PostgresControlRows
from roster.infrastructure.database import Database
from roster.infrastructure.fenced_cache import FencedCache
from roster.infrastructure.scripts import AbsentRedis, ScriptRunner
from roster.infrastructure.write_barrier import WriteBarrier
from roster.sessions.cached import CachedStandings, key_of
from roster.sessions.fenced import FencedSessions
from roster.sessions.postgres import PostgresSessions, PostgresStandings
from roster.sessions.repository import Lifetime, NewSession, Standing
from roster.users.postgres import PostgresUsers

from local.processes import keep_going, wait_until
from local.redis import RedisServer
from tests.builders import a_new_user, a_session_id
from tests.fault_proxy import fault_proxy
from tests.frozen import Stopwatch, frozen
from tests.racing import race
from tests.servers import Servers, redis_server

pytestmark = pytest.mark.integration

LEASE_SECONDS = 1


class Counting(PostgresStandings):
    """Counts how often an entry was asked for."""

    fills = 0
    finds = 0

    def find(self, user_id: int, session_id: str) -> "str | None":  # type: ignore[override]
        self.finds += 1
        return super().find(user_id, session_id)

    def of(self, user_id: int) -> Standing | None:
        self.fills += 1
        time.sleep(0.05)
        return super().of(user_id)


class Environment:
    """An execution environment on servers that others use too."""

    def __init__(self, database: Database, cache: ScriptRunner) -> None:
        control = Control(PostgresControlRows(lambda: database), cache, LEASE_SECONDS)
        self.fence = FencedCache(cache, control, WriteBarrier(cache, control), 3600)
        self.behind = Counting(lambda: database)
        self.standings = CachedStandings(self.behind, self.fence)
        self.sessions = FencedSessions(PostgresSessions(lambda: database), self.fence)

    def lives(self, number: int = 1) -> bool:
        return self.standings.find(1, a_session_id(number)) is not None

    def asked(self) -> int:
        return self.behind.fills + self.behind.finds

    def end(self, number: int = 1) -> None:
        assert self.sessions.remove(1, a_session_id(number))


@pytest.fixture
def database(servers: Servers) -> Iterator[Database]:
    """Open a database with one user who has three sessions."""
    with servers.postgres(18).database() as url:
        database = Database(url, pool_max=20, idle_seconds=30)
        assert PostgresUsers(lambda: database).add(a_new_user()).id == 1
        for number in (1, 2, 3):
            new = NewSession(a_session_id(number), 1, bytes([number]) * 32, Client("203.0.113.7", "pytest"), None)
            PostgresSessions(lambda: database).add(new, Lifetime(3600, 3600))
        yield database
        database.close()


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


@pytest.fixture
def here(database: Database, server: RedisServer) -> Iterator[Environment]:
    cache = Cache(server.url)
    yield Environment(database, cache)
    cache.close()


@pytest.fixture
def there(database: Database, server: RedisServer) -> Iterator[Environment]:
    cache = Cache(server.url)
    yield Environment(database, cache)
    cache.close()


def test_an_end_here_is_noticed_there(here: Environment, there: Environment) -> None:
    assert [there.lives() for _ in range(3)] == [True] * 3
    here.end()
    assert not there.lives()


def test_of_a_herd_one_fills(here: Environment) -> None:
    here.lives()
    here.sessions.remove(1, a_session_id(3))
    here.behind.fills = 0
    assert race(12, lambda _: here.lives()) == [True] * 12
    assert here.behind.fills == 1


def test_a_redis_that_stands_still_costs_the_first_request_a_little_and_the_next_nothing(
    here: Environment, server: RedisServer
) -> None:
    here.lives()
    with frozen(server.pid):
        with Stopwatch() as first:
            assert here.lives()
        later = []
        for _ in range(20):
            with Stopwatch() as each:
                assert here.lives()
            later.append(each.seconds)
    assert first.seconds < 0.3
    assert median(later) < 0.02


def test_an_end_while_redis_stands_still_takes_as_long_as_others_believe_in_it(
    here: Environment, there: Environment, server: RedisServer
) -> None:
    assert [there.lives() for _ in range(2)] == [True] * 2
    with frozen(server.pid), Stopwatch() as watch:
        here.end()
    assert 1.1 * LEASE_SECONDS < watch.seconds < 1.1 * LEASE_SECONDS + 1
    assert not there.lives(), "Redis knows nothing of the end, and is not believed in"


def test_a_full_redis_stores_nothing_and_hides_nothing(
    here: Environment, there: Environment, server: RedisServer
) -> None:
    assert [there.lives() for _ in range(2)] == [True] * 2
    with redis.Redis.from_url(server.url) as client:
        client.config_set("maxmemory-policy", "noeviction")
        client.config_set("maxmemory", "1")
        with Stopwatch() as watch:
            here.end()
        assert not there.lives()
        assert there.lives(2)
        assert watch.seconds < 0.5, "what has to be taken back can be"
        client.config_set("maxmemory", "0")
    assert [there.lives(2) for _ in range(2)] == [True] * 2


def test_what_is_evicted_is_asked_for_again(here: Environment, there: Environment, server: RedisServer) -> None:
    assert [here.lives() for _ in range(2)] == [True] * 2
    with redis.Redis.from_url(server.url) as client:
        client.flushall()
    assert here.lives()
    here.end()
    assert not there.lives()


def test_after_a_restart_the_cache_is_of_use_again_within_three_seconds(
    database: Database, server: RedisServer
) -> None:
    address = urlsplit(server.url)
    with fault_proxy() as way, closing(Cache(f"redis://:{address.password}@127.0.0.1:{way.port}/0")) as cache:
        way.point_to(address.port)
        here = Environment(database, cache)
        here.lives()
        with redis_server() as fresh:
            with redis.Redis.from_url(fresh.url) as client:
                client.config_set("requirepass", str(address.password))
            way.point_to(None)
            assert here.lives(), "from PostgreSQL"
            way.point_to(urlsplit(fresh.url).port)
            assert wait_until(lambda: _costs_nothing(here), 3, keep_going)


def test_who_has_no_redis_is_noticed_by_those_who_have_one(database: Database, there: Environment) -> None:
    without = Environment(database, AbsentRedis())
    assert [there.lives() for _ in range(2)] == [True] * 2
    without.end()
    assert not there.lives()
    assert not without.lives()
    assert without.lives(2)


def test_a_write_in_progress_keeps_everyone_from_caching(here: Environment, there: Environment) -> None:
    assert there.lives()
    began, may_end = threading.Event(), threading.Event()

    def work() -> None:
        began.set()
        assert may_end.wait(10)

    writer = threading.Thread(target=here.fence.change, args=([key_of(1)], work))
    writer.start()
    assert began.wait(10)
    before = there.asked()
    assert [there.lives() for _ in range(3)] == [True] * 3
    assert there.asked() == before + 3
    may_end.set()
    writer.join()


def _costs_nothing(environment: Environment) -> bool:
    before = environment.asked()
    assert environment.lives()
    return environment.asked() == before
