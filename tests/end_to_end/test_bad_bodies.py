"""Bodies that must not get in: each has its status, and leaves no trace in the data."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import redis

from tests.end_to_end import conversation
from tests.end_to_end.bad_bodies import FIELDS, GOOD, INVALID, MALFORMED
from tests.end_to_end.conversation import Client, a_registration, error_of
from tests.end_to_end.server import LocalServer
from tests.servers import execute

pytestmark = pytest.mark.integration

JSON = "application/json"
# Whoever is let in or kept out is counted, and that they may act is remembered.
OF_GATES = re.compile(rb"^{limits}:|^{user:\d+}:standing:")


@pytest.fixture(scope="module")
def ada(server: LocalServer) -> Iterator[Client]:
    """Talk as one user in all tests, since none of them changes anything."""
    client = conversation.registered(server.url)
    with client.http:
        yield client


@pytest.fixture(autouse=True)
def _unchanged_data(server: LocalServer, ada: Client, admin: Client) -> Iterator[None]:
    """Fail the test if anything at all changed in PostgreSQL or Redis."""
    before = data_of(server)
    yield
    assert data_of(server) == before


def data_of(server: LocalServer) -> dict[str, Any]:
    """Return counts and checksums of all tables, where the identities stand, and what Redis holds but for gates."""
    url = server.database_url
    tables = execute(
        url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'cache_control'"
    )
    checksum = "SELECT count(*), md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM {} t"
    with redis.Redis.from_url(server.facts["redis_url"]) as client:
        entries = {key: client.get(key) for key in client.scan_iter() if not OF_GATES.search(key)}
    return {
        "rows": {name: execute(url, checksum.format(name)) for (name,) in tables},
        "identities": execute(url, "SELECT sequencename, last_value FROM pg_sequences"),
        "entries": entries,
    }


def requests_with_bodies(ada: Client) -> list[tuple[httpx.Client, str, str]]:
    return [
        (ada.http, "POST", "/api/users"),
        (ada.http, "POST", "/api/auth/login"),
        (ada.http, "PUT", ada.path),
        (ada.http, "PATCH", ada.path),
        (ada.http, "PUT", f"{ada.path}/password"),
    ]


def statuses(ada: Client, content: bytes, media_type: str = JSON) -> set[tuple[int, int]]:
    """Return the status of line and body that every endpoint with a body gives."""
    answers = [
        http.request(method, path, content=content, headers={"Content-Type": media_type})
        for http, method, path in requests_with_bodies(ada)
    ]
    return {(answer.status_code, error_of(answer)["status"]) for answer in answers}


@pytest.mark.parametrize("kind", MALFORMED)
def test_what_is_no_json_document_is_400_everywhere(ada: Client, kind: str) -> None:
    assert statuses(ada, MALFORMED[kind]) == {(400, 400)}


@pytest.mark.parametrize("kind", INVALID)
def test_json_that_nobody_wants_is_422_everywhere(ada: Client, kind: str) -> None:
    assert statuses(ada, INVALID[kind]) == {(422, 422)}


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1", "json"]
)
def test_another_media_type_is_415_everywhere(ada: Client, media_type: str) -> None:
    assert statuses(ada, json.dumps(a_registration()).encode(), media_type) == {(415, 415)}


@pytest.mark.parametrize("size", [256 * 1024 + 1, 1024 * 1024, 7 * 1024 * 1024, 11 * 1024 * 1024])
def test_a_body_of_more_than_256_kib_is_413(anyone: httpx.Client, size: int) -> None:
    content = f'{GOOD}, "x": "'.encode()
    content += b"x" * (size - len(content) - 2) + b'"}'
    answer = anyone.post("/api/users", content=content, headers={"Content-Type": JSON})
    assert (len(content), answer.status_code, error_of(answer)["code"]) == (size, 413, "body_too_large")


@pytest.mark.parametrize("kind", FIELDS)
def test_a_registration_with_a_bad_field_is_422_and_names_it_without_its_value(anyone: httpx.Client, kind: str) -> None:
    content = json.dumps(a_registration(**FIELDS[kind])).encode()
    answer = anyone.post("/api/users", content=content, headers={"Content-Type": JSON})
    assert answer.status_code == 422
    (name,), (problem,) = FIELDS[kind], error_of(answer)["details"]
    assert (problem["field"], set(problem)) == (f"body.{name}", {"field", "code", "message"})
    value = FIELDS[kind][name]
    assert not isinstance(value, str) or len(value) < 5 or value not in answer.text


@pytest.mark.parametrize(
    "field", ["id", "version", "email_verified", "created_at", "password", "nickname", "role", "status"]
)
def test_nobody_changes_a_field_that_is_not_theirs(ada: Client, field: str) -> None:
    for method, body in (("PATCH", {}), ("PUT", {"email": ada.user["email"], "name": "Ada"})):
        answer = ada.http.request(method, ada.path, json={**body, field: ada.user.get(field, "x")})
        assert (answer.status_code, error_of(answer)["details"][0]["field"]) == (422, f"body.{field}")


@pytest.mark.parametrize(
    "query", ["x=1", "limit=0", "limit=101", "limit=1e1", "limit=1&limit=2", "cursor=x", "cursor="]
)
@pytest.mark.parametrize("path", ["/api/users", "/api/users/1"])
def test_a_query_that_nobody_understands_is_422(admin: Client, path: str, query: str) -> None:
    answer = admin.http.get(f"{path}?{query}")
    assert (answer.status_code, error_of(answer)["code"]) == (422, "invalid_input")


def test_a_wrong_current_password_changes_nothing(ada: Client) -> None:
    change = {"current_password": "not my password at all", "new_password": "another lighthouse at dusk"}
    answer = ada.http.put("/api/users/me/password", json=change)
    assert (answer.status_code, error_of(answer)["details"][0]["field"]) == (422, "body.current_password")
