"""Signing in with a password that is made for each connection, on real servers that check it."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from redis.exceptions import NoPermissionError
from roster.errors import UnavailableError
from roster.infrastructure import cache_connections, tls
from roster.infrastructure.cache_connections import AGE_MAX_SECONDS
from roster.infrastructure.database import Database

from tests import tls_servers
from tests.fault_proxy import FaultProxy, fault_proxy
from tests.servers import Postgres, Servers, execute
from tests.tls_servers import Authority
from tests.unit.fake_connections import FakeClock

pytestmark = pytest.mark.integration

USER = "roster_token_user"
KILL = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s"


class Tokens:
    """Makes the password that is valid now, and remembers for whom."""

    def __init__(self) -> None:
        self.valid = "first/+=token"
        self.made_for: list[str] = []
        self.is_away = False

    def make(self, user: str) -> str:
        self.made_for.append(user)
        if self.is_away:
            raise UnavailableError
        return self.valid


@pytest.fixture
def tokens() -> Tokens:
    return Tokens()


@pytest.fixture
def rotate(postgres: Postgres, tokens: Tokens) -> Iterator[Callable[[str], None]]:
    """Return what gives the user of the database another password."""
    admin = postgres.server.admin_url

    def rotate(password: str) -> None:
        tokens.valid = password
        execute(admin, f"ALTER ROLE {USER} PASSWORD %s", password)

    execute(admin, f"CREATE ROLE {USER} LOGIN PASSWORD %s", tokens.valid)
    yield rotate
    execute(admin, f"DROP ROLE {USER}")


@pytest.fixture
def database(postgres: Postgres, tokens: Tokens, rotate: Callable[[str], None]) -> Iterator[Database]:
    """Open the database by an address without user and password, as a deployment has it."""
    address = f"postgresql://127.0.0.1:{postgres.server.port}/postgres"
    sign_in = lambda: {"user": USER, "password": tokens.make(USER)}  # noqa: E731
    database = Database(address, pool_max=1, idle_seconds=30, sign_in=sign_in)
    yield database
    database.close()


def test_one_password_is_made_for_each_connection_and_none_for_a_statement(database: Database, tokens: Tokens) -> None:
    for _ in range(5):
        assert database.fetch_one("SELECT current_user") == (USER,)
    assert tokens.made_for == [USER]


def test_nobody_notices_that_the_password_changed(
    database: Database, tokens: Tokens, postgres: Postgres, rotate: Callable[[str], None]
) -> None:
    for number in range(5):
        assert database.answers()
        rotate(f"password {number}")
        assert execute(postgres.server.admin_url, KILL, USER) == [(True,)]
    assert database.answers()
    assert len(tokens.made_for) == 6


def test_a_wrong_password_is_an_outage_and_the_right_one_ends_it(database: Database, tokens: Tokens) -> None:
    right, tokens.valid = tokens.valid, "wrong"
    with pytest.raises(UnavailableError):
        database.answers()
    tokens.valid = right
    assert database.answers()


def test_without_credentials_to_sign_with_there_is_no_database(database: Database, tokens: Tokens) -> None:
    tokens.is_away = True
    with pytest.raises(UnavailableError):
        database.answers()
    tokens.is_away = False
    assert database.answers()


@pytest.fixture(scope="module")
def vouched(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return tls_servers.authority(tmp_path_factory.mktemp("redis"), "localhost")


@pytest.fixture
def acl(servers: Servers, redis_url: str, tokens: Tokens) -> Iterator[redis.Redis]:
    """Return a client of the administrator, beside a user who may read and write `t:*` only."""
    if servers.redis().kind == "fakeredis":
        pytest.skip("an imitation of Redis checks no user")
    with redis.Redis.from_url(redis_url) as admin:
        admin.acl_setuser(USER, enabled=True, passwords=[f"+{tokens.valid}"], keys=["t:*"], commands=["+get", "+set"])
        yield admin
        admin.acl_deluser(USER)


@pytest.fixture
def relay(vouched: Authority, acl: redis.Redis, redis_url: str) -> Iterator[FaultProxy]:
    with fault_proxy(urlsplit(redis_url).port, vouched.server_context()) as proxy:
        yield proxy


@pytest.fixture
def client(relay: FaultProxy, vouched: Authority, tokens: Tokens) -> Iterator[redis.Redis]:
    with connecting(relay, tokens, vouched.roots) as client:
        yield client


def connecting(relay: FaultProxy, tokens: Tokens, roots: Path) -> redis.Redis:
    return cache_connections.client(f"rediss://{USER}@localhost:{relay.port}/0", tokens.make, tls.context(roots))


def test_one_token_is_made_for_a_connection_and_none_for_a_command(client: redis.Redis, tokens: Tokens) -> None:
    for number in range(5):
        client.set("t:key", number)
        assert client.get("t:key") == str(number).encode()
    assert tokens.made_for == [USER]


def test_the_user_is_held_to_its_keys_and_commands(client: redis.Redis) -> None:
    with pytest.raises(NoPermissionError):
        client.get("other")
    with pytest.raises(NoPermissionError):
        client.flushdb()


def test_a_new_connection_has_a_new_token(
    client: redis.Redis, tokens: Tokens, acl: redis.Redis, relay: FaultProxy, redis_url: str
) -> None:
    client.set("t:key", "value")
    acl.acl_setuser(USER, enabled=True, passwords=[f"-{tokens.valid}", "+second"])
    tokens.valid = "second"
    relay.point_to(urlsplit(redis_url).port)  # cuts what is open
    assert client.get("t:key") == b"value"
    assert len(tokens.made_for) == 2


def test_a_closed_client_holds_no_connection(client: redis.Redis, acl: redis.Redis) -> None:
    client.get("t:key")
    assert USER in str(acl.client_list())
    client.close()
    assert gone(lambda: USER not in str(acl.client_list()))


def gone(condition: Callable[[], bool]) -> bool:
    """Wait a little for what another process has to notice first."""
    ends_at = time.monotonic() + 2
    while not condition() and time.monotonic() < ends_at:
        time.sleep(0.01)
    return condition()


@pytest.mark.parametrize("stopped", ["neither", "monotonic", "wall"])
def test_a_connection_is_replaced_before_it_is_cut_for_its_age(
    stopped: str, client: redis.Redis, tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FakeClock(monkeypatch)
    client.get("t:key")
    clock.passes(AGE_MAX_SECONDS)
    client.get("t:key")
    assert len(tokens.made_for) == 1
    clock.monotonic_seconds += 0 if stopped == "monotonic" else 1
    clock.wall_seconds += 0 if stopped == "wall" else 1
    client.get("t:key")
    client.get("t:key")
    assert len(tokens.made_for) == 2


@pytest.mark.parametrize("fault", ["wrong token", "no token", "another authority"])
def test_a_cache_that_lets_nobody_in_is_away(fault: str, relay: FaultProxy, tokens: Tokens, vouched: Authority) -> None:
    tokens.valid, tokens.is_away = "wrong" if fault == "wrong token" else tokens.valid, fault == "no token"
    roots = tls.AMAZON_ROOTS if fault == "another authority" else vouched.roots
    with connecting(relay, tokens, roots) as client, pytest.raises(redis.ConnectionError):
        client.get("t:key")
    assert tokens.made_for == ([] if fault == "another authority" else [USER])
