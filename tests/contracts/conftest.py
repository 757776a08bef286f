"""Every implementation of the ports, for contracts that all of them have to keep."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import NamedTuple, TypeVar

import pytest
import redis
from roster.audit import postgres as audit
from roster.audit.models import Action
from roster.audit.postgres import PostgresTrail
from roster.audit.repository import Trail
from roster.auth.fenced import FencedAccounts
from roster.auth.postgres import PostgresAccounts
from roster.auth.repository import Accounts
from roster.infrastructure.cache import Cache
from roster.infrastructure.cache_control import Control
from roster.infrastructure.cache_control_postgres import PostgresControlRows
from roster.infrastructure.database import Database
from roster.infrastructure.fenced_cache import FencedCache
from roster.infrastructure.write_barrier import WriteBarrier
from roster.orders.postgres import PostgresOrders
from roster.orders.repository import Orders
from roster.second_factors.postgres import PostgresSecondFactors
from roster.second_factors.repository import SecondFactors
from roster.second_steps.postgres import PostgresSecondSteps
from roster.second_steps.repository import SecondSteps
from roster.sessions import cached
from roster.sessions.cached import CachedStandings
from roster.sessions.fenced import FencedSessions
from roster.sessions.postgres import PostgresSessions, PostgresStandings
from roster.sessions.repository import Sessions, Standings
from roster.users.cached import CachedUsers
from roster.users.fenced import FencedUsers
from roster.users.postgres import PostgresUsers
from roster.users.repository import Users

from tests import cache_user, environment
from tests.contracts.house import house, round_trips, statements  # noqa: F401 (fixtures for the tests of this folder)
from tests.contracts.mail_stores import mail_stores  # noqa: F401 (a fixture for the tests of this folder)
from tests.fake_fence import FakeClock, FakeControlRows, FakeEnvironment, FakeFenceRedis
from tests.fake_orders import FakeOrders
from tests.fake_second_factors import FakeSecondFactors, FakeSecondSteps
from tests.fake_sessions import FakeSessions, FakeStandings
from tests.fake_tables import FakeTables
from tests.fake_trail import FakeTrail, record
from tests.fakes import FakeAccounts, FakeUsers
from tests.servers import Postgres, Servers, execute

Record = Callable[[Action, int], None]
Result = TypeVar("Result")

_TIMES = ("created_at", "refreshed_at", "idle_until", "expires_at")


class Stores(NamedTuple):
    """
    The repositories on the same rows.

    *verify* and *age* do what no port does: call an address verified, and let all that happened to sessions have
    happened so many seconds earlier. *record* records an event
    without an effect.
    """

    users: Users
    accounts: Accounts
    sessions: Sessions
    standings: Standings
    factors: SecondFactors
    steps: SecondSteps
    steps_of: Callable[[float], SecondSteps]
    verify: Callable[[int], None]
    age: Callable[[float], None]
    trail: Trail
    record: Record
    orders: Orders


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    environment.set_up(monkeypatch)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Open a database as the local server does."""
    database = Database(database_url, pool_max=20, idle_seconds=30)
    yield database
    database.close()


@pytest.fixture
def cache(redis_url: str) -> Iterator[Cache]:
    """Open a cache as the user whom a deployment gives the functions."""
    cache = Cache(cache_user.with_rights(redis_url, cache_user.granted()))
    yield cache
    cache.close()


@pytest.fixture(
    params=[
        "fake",
        "fake, cached",
        pytest.param("postgres 16", marks=pytest.mark.integration),
        pytest.param("postgres 18", marks=pytest.mark.integration),
        pytest.param("postgres 18, cached", marks=pytest.mark.integration),
    ]
)
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    """Return each implementation in turn."""
    if request.param.startswith("fake"):
        yield _in_memory(is_cached="cached" in request.param)
        return
    servers: Servers = request.getfixturevalue("servers")
    cache = request.getfixturevalue("cache") if "cached" in request.param else None
    yield from _on(servers.postgres(16 if "16" in request.param else 18), cache, servers)


