"""What may befall a Redis (F1 to F3), each brought about on the server of one test, and taken back."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from urllib.parse import urlsplit

from tests.faults.scenarios.cached_house import CachedHouse
from tests.frozen import frozen

Fault = Callable[[CachedHouse], AbstractContextManager[None]]
_LOADING = b"-LOADING Redis is loading the dataset in memory\r\n"


@contextmanager
def refuses(house: CachedHouse) -> Iterator[None]:
    house.redis.stop()
    yield


@contextmanager
def stands_still(house: CachedHouse) -> Iterator[None]:
    with frozen(house.redis.pid):
        yield


@contextmanager
def is_slow(house: CachedHouse) -> Iterator[None]:
    house.look_into.client_pause(60_000)  # for good: nobody is heard who would call it off
    yield


@contextmanager
def is_full(house: CachedHouse) -> Iterator[None]:
    house.look_into.config_set("maxmemory-policy", "noeviction")
    house.look_into.config_set("maxmemory", "1")
    yield
    house.look_into.config_set("maxmemory", "0")


@contextmanager
def follows_nobody(house: CachedHouse) -> Iterator[None]:
    """A replica, which is read-only, of a primary that is gone."""
    house.look_into.replicaof("127.0.0.1", 1)
    yield
    house.look_into.replicaof("NO", "ONE")


@contextmanager
def serves_nothing(house: CachedHouse) -> Iterator[None]:
    """As `follows_nobody`, and refuses even reads (MASTERDOWN)."""
    house.look_into.config_set("replica-serve-stale-data", "no")
    with follows_nobody(house):
        yield


@contextmanager
def is_loading(house: CachedHouse) -> Iterator[None]:
    """Somebody on its port says what a Redis says that is loading: a small one has loaded before anyone asks."""
    port = urlsplit(house.redis.url).port or 0
    house.redis.stop()
    with socket.create_server(("127.0.0.1", port), reuse_port=False) as listening:
        serving = threading.Thread(target=_say_loading, args=(listening,))
        serving.start()
        yield
        listening.shutdown(socket.SHUT_RDWR)
        serving.join()


def _say_loading(listening: socket.socket) -> None:
    while True:
        try:
            client, _ = listening.accept()
        except OSError:
            return
        with client:
            client.settimeout(1)
            try:
                while client.recv(65_536):
                    client.sendall(_LOADING)
            except OSError:
                continue


@contextmanager
def has_another_password(house: CachedHouse) -> Iterator[None]:
    house.look_into.execute_command("ACL", "SETUSER", "limited", "resetpass", ">another password")  # type: ignore[no-untyped-call]
    _cut(house)
    yield


@contextmanager
def grants_nothing(house: CachedHouse) -> Iterator[None]:
    house.look_into.execute_command("ACL", "SETUSER", "limited", "-@all")  # type: ignore[no-untyped-call]
    yield


@contextmanager
def holds_other_types(house: CachedHouse) -> Iterator[None]:
    for key in list(house.look_into.scan_iter()):
        house.look_into.delete(key)
        house.look_into.rpush(key, "no string")
    yield


def _cut(house: CachedHouse) -> None:
    """Cut everyone's connections but this one."""
    house.look_into.client_kill_filter(_type="normal", skipme=True)


AWAY: dict[str, Fault] = {
    "F1 refuses": refuses,
    "F2 stands still": stands_still,
    "F2 is slow": is_slow,
    "F3 is loading": is_loading,
    "F3 has another password": has_another_password,
}
REFUSING: dict[str, Fault] = {
    "F3 is full": is_full,
    "F3 is a replica": follows_nobody,
    "F3 is a replica that serves nothing": serves_nothing,
    "F3 grants nothing": grants_nothing,
    "F3 holds other types": holds_other_types,
}
