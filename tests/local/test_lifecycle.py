"""The stack starts, says clearly why it cannot, and leaves nothing behind, whatever ends it."""

import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg2
import pytest

from tests.local.stack import Stack

pytestmark = pytest.mark.integration


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    stack = Stack(tmp_path)
    yield stack
    if stack.process is not None and stack.process.poll() is None:
        stack.end(signal.SIGTERM)
    if stack.left_behind(0):  # a test failed half-way
        stack.reset()


def test_start_tells_scripts_and_people_what_runs_and_ctrl_c_leaves_nothing(stack: Stack) -> None:
    facts = stack.start()
    assert stack.running.stat().st_mode & 0o777 == 0o600
    assert (stack.home / "keys.json").stat().st_mode & 0o777 == 0o600
    named = {"url", "mail_url", "admin_email", "admin_password", "token_issuer", "pids"}
    assert set(facts) == named | {"database_url", "functions_url", "redis_url"}
    assert set(facts["pids"]) == {"server", "postgres", "redis"}
    assert httpx.get(f"{facts['url']}/echo").status_code == 200
    status, printed = stack.end()
    assert status == 0
    for told in (facts["url"], "admin@example.com", "made-up", "GET /echo 200", str(stack.home / "server.log")):
        assert told in printed
    for secret in (facts["database_url"], facts["redis_url"]):
        assert secret.split("@")[0].rsplit(":", 1)[1] not in printed
    assert not stack.running.exists()
    assert stack.left_behind() == []


def test_data_and_keys_survive_a_restart(stack: Stack) -> None:
    stack.start()
    stack.end()
    keys = (stack.home / "keys.json").read_text()
    facts = stack.start()
    assert (stack.home / "keys.json").read_text() == keys
    assert "/api/users/2 " in stack.end()[1]  # the number of starts, from the database
    assert facts["database_url"].startswith("postgresql://roster:")
    assert facts["functions_url"].startswith("postgresql://roster_writer:")


@pytest.mark.parametrize("after_seconds", [0.15, 0.4, 0.7, 1.0])
def test_ctrl_c_during_the_start_even_twice_leaves_nothing(stack: Stack, after_seconds: float) -> None:
    process = stack.begin()
    time.sleep(after_seconds)
    process.send_signal(signal.SIGINT)
    time.sleep(0.05)
    _status, printed = stack.end()
    assert "Traceback" not in printed or "KeyboardInterrupt" in printed  # the latter: before our first line ran
    assert stack.left_behind() == []


def test_killed_server_takes_its_children_with_it_and_the_next_start_works(stack: Stack) -> None:
    stack.start()
    stack.end(signal.SIGKILL)
    assert stack.left_behind() == []
    stack.start()
    stack.end()


def test_orphans_are_stopped_by_the_next_start(stack: Stack) -> None:
    stack.start()
    stack.kill_everything_at_once()
    assert len(stack.left_behind(0.5)) >= 2
    stack.start()
    stack.end()
    assert stack.left_behind() == []


def test_lock_of_a_process_that_is_no_postgres_is_stale(stack: Stack) -> None:
    stack.start()
    stack.end()
    (stack.home / "postgres" / "data" / "postmaster.pid").write_text(
        "1\n/elsewhere\n0\n5432\n\n127.0.0.1\n0 0\nready\n"
    )
    stack.start()
    stack.end()


def test_second_server_on_the_same_folder_is_told_of_the_first(stack: Stack) -> None:
    facts = stack.start()
    first = stack.process
    message = stack.refusal()
    assert f"{facts['url']} (pid {facts['pids']['server']})" in message
    stack.process = first
    assert httpx.get(f"{facts['url']}/echo").status_code == 200
    status, printed = stack.reset()
    assert status == 1
    assert facts["url"] in printed


def test_port_that_is_taken_is_named(stack: Stack) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        message = stack.refusal(port)
    assert f"Port {port} is taken" in message
    assert "PORT=" in message
    assert stack.left_behind() == []


def test_template_that_cannot_be_honoured_ends_the_start(stack: Stack) -> None:
    stack.tiny.api["Models"] = {}
    stack.tiny.write()
    assert "Resources.Api.Properties.Models" in stack.refusal()


def test_migration_that_fails_ends_the_start_with_its_traceback(stack: Stack) -> None:
    stack.tiny.code_of("MigrateDatabaseFunction").write_text("def handler(event, context): raise ValueError('boom')")
    process = stack.begin()
    printed, _ = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "could not be brought up to date" in printed
    assert "ValueError: boom" in printed
    assert stack.left_behind() == []


def test_own_servers_are_used_and_nothing_is_started(stack: Stack, database_url: str, redis_url: str) -> None:
    facts = stack.start(DATABASE_URL=database_url, REDIS_URL=redis_url)
    assert facts["pids"] == {"server": stack.process.pid if stack.process else 0}
    assert not (stack.home / "postgres").exists()
    with psycopg2.connect(database_url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM starts")
        assert cursor.fetchone() == (1,)
    connection.close()


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_own_server_that_cannot_be_reached_is_named_without_its_password(stack: Stack, name: str) -> None:
    kind = "postgresql" if name == "DATABASE_URL" else "redis"
    message = stack.refusal(0, **{name: f"{kind}://roster:hunter2@127.0.0.1:1/0"})
    assert f"{name} names a" in message
    assert "127.0.0.1:1" in message
    assert "hunter2" not in message
    assert stack.left_behind() == []


def test_reset_forgets_the_data_and_the_next_start_begins_anew(stack: Stack) -> None:
    stack.start()
    stack.kill_everything_at_once()
    assert stack.reset()[0] == 0
    assert not stack.home.exists()
    assert stack.left_behind() == []
    stack.start()
    assert "/api/users/1 " in stack.end()[1]