@pytest.fixture
def users(stores: Stores) -> Users:
    return stores.users


@pytest.fixture
def accounts(stores: Stores) -> Accounts:
    return stores.accounts


@pytest.fixture
def orders(stores: Stores) -> Orders:
    return stores.orders


@pytest.fixture
def trail(stores: Stores) -> Trail:
    return stores.trail


def _in_memory(*, is_cached: bool) -> Stores:
    tables = FakeTables()
    users = FakeUsers(tables)

    def verify(user_id: int) -> None:
        tables.rows[user_id].user = replace(tables.rows[user_id].user, email_verified=True)

    return Stores(
        _fenced(users) if is_cached else users,
        FakeAccounts(tables),
        FakeSessions(tables),
        FakeStandings(tables),
        FakeSecondFactors(tables),
        FakeSecondSteps(tables),
        lambda seconds: FakeSecondSteps(tables, seconds),
        verify,
        tables.age_sessions,
        FakeTrail(tables),
        partial(record, tables),
        FakeOrders(tables),
    )


def _fenced(users: Users) -> Users:
    clock = FakeClock()
    fence = FakeEnvironment(FakeControlRows(clock), FakeFenceRedis(clock), clock).cache
    return FencedUsers(CachedUsers(users, fence), fence)


def _on(postgres: Postgres, cache: Cache | None, servers: Servers) -> Iterator[Stores]:
    url = postgres.emptied()
    database = Database(url, pool_max=20, idle_seconds=30)
    users = PostgresUsers(lambda: database)

    def verify(user_id: int) -> None:
        execute(url, "UPDATE users SET email_verified = true WHERE id = %s", user_id)

    def record(action: Action, subject_id: int) -> None:
        values = {"id": subject_id, **audit.origin_values()}
        statement = f"WITH one AS (SELECT %(id)s AS id), {audit.recording(action, 'id', 'one')} SELECT"
        database.transaction(lambda cursor: cursor.execute(statement, values))

    def age(seconds: float) -> None:
        earlier = ", ".join(f"{name} = {name} - %s * interval '1 s'" for name in _TIMES)
        execute(url, f"UPDATE sessions SET {earlier}", *[seconds] * len(_TIMES))
        execute(url, "UPDATE used_refresh_tokens SET used_at = used_at - %s * interval '1 s'", seconds)
        if cache:
            with redis.Redis.from_url(servers.redis().url) as client:
                client.flushdb()  # no time has passed for what it remembers

    stores = Stores(
        users,
        PostgresAccounts(lambda: database),
        PostgresSessions(lambda: database),
        PostgresStandings(lambda: database),
        PostgresSecondFactors(lambda: database),
        PostgresSecondSteps(lambda: database),
        lambda seconds: PostgresSecondSteps(lambda: database, seconds),
        verify,
        age,
        PostgresTrail(lambda: database),
        record,
        PostgresOrders(lambda: database),
    )
    yield _cached(stores, cache, database) if cache else stores
    database.close()


def _cached(stores: Stores, cache: Cache, database: Database) -> Stores:
    """Put the cache and its fence before the stores, as the wiring does."""
    control = Control(PostgresControlRows(lambda: database), cache, lease_seconds=1)
    fence = FencedCache(cache, control, WriteBarrier(cache, control), cached.LIFE_SECONDS)

    def change_standing(user_id: int, work: Callable[[], Result]) -> Result:
        return fence.change([cached.key_of(user_id)], work)

    return stores._replace(
        users=FencedUsers(CachedUsers(stores.users, fence), fence),
        accounts=FencedAccounts(stores.accounts, change_standing),
        sessions=FencedSessions(stores.sessions, fence),
        standings=CachedStandings(PostgresStandings(lambda: database), fence),
    )
