"""Free ports and whether someone answers on one."""

import socket

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def answers(host: str, port: int, timeout_seconds: float = 2) -> bool:
    try:
        socket.create_connection((host, port), timeout_seconds).close()
    except OSError:
        return False
    return True
