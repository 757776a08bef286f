"""The embedded servers: private, durable where they should be, and clear about what is broken."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from local import redis as local_redis
from local.errors import LocalStackError
from local.postgres import PostgresServer
from local.redis import RedisServer

pytestmark = pytest.mark.integration


def asked(url: str, statement: str) -> object:
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone() if cursor.description else None
    finally:
        connection.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder that was started and stopped once."""
    folder = tmp_path_factory.mktemp("made") / "postgres"
    PostgresServer.start(folder).stop()
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """Return a copy of it, to be broken."""
    copy = tmp_path / "postgres"
    shutil.copytree(made, copy, copy_function=_copy_with_owner)
    for path in (copy, *copy.rglob("*")):
        _same_owner(made / path.relative_to(copy), path)
    return copy


def _copy_with_owner(source: str, target: str) -> None:
    shutil.copy2(source, target)


def _same_owner(source: Path, target: Path) -> None:
    import os

    status = source.stat()
    os.chown(target, status.st_uid, status.st_gid)


@pytest.mark.parametrize("version", [16, 18])
def test_database_is_private_and_its_owner_no_superuser(tmp_path: Path, version: int) -> None:
    server = PostgresServer.start(tmp_path / "postgres", version=version)
    try:
        told = "SELECT current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user), current_database()"
        assert asked(server.url, told) == ("roster", False, "roster")
        settings = "SELECT current_setting('listen_addresses'), current_setting('unix_socket_directories')"
        assert asked(server.admin_url, settings) == ("127.0.0.1", "")
        assert str(asked(server.url, "SHOW server_version")).startswith(f"('{version}.")
        wrong = server.url.replace(urlsplit(server.url).password or "", "wrong")
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            asked(wrong, "SELECT 1")
    finally:
        server.stop()
    assert (tmp_path / "postgres" / "passwords.json").stat().st_mode & 0o777 == 0o600


def test_durable_data_survives_a_restart(folder: Path) -> None:
    server = PostgresServer.start(folder)
    assert asked(server.url, "SHOW fsync") == ("on",)
    assert asked(server.url, "SHOW synchronous_commit") == ("on",)
    asked(server.url, "CREATE TABLE kept AS SELECT 7 AS number")
    server.stop()
    server = PostgresServer.start(folder, settings={"fsync": "off"})
    try:
        assert asked(server.url, "SELECT number FROM kept") == (7,)
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        ("data/PG_VERSION", "no PG_VERSION"),
        ("data/global/pg_control", "pg_control"),
        ("data/postgresql.conf", "postgresql.conf"),
        ("passwords.json", "nobody can log in"),
    ],
)
def test_broken_folder_is_explained(folder: Path, broken: str, expected: str) -> None:
    (folder / broken).unlink()
    with pytest.raises(LocalStackError, match=expected) as caught:
        PostgresServer.start(folder)
    assert "make reset" in str(caught.value)


def test_folder_of_another_version_is_explained(folder: Path) -> None:
    with pytest.raises(LocalStackError, match=r"made by PostgreSQL 18, and this is 16.*make reset"):
        PostgresServer.start(folder, version=16)


@pytest.fixture(params=["best", "fakeredis"])
def cache(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RedisServer]:
    if request.param == "fakeredis":
        monkeypatch.setattr(local_redis, "_bundled", lambda: None)
        monkeypatch.setenv("PATH", "")
    server = RedisServer.start(tmp_path / "redis")
    yield server
    server.stop()


def test_cache_answers_with_its_password(cache: RedisServer) -> None:
    client = redis.Redis.from_url(cache.url)
    try:
        assert client.set("a", "1", ex=60)
        assert client.get("a") == b"1"
        assert client.eval("return redis.call('GET', KEYS[1])", 1, "a") == b"1"
    finally:
        client.close()


def test_real_cache_wants_the_password_and_keeps_nothing(tmp_path: Path) -> None:
    server = RedisServer.start(tmp_path / "redis")
    if server.kind == "fakeredis":
        server.stop()
        pytest.skip("there is no real Redis here")
    stranger = redis.Redis(port=urlsplit(server.url).port or 0, retry=Retry(NoBackoff(), 0))
    with pytest.raises(redis.AuthenticationError):
        stranger.ping()
    stranger.close()
    server.stop()
    assert {path.name for path in (tmp_path / "redis").iterdir()} == {"redis.log", "redis.pid"}
