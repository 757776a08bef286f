"""F6 and F8: PostgreSQL refuses connections; whoever asks is told so in time, and nobody has to be started anew."""

import time
from collections.abc import Callable, Iterator

import pytest
from roster.wiring import stores

from local.postgres_database import WRITER
from tests.faults.scenarios.warm import Environment
from tests.servers import Postgres, connected

pytestmark = pytest.mark.integration

REFUSED_SECONDS = 3.0
CROWDED_SECONDS = 3.5
BACK_SECONDS = 1.0
_KILL = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s"

ASK: dict[str, Callable[[Environment], object]] = {
    "a read": Environment.read,
    "a write": Environment.write,
    "a login": Environment.log_in,
}


def test_a_server_that_is_gone_is_told_in_time_and_one_that_is_back_is_used_at_once(
    own_postgres: Postgres, place: Environment
) -> None:
    own_postgres.server.stop()
    try:
        refused = [place.read(), place.write(), place.log_in(), place.read()]
    finally:
        own_postgres.restart()
    assert all(answer.is_an_honest_refusal for answer in refused), refused
    assert max(answer.seconds for answer in refused) < REFUSED_SECONDS
    returned = time.monotonic()
    while place.read().status != 200:
        assert time.monotonic() - returned < BACK_SECONDS
    assert time.monotonic() - returned < BACK_SECONDS
    assert place.write().status == 200


@pytest.fixture
def crowded(own_postgres: Postgres, place: Environment) -> Iterator[Environment]:
    """An environment whose connection is gone, while PostgreSQL opens none for its user."""
    with connected(own_postgres.server.admin_url) as admin, admin.cursor() as cursor:
        cursor.execute(f"ALTER ROLE {WRITER} CONNECTION LIMIT 0")
        cursor.execute(_KILL, [WRITER])
        yield place
        cursor.execute(f"ALTER ROLE {WRITER} CONNECTION LIMIT -1")
        assert place.read().status == place.write().status == 200


def attempts(own_postgres: Postgres) -> int:
    return own_postgres.log.read_text("utf-8", "replace").count("too many connections for role")


@pytest.mark.parametrize("what", ASK)
def test_too_many_connections_are_told_in_time_after_one_attempt(
    what: str, own_postgres: Postgres, crowded: Environment
) -> None:
    for _ in range(3):
        before = attempts(own_postgres)
        answer = ASK[what](crowded)
        assert answer.is_an_honest_refusal, answer  # type: ignore[attr-defined]
        assert answer.seconds < CROWDED_SECONDS  # type: ignore[attr-defined]
        assert attempts(own_postgres) - before == 1


def test_a_second_attempt_would_be_counted(own_postgres: Postgres, crowded: Environment) -> None:
    before = attempts(own_postgres)
    for _ in range(2):
        with pytest.raises(Exception, match="unavailable"):
            stores.database().answers()
    assert attempts(own_postgres) - before == 2
