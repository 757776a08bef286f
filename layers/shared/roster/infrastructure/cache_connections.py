"""Connections to Redis: with the password of the address, or, over TLS, with one that is made for each connection."""

import os
import select
import socket
import ssl
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import redis
from redis.backoff import NoBackoff
from redis.credentials import CredentialProvider
from redis.maint_notifications import MaintNotificationsConfig
from redis.retry import Retry

from roster.errors import UnavailableError
from roster.infrastructure import elapsed, tls

CONNECT_SECONDS = 0.1
COMMAND_SECONDS = 0.05
# ElastiCache cuts a connection that signed in with IAM after 12 hours, perhaps in the middle of a command.
AGE_MAX_SECONDS = 11 * 3600

Password = Callable[[str], str]


def client(url: str, password: Password | None = None, context: ssl.SSLContext | None = None) -> redis.Redis:
    """
    Return a client without retries; *password* makes a password of the address's user for each connection.

    Such connections are over TLS with *context*, which trusts Amazon alone where none is given.
    """
    options: dict[str, Any] = {
        "socket_connect_timeout": CONNECT_SECONDS,
        "socket_timeout": COMMAND_SECONDS,
        "retry": Retry(NoBackoff(), 0),
    }
    if password is None:
        return redis.Redis.from_pool(Pool.from_url(url, **options))
    address = urlsplit(url)
    pool = Pool(
        connection_class=SignedInConnection,
        host=address.hostname,
        port=address.port,
        db=int(address.path.strip("/") or 0),
        credential_provider=_SignIn(unquote(address.username or ""), password),
        context=context or tls.context(),
        driver_info=None,  # or each connection would say the client's name and version first
        maint_notifications_config=MaintNotificationsConfig(enabled=False),
        **options,
    )
    return redis.Redis.from_pool(pool)  # which closes it when it is closed itself


class Pool(redis.ConnectionPool):
    """
    redis-py's pool, which lends and takes back faster what is in order, and leaves all else to it.

    For each loan it would count for metrics that nobody reads, dispatch events that nobody hears, and look by three
    system calls whether the connection is silent (docs/decisions/0043-lending-connections.md).
    """

    def lend(self) -> redis.Connection:
        """As `get_connection`, for who reads replies from the socket."""
        with self._lock:
            idle = self._available_connections
            if idle and self.pid == os.getpid() and _is_in_order(idle[-1]):
                self._in_use_connections.add(idle[-1])
                return cast(redis.Connection, idle.pop())
        return self.get_connection()

    def take_back(self, connection: redis.Connection) -> None:
        """As `release`."""
        is_ours = os.getpid() == self.pid == connection.pid
        if not is_ours or connection.should_reconnect():  # type: ignore[no-untyped-call]
            self.release(connection)
            return
        with self._lock:
            if connection in self._in_use_connections:
                self._in_use_connections.remove(connection)
                self._available_connections.append(connection)


def _is_in_order(connection: redis.Connection) -> bool:
    """Return whether a connection is open, silent (its end makes it readable, too) and not too old."""
    opened = cast("socket.socket | None", connection._sock)  # noqa: SLF001 (redis-py has no name for it)
    if opened is None or (isinstance(connection, SignedInConnection) and connection.is_old()):
        return False
    readable = select.poll()
    readable.register(opened, select.POLLIN)
    return not readable.poll(0)


class SignedInConnection(redis.Connection):
    """
    A connection over TLS that is made anew when it has grown old.

    The age is looked at when the pool lends it: no timer runs in a frozen environment. redis-py's own TLS would load
    the certificates of the whole system for each connection.
    """

    def __init__(self, *, context: ssl.SSLContext, **options: Any) -> None:
        self._context = context
        self._opened = elapsed.now()
        super().__init__(**options)  # type: ignore[no-untyped-call]

    def is_old(self) -> bool:
        return elapsed.seconds_since(self._opened) > AGE_MAX_SECONDS

    def connect(self) -> None:
        if self.is_old():
            self.disconnect()  # type: ignore[no-untyped-call]
        super().connect()  # type: ignore[no-untyped-call]

    def _connect(self) -> socket.socket:
        self._opened = elapsed.now()
        plain = super()._connect()  # type: ignore[no-untyped-call]
        plain.settimeout(CONNECT_SECONDS)
        try:
            return self._context.wrap_socket(plain, server_hostname=self.host)
        except OSError:
            plain.close()
            raise

    def on_connect_check_health(self, check_health: bool = True) -> None:
        """Sign in, which takes longer than a command: IAM is asked."""
        connected = cast(socket.socket, self._sock)
        connected.settimeout(CONNECT_SECONDS)
        super().on_connect_check_health(check_health)
        connected.settimeout(COMMAND_SECONDS)


class _SignIn(CredentialProvider):
    def __init__(self, user: str, password: Password) -> None:
        self._user, self._password = user, password

    def get_credentials(self) -> tuple[str, str]:
        try:
            return self._user, self._password(self._user)
        except UnavailableError:
            raise redis.ConnectionError("There is nothing to sign in with.") from None
