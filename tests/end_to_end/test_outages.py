"""PostgreSQL and Redis go and come back under a running server, and the server is told to stop."""

import os
import signal
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import psutil
import pytest
import redis

from local import ports
from local.postgres import PostgresServer
from local.processes import keep_going, wait_until
from tests.end_to_end import conversation
from tests.end_to_end.conversation import Client, a_registration, error_of, log_in
from tests.end_to_end.server import LocalServer, running
from tests.frozen import Stopwatch, frozen

pytestmark = pytest.mark.integration

IN_TIME_SECONDS = 3.0
# While Redis is away, who writes users or ends sessions waits until nobody believes in what it holds.
HOLD_SECONDS = 1.1


@pytest.fixture
def server() -> Iterator[LocalServer]:
    """Run a server that the test may break."""
    with running() as server:
        yield server


def everything(client: Client) -> list[tuple[str, str, object]]:
    """Return one request to each endpoint that needs PostgreSQL."""
    change = {"email": client.user["email"], "name": "Augusta"}
    passwords = {"current_password": "a lighthouse at noon", "new_password": "another lighthouse at dusk"}
    return [
        ("POST", "/api/users", a_registration()),
        ("POST", "/api/auth/login", {"email": client.user["email"], "password": "a lighthouse at noon"}),
        ("GET", client.path, None),
        ("GET", "/api/auth/sessions", None),
        ("PUT", client.path, change),
        ("PATCH", client.path, {"name": "Augusta"}),
        ("PUT", f"{client.path}/password", passwords),
        ("DELETE", client.path, None),
    ]


def assert_unavailable(server: LocalServer, client: Client) -> None:
    """Ask every endpoint; each has to say in time that the service is away, and when to come back."""
    with redis.Redis.from_url(server.facts["redis_url"]) as cache:
        cache.flushdb()  # what it remembers can still be read
    for method, path, body in everything(client):
        with Stopwatch() as watch:
            answer = client.http.request(method, path, json=body)
        assert (method, path, answer.status_code) == (method, path, 503)
        assert error_of(answer)["code"] == "unavailable"
        assert int(answer.headers["Retry-After"]) >= 1
        assert watch.seconds < IN_TIME_SECONDS
    health = client.http.get("/api/health")
    assert (health.status_code, health.json()["checks"]["database"]["status"]) == (503, "down")


def test_a_stopped_postgresql_is_503_in_time_and_back_without_a_restart(server: LocalServer, ada: Client) -> None:
    port = urlsplit(server.database_url).port or 0
    os.kill(server.facts["pids"]["postgres"], signal.SIGINT)
    assert wait_until(lambda: not ports.answers(ports.LOOPBACK, port), 10, keep_going)
    assert_unavailable(server, ada)
    postgres = PostgresServer.start(server.home / "postgres", settings={"port": str(port)})
    try:
        assert ada.http.get(ada.path).json() == ada.user
        assert ada.http.patch(ada.path, json={"name": "Augusta"}).json()["name"] == "Augusta"
        assert ada.http.get("/api/health").json()["status"] == "up"
        server.interrupt()
    finally:
        postgres.stop()


def test_a_postgresql_that_does_not_answer_is_503_in_time_and_back_without_a_restart(
    server: LocalServer, ada: Client
) -> None:
    with frozen(server.facts["pids"]["postgres"]):
        assert_unavailable(server, ada)
    assert ada.http.get(ada.path).json() == ada.user, "nothing of all that was done late"
    assert ada.http.get("/api/health").json()["status"] == "up"


def test_everything_works_without_redis(server: LocalServer, ada: Client) -> None:
    ada.http.get(ada.path)
    with redis.Redis.from_url(server.facts["redis_url"]) as cache:
        assert any(b":standing:" in key for key in cache.scan_iter()), "what it holds is believed in"
    os.kill(server.facts["pids"]["redis"], signal.SIGKILL)
    *until_the_password_changed, farewell = everything(ada)
    assert_all_work(ada, until_the_password_changed)
    again = log_in(server.url, ada.user["email"], "another lighthouse at dusk")
    with again.http:
        assert_all_work(again, [farewell])
    with conversation.anonymous(server.url) as anyone:
        health = anyone.get("/api/health")
    assert (health.status_code, health.json()["status"]) == (200, "degraded")


def assert_all_work(client: Client, requests: list[tuple[str, str, object]]) -> None:
    for method, path, body in requests:
        with Stopwatch() as watch:
            answer = client.http.request(method, path, json=body)
        assert (method, path, answer.is_success) == (method, path, True)
        assert watch.seconds < (1 + HOLD_SECONDS if is_fenced(method, path) else 1)


def is_fenced(method: str, path: str) -> bool:
    return method != "GET" and path != "/api/auth/login"


def test_a_redis_that_does_not_answer_costs_the_first_request_a_little(server: LocalServer, ada: Client) -> None:
    ada.http.get(ada.path)
    with frozen(server.facts["pids"]["redis"]):
        with Stopwatch() as first:
            assert ada.http.get(ada.path).json() == ada.user
        with Stopwatch() as later:
            assert [ada.http.get(ada.path).status_code for _ in range(10)] == [200] * 10
    assert first.seconds < 0.3
    assert later.seconds / 10 < 0.05


def test_ctrl_c_leaves_no_process_and_the_data_and_tokens_survive_a_restart(server: LocalServer, ada: Client) -> None:
    processes = server.processes()
    assert {process.pid for process in processes} >= set(server.facts["pids"].values())
    assert server.interrupt() == 0
    _, alive = psutil.wait_procs(processes, timeout=5)
    assert alive == []
    assert not (server.home / "running.json").exists()

    token = ada.http.headers["Authorization"]
    server.start()
    with httpx.Client(base_url=server.url, headers={"Authorization": token}) as http:
        assert http.get("/api/users/me").json() == ada.user
    with conversation.anonymous(server.url) as http:
        admin = {"email": server.facts["admin_email"], "password": server.facts["admin_password"]}
        assert http.post("/api/auth/login", json=admin).json()["user"]["id"] == 1
