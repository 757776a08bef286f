"""One PostgreSQL of the tests stands behind PgBouncer: what is left on a session there, the next client meets."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from roster.infrastructure.database import Database

from tests.end_to_end import conversation
from tests.end_to_end.conversation import Client
from tests.end_to_end.server import LocalServer, running
from tests.pinning.pooled import VERSION
from tests.servers import Postgres, Servers, execute, past_pooler
from tools import pgbouncer

pytestmark = pytest.mark.integration


@pytest.fixture
def postgres(servers: Servers) -> Postgres:
    if pgbouncer.found() is None:
        pytest.skip(f"nothing of this run goes through a pooler: {pgbouncer.MISSING}")
    return servers.postgres(VERSION)


@pytest.fixture
def server(empty_database_url: str) -> Iterator[LocalServer]:
    with running(database_url=empty_database_url) as server:
        yield server


def test_roster_goes_through_pgbouncer_and_the_tests_go_past_it(postgres: Postgres, database_url: str) -> None:
    assert urlsplit(database_url).port != postgres.server.port == urlsplit(past_pooler(database_url)).port
    database = Database(database_url, pool_max=2, idle_seconds=30)
    assert database.fetch_one("SHOW application_name") == ("",)
    database.close()
    assert execute(database_url, "SHOW application_name") == [("tests",)]


def test_a_whole_conversation_goes_through_pgbouncer(server: LocalServer) -> None:
    ada = conversation.registered(server.url)
    with ada.http:
        assert [status for status in asked(ada) if status >= 300] == []


def asked(client: Client) -> Iterator[int]:
    """Read, write and leave, so that every kind of transaction was there."""
    items = [{"sku": "LAMP-7", "quantity": 2, "unit_price": 1999}]
    order = {"currency": "EUR", "items": items}
    yield client.http.patch(client.path, json={"name": "Augusta"}).status_code
    yield client.http.post(f"{client.path}/orders", json=order, headers={"Idempotency-Key": "one"}).status_code
    for path in (client.path, f"{client.path}/orders", "/api/auth/sessions", "/api/auth/totp", "/api/health"):
        yield client.http.get(path).status_code
    yield client.http.post("/api/auth/verify-email").status_code
    yield client.http.delete(client.path).status_code
