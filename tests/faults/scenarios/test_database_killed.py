"""F12, F13 and F22: a process dies while it creates something; the same request sent again has the one true answer."""

import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from roster.idempotency.models import Answer, IdempotencyKey, Kind
from roster.idempotency.postgres import PostgresAnswers
from roster.idempotency.repository import RequestInFlightError
from roster.infrastructure.database import Database
from roster.users.models import User
from roster.users.postgres import PostgresUsers

from local.processes import keep_going, wait_until
from tests import environment
from tests.builders import a_new_user
from tests.fault_proxy import Cuts, FaultProxy, fault_proxy
from tests.servers import at_port, execute
from tests.structure.project import LAYER, ROOT

pytestmark = pytest.mark.integration

# Where it dies, and whether its name, its user and its answer are there by then.
DEATHS = {
    "before the name is committed": (b"COMMIT", 1, False, False),
    "after the name was committed": (b"COMMIT", 1, True, False),
    "in mid-effect": (b"INTO users", 1, True, False),
    "before the effect is committed": (b"COMMIT", 2, False, False),
    "after the effect was committed, without an answer": (b"COMMIT", 2, True, True),
}
_REGISTER = """
import sys
from roster.infrastructure.database import Database
from tests.faults.scenarios.test_database_killed import register
sys.stdin.readline()
register(Database(sys.argv[1], pool_max=1, idle_seconds=30), "first@example.com")
"""
_A_USER = Kind[User](User, lambda user: user.id)


def register(database: Database, email: str) -> Answer[User]:
    """Create a user; the address tells who did, and would be another request's in the world outside."""
    users, answers = PostgresUsers(lambda: database), PostgresAnswers(lambda: database)
    return answers.first(IdempotencyKey("a key", bytes(32)), _A_USER, lambda: users.add(a_new_user(email)))


@pytest.fixture
def proxy(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultProxy]:
    environment.set_up(monkeypatch)
    with fault_proxy(urlsplit(database_url).port) as proxy:
        yield proxy


def die(proxy: FaultProxy, url: str, mark: bytes, occurrence: int, *, hands_on: bool) -> None:
    """Let a process register that is killed when *mark* comes by."""
    variables = {**environment.SETTINGS, "PYTHONPATH": f"{LAYER}:{ROOT}"}
    command = [sys.executable, "-c", _REGISTER, at_port(url, proxy.port)]
    with subprocess.Popen(command, cwd=ROOT, env=variables, stdin=subprocess.PIPE) as process:
        proxy._way.cuts = Cuts(mark, occurrence, hands_on, kill=process.pid)
        process.communicate(b"go\n", timeout=60)
    assert process.returncode == -9, "it was to be killed"


def insisting(database: Database) -> Answer[User]:
    """Send the request again until nobody is at it any more: PostgreSQL may notice late that somebody died."""
    answers: list[Answer[User]] = []

    def answered() -> bool:
        try:
            answers.append(register(database, "again@example.com"))
        except RequestInFlightError:
            return False
        return True

    assert wait_until(answered, 5, keep_going)
    return answers[0]


@pytest.mark.parametrize("death", DEATHS)
def test_who_dies_leaves_one_effect_or_none_and_the_same_request_finds_out(
    death: str, proxy: FaultProxy, database_url: str
) -> None:
    mark, occurrence, hands_on, is_done = DEATHS[death]
    die(proxy, database_url, mark, occurrence, hands_on=hands_on)
    database = Database(database_url, pool_max=1, idle_seconds=30)
    answer = insisting(database)
    assert answer.is_replayed is is_done
    assert answer.item.email == ("first@example.com" if is_done else "again@example.com")
    assert execute(database_url, "SELECT email FROM users") == [(answer.item.email,)]
    assert register(database, "third@example.com") == Answer(answer.item, True)
    database.close()
