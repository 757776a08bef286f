"""Limits as clients meet them, with Redis and without it."""

import os
import signal
from collections.abc import Iterator

import httpx
import pytest

from tests.end_to_end import conversation
from tests.end_to_end.conversation import Client, error_of
from tests.end_to_end.server import LocalServer, running

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def limited() -> Iterator[LocalServer]:
    """Run a server with the limits of a deployment."""
    with running("RateLimitsPercent=100") as server:
        yield server


@pytest.fixture
def http(limited: LocalServer) -> Iterator[httpx.Client]:
    with conversation.anonymous(limited.url) as http:
        yield http


@pytest.fixture(scope="module")
def admin(limited: LocalServer) -> Iterator[Client]:
    client = conversation.log_in(limited.url, limited.facts["admin_email"], limited.facts["admin_password"])
    with client.http:
        yield client


def register(http: httpx.Client, number: int) -> httpx.Response:
    headers = {"X-Forwarded-For": f"198.51.100.{number}"}
    return http.post("/api/users", json=conversation.a_registration(), headers=headers)


def assert_refused(answer: httpx.Response, policy: str) -> None:
    assert (answer.status_code, error_of(answer)["code"]) == (429, "too_many_requests")
    assert int(answer.headers["Retry-After"]) >= 1
    assert f'"{policy}";r=0;t={answer.headers["Retry-After"]}' in answer.headers["RateLimit"]


def test_answers_tell_where_the_client_stands_also_to_pages_of_the_web(admin: Client) -> None:
    answers = [admin.http.request(method, admin.path) for method in ("GET", "HEAD", "GET")]
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"caller";q=600;w=60, "source";q=1200;w=60'}
    assert all(answer.headers["RateLimit"].startswith('"caller";r=59') for answer in answers)
    assert {"RateLimit", "RateLimit-Policy"} <= set(answers[0].headers["Access-Control-Expose-Headers"].split(", "))


def test_an_admin_who_adds_users_is_not_someone_who_registers(admin: Client) -> None:
    answers = [admin.http.post("/api/users", json=conversation.a_registration()) for _ in range(25)]
    assert {answer.status_code for answer in answers} == {201}


def test_registrations_are_limited_by_source_and_no_header_helps(http: httpx.Client) -> None:
    answers = [register(http, number) for number in range(21)]
    assert [answer.status_code for answer in answers[:20]] == [201] * 20
    assert_refused(answers[20], "registration-source")


def test_registrations_are_limited_as_strictly_without_redis(
    limited: LocalServer, http: httpx.Client, admin: Client
) -> None:
    os.kill(limited.facts["pids"]["redis"], signal.SIGKILL)
    answers = [register(http, number) for number in range(21)]
    assert [answer.status_code for answer in answers[:20]] == [201] * 20, "PostgreSQL begins to count now"
    assert_refused(answers[20], "registration-source")
    assert admin.http.get(admin.path).status_code == 200
    assert any("Limited" in line for line in limited.log)
