"""The container engine that `sam local` needs, and how its containers reach this machine."""

import http.client
import json
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.errors import LocalStackError

_TIMEOUT_SECONDS = 5
_DESKTOP_HOST = "host.docker.internal"


class NoEngineError(LocalStackError):
    """Neither Docker nor anything that speaks its API answers."""

    def __init__(self, tried: list[str]) -> None:
        super().__init__(
            "`sam local` needs a container engine, and none answers. Start Docker or Podman (its API service), or set "
            f"DOCKER_HOST=unix:///… to its socket. Tried: {', '.join(tried)}. `make start` needs none of this."
        )


@dataclass(frozen=True)
class Engine:
    """An engine that answered; `host` is this machine's address in its containers."""

    address: str
    host: str
    host_is_this_machine: bool


class _Connection(http.client.HTTPConnection):
    """HTTP over a unix socket, or over TCP as DOCKER_HOST has it."""

    def __init__(self, address: str) -> None:
        kind, _, self._where = address.partition("://")
        self._over_tcp = kind in ("tcp", "http")
        super().__init__(self._where if self._over_tcp else "localhost", timeout=_TIMEOUT_SECONDS)

    def connect(self) -> None:
        if self._over_tcp:
            super().connect()
            return
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(_TIMEOUT_SECONDS)
        self.sock.connect(self._where)


def find() -> Engine:
    """
    Return the engine that DOCKER_HOST names, else the first that answers at its usual place.

    SAM_HOST overrides the address by which containers reach this machine.

    Raises:
        NoEngineError: If none answers.
    """
    candidates = list(_candidates())
    for address in candidates:
        try:
            return _described(address)
        except (OSError, http.client.HTTPException, ValueError):
            continue
    raise NoEngineError(candidates)


def _candidates() -> Iterator[str]:
    if os.environ.get("DOCKER_HOST"):
        yield os.environ["DOCKER_HOST"]
        return
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR", f"/run/user/{os.getuid()}"))
    sockets = [Path("/var/run/docker.sock"), runtime / "docker.sock", Path.home() / ".docker/run/docker.sock"]
    sockets += [Path("/run/podman/podman.sock"), runtime / "podman/podman.sock"]
    yield from (f"unix://{each}" for each in sockets)


def _described(address: str) -> Engine:
    about = _get(address, "/info")
    if "SAM_HOST" in os.environ:
        return Engine(address, os.environ["SAM_HOST"], host_is_this_machine=False)
    if os.uname().sysname != "Linux" or "Docker Desktop" in str(about.get("OperatingSystem")):
        return Engine(address, _DESKTOP_HOST, host_is_this_machine=False)
    # `sam local --docker-network host` leaves its containers on the default bridge all the same (aws-sam-cli 1.170).
    bridge = _get(address, "/networks/bridge")
    return Engine(address, bridge["IPAM"]["Config"][0]["Gateway"], host_is_this_machine=True)


def _get(address: str, path: str) -> dict[str, Any]:
    connection = _Connection(address)
    try:
        connection.request("GET", path)
        answer: dict[str, Any] = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    return answer
