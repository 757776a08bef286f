"""The local stack as a process of its own, on a project that has just what a start needs."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil

from tests.local.tiny import ECHO, Tiny

ROOT = Path(__file__).parents[2]
_KEYS = """
from collections import namedtuple
def generate():
    return namedtuple("Pair", "private public")("private", "public")
"""
# What a start expects of migrations: sessions and order of the sample events, and the fence of the cache.
_TABLES = """
    CREATE TABLE IF NOT EXISTS users (id bigint, status text, erased_at timestamptz);
    CREATE TABLE IF NOT EXISTS sessions (
        id uuid PRIMARY KEY, user_id bigint, token_hash bytea, source_ip text, user_agent text,
        idle_until timestamptz, expires_at timestamptz
    );
    CREATE TABLE IF NOT EXISTS orders (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id bigint, currency text, status text, version bigint
    );
    CREATE TABLE IF NOT EXISTS order_items (
        order_id bigint, position integer, sku text, quantity integer, unit_price bigint,
        PRIMARY KEY (order_id, position)
    );
    CREATE TABLE IF NOT EXISTS cache_control (is_enabled boolean);
"""
_MIGRATE = f"""
    import os, psycopg2

    def handler(event, context):
        with psycopg2.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
            cursor.execute({_TABLES!r})
            cursor.execute("CREATE TABLE IF NOT EXISTS starts (at timestamptz DEFAULT now())")
            cursor.execute("INSERT INTO starts DEFAULT VALUES")
            cursor.execute("SELECT count(*) FROM starts")
            starts = cursor.fetchone()[0]
        connection.close()
        return {{"applied": [], "admin": {{"id": starts, "email": event["admin"]["email"], "password": "made-up"}}}}
"""


class Stack:
    """Starts `python -m local` in a folder, and knows what it left behind."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.tiny = Tiny(folder / "project").function("Echo", ECHO, "GET /echo")
        self.tiny.function("MigrateDatabaseFunction", _MIGRATE, Timeout=30)
        keys = folder / "project" / "layers" / "shared" / "roster" / "infrastructure"
        keys.mkdir(parents=True)
        for package in (keys.parent, keys):
            (package / "__init__.py").touch()
        (keys / "keys.py").write_text(_KEYS)
        for name in ("sealing", "derived_keys"):
            (keys / f"{name}.py").write_text(f"def generate():\n    return 'made by {name}'\n")
        self.tiny.write()
        self.process: subprocess.Popen[str] | None = None

    def begin(self, port: int = 0, **environment: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "local", "--root", str(self.tiny.root), "--port", str(port)]
        plain = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=plain | {"ROSTER_HOME": str(self.home)} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return self.process

    def start(self, port: int = 0, **environment: str) -> dict[str, Any]:
        """Start it, and return running.json once that is there."""
        process = self.begin(port, **environment)
        while process.poll() is None:
            facts = self._facts()
            if facts and facts["pids"]["server"] == process.pid:
                return facts
            time.sleep(0.02)
        raise AssertionError(process.communicate()[0])

    def _facts(self) -> dict[str, Any]:
        """Read running.json; one that a killed server left behind may vanish at any moment."""
        try:
            facts: dict[str, Any] = json.loads(self.running.read_text())
        except FileNotFoundError:
            return {}
        return facts

    @property
    def running(self) -> Path:
        return self.home / "running.json"

    def end(self, sent: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """Send a signal, and return the exit status and all that was printed."""
        assert self.process is not None
        self.process.send_signal(sent)
        printed, _ = self.process.communicate(timeout=20)
        return self.process.returncode, printed

    def refusal(self, port: int = 0, **environment: str) -> str:
        """Start it in vain, and return what it says."""
        process = self.begin(port, **environment)
        printed, _ = process.communicate(timeout=20)
        assert process.returncode == 1
        assert "Traceback" not in printed
        return printed

    def reset(self) -> tuple[int, str]:
        """Run what `make reset` runs, and return its exit status and what it says."""
        command = [sys.executable, "-m", "local.reset"]
        environment = os.environ | {"ROSTER_HOME": str(self.home)}
        done = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def left_behind(self, seconds: float = 5) -> list[str]:
        """Return the commands of processes that still belong to this stack, after giving them time to go."""
        deadline = time.monotonic() + seconds
        while (left := self._processes()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return left

    def _processes(self) -> list[str]:
        found = []
        for process in psutil.process_iter():
            try:
                if process.status() != "zombie" and self._is_ours(process):
                    found.append(" ".join(process.cmdline()))
            except psutil.Error:
                continue
        return found

    def _is_ours(self, process: psutil.Process) -> bool:
        # Redis writes its title over its environment, but works in its own folder.
        own = str(self.home)
        return bool(process.environ().get("ROSTER_HOME") == own or process.cwd().startswith(own))

    def kill_everything_at_once(self) -> None:
        """Kill the server and the watchdogs: a machine that ran out of memory does such things."""
        assert self.process is not None
        server = psutil.Process(self.process.pid)
        watchdogs = [child for child in server.children() if "watchdog" in child.cmdline()]
        for each in (*watchdogs, server):
            each.suspend()
        for each in (*watchdogs, server):
            each.kill()
        self.process.communicate()
