"""F15: the password is changed again and again under load, and every connection is lost meanwhile; nobody notices."""

import secrets
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from psycopg2.extensions import cursor as Cursor
from roster.errors import UnavailableError
from roster.infrastructure.database import Database

from local.postgres_database import WRITER
from tests import environment
from tests.security.progress import IN_FULL
from tests.servers import Postgres, as_role, connected

pytestmark = pytest.mark.integration

CHANGES = 200 if IN_FULL else 8
CLIENTS = 3
# Longer than a request takes that meets a change: who loses a second connection meanwhile is told so.
BETWEEN_SECONDS = 0.6
_KILL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s"


class Rotation:
    """The secret, where it is kept, and what changes it."""

    def __init__(self, admin: Cursor) -> None:
        self._admin = admin
        self.password = ""

    def sign_in(self) -> dict[str, str]:
        return {"password": self.password}

    def change(self) -> None:
        new = secrets.token_hex(16)
        self._admin.execute(f"ALTER ROLE {WRITER} PASSWORD '{new}'")
        self._admin.execute(_KILL, [WRITER])
        time.sleep(0.02)  # who connects in this moment has the old one
        self.password = new


@pytest.fixture
def rotation(own_postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rotation]:
    environment.set_up(monkeypatch)
    with connected(own_postgres.server.admin_url) as admin, admin.cursor() as cursor:
        rotation = Rotation(cursor)
        rotation.change()
        yield rotation


def refused(url: str, rotation: Rotation) -> int:
    """Change the password under load; return how many requests failed, of which each adds one to what it counts."""
    database = Database(as_role(url, WRITER), pool_max=CLIENTS, idle_seconds=30, sign_in=rotation.sign_in)
    ended = threading.Event()

    def load(number: int) -> tuple[int, int]:
        done = failed = 0
        while not ended.is_set():
            try:
                assert database.fetch_one("SELECT 1") == (1,)
                database.transaction(lambda cursor: cursor.execute("UPDATE users SET version = version + 1"))
                done += 1
            except UnavailableError:
                failed += 1
        return done, failed

    with ThreadPoolExecutor(CLIENTS) as pool:
        loads = [pool.submit(load, number) for number in range(CLIENTS)]
        for _ in range(CHANGES):
            rotation.change()
            time.sleep(BETWEEN_SECONDS)
        ended.set()
    database.close()
    assert sum(each.result()[0] for each in loads) > CHANGES
    return sum(each.result()[1] for each in loads)


def test_a_password_that_changes_under_load_is_noticed_by_nobody(url: str, rotation: Rotation) -> None:
    assert refused(url, rotation) == 0


def test_whoever_does_not_ask_for_the_secret_anew_is_found_out(
    url: str, rotation: Rotation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roster.infrastructure.connecting.says_sign_in_was_refused", lambda error: False)
    assert refused(url, rotation) > 0
