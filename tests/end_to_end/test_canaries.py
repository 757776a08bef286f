"""Secrets go through the whole local server, in every place: no log tells one, and neither store keeps one in plain."""

import json
from collections.abc import Iterator

import pytest
import redis

from tests.end_to_end.canary import ADDRESS, PASSWORD, WORD, Canary
from tests.end_to_end.server import LocalServer
from tests.pinning.statement_log import without_statements
from tests.servers import execute

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def canary(server: LocalServer) -> Iterator[Canary]:
    canary = Canary(server)
    with canary.http:
        canary.live()
        yield canary


def found_in(text: str, canary: Canary) -> list[str]:
    return [secret for secret in canary.secrets if secret in text or json.dumps(secret)[1:-1] in text]


def test_no_log_and_no_refusal_tells_a_secret_or_an_address(server: LocalServer, canary: Canary) -> None:
    refusals = canary.spray()
    logs = sorted(server.home.rglob("*.log"))
    assert {"server.log", "postgres.log"} <= {log.name for log in logs}
    logged = "".join(without_statements(log.read_text("utf-8")) for log in logs)
    assert found_in(logged + server.terminal + refusals, canary) == []
    assert WORD not in logged + server.terminal


def test_postgresql_keeps_no_secret_in_plain(server: LocalServer, canary: Canary) -> None:
    url = server.database_url
    tables = execute(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    kept = "".join(str(execute(url, f'SELECT t::text FROM "{name}" t')) for (name,) in tables)
    assert ADDRESS in kept
    assert found_in(kept, canary) == []


def test_redis_keeps_no_secret_in_plain(server: LocalServer, canary: Canary) -> None:
    canary.http.get("/api/users/me", headers=canary.headers)
    with redis.Redis.from_url(server.facts["redis_url"], decode_responses=True) as client:
        kept = {key: str(client.get(key) if client.type(key) == "string" else "") for key in client.scan_iter()}
    assert any(ADDRESS in value for value in kept.values())
    assert found_in(str(kept), canary) == []


def test_a_secret_in_a_log_would_be_found(canary: Canary) -> None:
    line = json.dumps({"message": f"login of somebody with {PASSWORD}"})
    assert found_in(line, canary) == [PASSWORD]
