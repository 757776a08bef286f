"""An environment that wakes up finds its sockets dead, and nobody notices: all are killed before each request."""

import contextlib
import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import redis
from roster.wiring import stores

from local.postgres_database import WRITER
from tests import environment
from tests.builders import a_caller, a_context, an_event
from tests.faults import population
from tests.faults.ways import Ways
from tests.functions import handler_of
from tests.handlers import world as worlds
from tests.security.progress import IN_FULL
from tests.servers import Servers, as_role, execute

pytestmark = pytest.mark.integration

TIMES = 10_000 if IN_FULL else 100
_KILL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'roster_writer'"


class Sleeper:
    """The one environment of this process, and what can be done to its connections while it sleeps."""

    def __init__(self, ways: Ways, admin_url: str, redis_url: str) -> None:
        self._ways, self._admin_url = ways, admin_url
        self._redis = redis.Redis.from_url(redis_url)

    def lose_connections(self, turn: int) -> None:
        """Kill them all: from the way, or, which is heard of by the sleeper, from the servers."""
        if turn % 2:
            self._ways.cut("postgres")
            self._ways.cut("redis")
        else:
            execute(self._admin_url, _KILL)
            self._redis.client_kill_filter(_type="normal", skipme=True)

    def ask(self, turn: int) -> dict[str, object]:
        caller = a_caller(1 + turn % population.USERS)
        path = f"/api/users/{caller.user_id}"
        if turn % 5 == 0:
            body = {"name": f"N{turn}"}
            return dict(handler_of("change_user")(an_event("PATCH", path, caller, body), a_context()))
        return dict(handler_of("get_user")(an_event("GET", path, caller), a_context()))

    def close(self) -> None:
        self._redis.close()


@pytest.fixture
def sleeper(servers: Servers, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sleeper]:
    environment.set_up(monkeypatch)
    postgres = servers.postgres(18)
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(postgres.database())
        ways = stack.enter_context(contextlib.closing(Ways(["postgres", "redis"])))
        population.add(url)
        ways.point_to("postgres", urlsplit(url).port)
        ways.point_to("redis", urlsplit(redis_url).port)
        monkeypatch.setenv("DATABASE_URL", _by(as_role(url, WRITER), ways.ports["postgres"]))
        monkeypatch.setenv("REDIS_URL", _by(redis_url, ways.ports["redis"]))
        worlds.forget()
        stack.callback(worlds.forget)
        stack.callback(stores.close)
        yield stack.enter_context(contextlib.closing(Sleeper(ways, postgres.server.admin_url, redis_url)))


def _by(url: str, port: int) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=f"{parts.netloc.rpartition(':')[0]}:{port}").geturl()


def test_nobody_notices_that_sockets_died_in_the_sleep(sleeper: Sleeper) -> None:
    seen = {0: 200}
    for turn in range(1, TIMES + 1):
        sleeper.lose_connections(turn)
        response = sleeper.ask(turn)
        seen[turn] = int(str(response["statusCode"]))
        assert json.loads(str(response["body"]))
    assert {turn: status for turn, status in seen.items() if status != 200} == {}
