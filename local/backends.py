"""The database and the cache that the local server uses: yours if you name them, else our own."""

import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg2
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from local.errors import LocalStackError
from local.home import Home
from local.postgres import DEFAULT_VERSION, PostgresServer
from local.redis import RedisServer


@dataclass(frozen=True)
class Backends:
    """
    Where the two are; a pid of None means that somebody else runs that one.

    *database_url* is of who migrates; *functions_url* of the functions, who may do less on a database of our own.
    """

    database_url: str
    functions_url: str
    redis_url: str
    database_pid: int | None
    redis_pid: int | None
    told: tuple[str, ...]


def start_backends(home: Home, stack: contextlib.ExitStack, check: Callable[[], None]) -> Backends:
    """
    Start what is not named by DATABASE_URL or REDIS_URL; *stack* stops it again.

    Raises:
        LocalStackError: If one cannot be started or reached.
    """
    urls, database_pid, about_database = _database(home, stack, check)
    redis_url, redis_pid, about_redis = _redis(home, stack, check)
    return Backends(*urls, redis_url, database_pid, redis_pid, (about_database, about_redis))


def _database(
    home: Home, stack: contextlib.ExitStack, check: Callable[[], None]
) -> tuple[tuple[str, str], int | None, str]:
    if url := os.environ.get("DATABASE_URL"):
        _reach_database(url)
        return (url, url), None, f"PostgreSQL: yours, at {place_of(url)} (DATABASE_URL)"
    server = PostgresServer.start(home.postgres, check=check)
    stack.callback(server.stop)
    told = f"PostgreSQL {DEFAULT_VERSION}: embedded, at {place_of(server.url)}"
    return (server.url, server.writer_url), server.pid, told


def _redis(home: Home, stack: contextlib.ExitStack, check: Callable[[], None]) -> tuple[str, int | None, str]:
    if url := os.environ.get("REDIS_URL"):
        _reach_redis(url)
        return url, None, f"Redis: yours, at {place_of(url)} (REDIS_URL)"
    server = RedisServer.start(home.redis, check=check)
    stack.callback(server.stop)
    told = f"Redis: {server.kind}, at {place_of(server.url)}"
    if server.kind == "fakeredis":
        told += "\n  WARNING: that is an imitation, slower than Redis and open to every process of this machine;"
        told += " install redis-server or valkey-server for the real thing."
    return server.url, server.pid, told


def place_of(url: str) -> str:
    """Return host and port of a URL, which may be shown; the rest may hold a password."""
    parts = urlsplit(url)
    return f"{parts.hostname or 'its socket'}{f':{parts.port}' if parts.port else ''}"


def _reach_database(url: str) -> None:
    try:
        psycopg2.connect(url, connect_timeout=3).close()
    except (psycopg2.Error, ValueError) as error:
        raise LocalStackError(_unreachable("DATABASE_URL", "PostgreSQL", url, error)) from None


def _reach_redis(url: str) -> None:
    try:
        once = Retry(NoBackoff(), 0)
        client = redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3, retry=once)
        with contextlib.closing(client):
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise LocalStackError(_unreachable("REDIS_URL", "Redis", url, error)) from None


def _unreachable(name: str, kind: str, url: str, error: Exception) -> str:
    # The driver's own text may quote the URL, so only its first words are taken, without the password.
    password = urlsplit(url).password or ""
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if password:
        reason = reason.replace(password, "…")
    return (
        f"{name} names a {kind} at {place_of(url)}, which does not let us in: {reason}. "
        f"Correct {name}, or unset it and an embedded one is started."
    )
