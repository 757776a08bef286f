"""What a warm request costs through the local server, against a server that does nothing."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks import table
from local import ports

ROUNDS = 500
ROOT = Path(__file__).parent.parent
START_SECONDS = 90

NOTHING = """
import sys, uvicorn

async def nothing(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"{}"})

uvicorn.run(nothing, port=int(sys.argv[1]), lifespan="off", log_level="error", access_log=False)
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as home, local_server(Path(home)) as running, _nothing() as bare:
        _show(_measured(running, bare))


def _measured(running: dict[str, Any], bare: str) -> dict[str, list[float]]:
    """Return the milliseconds of each request, all of them in turn, over kept connections."""
    with httpx.Client() as client:
        url, headers = running["url"], {"Authorization": f"Bearer {token(client, running)}"}
        requests: dict[str, tuple[str, dict[str, str]]] = {
            "a server that does nothing": (bare, {}),
            "GET /api/elsewhere (404, no database)": (f"{url}/api/elsewhere", {}),
            "GET /api/users/1 (cached)": (f"{url}/api/users/1", headers),
            "GET /api/users/999 (asks PostgreSQL)": (f"{url}/api/users/999", headers),
            "GET /api/users (a page)": (f"{url}/api/users", headers),
            "GET /api/health": (f"{url}/api/health", {}),
        }
        return _timed(client, requests)


def _timed(client: httpx.Client, requests: dict[str, tuple[str, dict[str, str]]]) -> dict[str, list[float]]:
    samples: dict[str, list[float]] = {name: [] for name in requests}
    for turn in range(ROUNDS):
        if turn % 50 == 0:
            print(f"\rround {turn} of {ROUNDS}", end="", file=sys.stderr, flush=True)
        for name, (url, headers) in requests.items():
            started = time.perf_counter()
            client.get(url, headers=headers)
            samples[name].append((time.perf_counter() - started) * 1000)
    print(file=sys.stderr)
    return samples


@contextmanager
def local_server(home: Path) -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", "local", "--port", str(ports.free_port())]
    with _process(command, {"ROSTER_HOME": str(home), "PARAMETERS": "RateLimitsPercent=100000"}):
        yield json.loads(_awaited(home / "running.json"))


@contextmanager
def _nothing() -> Iterator[str]:
    port = ports.free_port()
    with _process([sys.executable, "-c", NOTHING, str(port)], {}):
        while not ports.answers(ports.LOOPBACK, port):
            time.sleep(0.05)
        yield f"http://{ports.LOOPBACK}:{port}/"


@contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _awaited(file: Path) -> str:
    ends_at = time.monotonic() + START_SECONDS
    while not file.exists():
        if time.monotonic() > ends_at:
            sys.exit("The local server did not start.")
        time.sleep(0.1)
    return file.read_text()


def token(client: httpx.Client, running: dict[str, Any]) -> str:
    credentials = {"email": running["admin_email"], "password": running["admin_password"]}
    for _ in range(50):
        try:
            answer = client.post(f"{running['url']}/api/auth/login", json=credentials)
            return str(answer.json()["access_token"])
        except httpx.TransportError:
            time.sleep(0.1)
    sys.exit("The local server does not answer.")


def _show(samples: dict[str, list[float]]) -> None:
    bare, *_ = (statistics.median(found) for found in samples.values())
    rows = []
    for name, found in samples.items():
        median, slow = statistics.median(found), statistics.quantiles(found, n=100)[98]
        rows.append([name, f"{median:.2f}", f"{slow:.2f}", f"{median / bare:.1f}"])
    title = f"Warm requests, ms, {ROUNDS} interleaved rounds over one kept connection each"
    table.show(title, ["request", "median", "p99", "ratio"], rows)


if __name__ == "__main__":
    main()
