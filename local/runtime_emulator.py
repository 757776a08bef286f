"""AWS's Runtime Interface Emulator, the binary that aws-sam-cli carries: Lambda's runtime API for one function."""

import contextlib
import http.client
import importlib.util
import json
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from local.errors import LocalStackError
from local.ports import LOOPBACK, answers, free_port

_PATH = "/2015-03-31/functions/function/invocations"
_PROCESSORS = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
_START_SECONDS = 10
# Importing the handler does not count towards the function's own timeout.
_INIT_SECONDS = 30


class EmulatorError(LocalStackError):
    """The emulator is missing here, or did not do its work."""


class Emulator:
    """A function under the emulator; its log goes to this process's stderr, and it ends with the context."""

    def __init__(self, handler: str, folder: Path, environment: Mapping[str, str]) -> None:
        """Prepare to run *handler* (`module.function`) in *folder*, with *environment* and nothing else."""
        self._handler = handler
        self._folder = folder
        self._environment = dict(environment)
        self._port = free_port()

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as started:
            binary = started.enter_context(_executable())
            self._process = started.enter_context(_running(self._command(binary), self._folder, self._environment))
            self._wait_until_it_listens()
            self._started = started.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._started.close()

    def invoke(self, event: bytes, timeout_seconds: int) -> bytes:
        """
        Return what the function answered; its errors and time-outs are answers too.

        Raises:
            EmulatorError: If there was no answer at all.
        """
        connection = http.client.HTTPConnection(LOOPBACK, self._port, timeout=timeout_seconds + _INIT_SECONDS)
        try:
            connection.request("POST", _PATH, event)
            return connection.getresponse().read()
        except (OSError, http.client.HTTPException) as error:
            raise EmulatorError(f"The function gave no answer ({type(error).__name__}).") from error
        finally:
            connection.close()

    def _command(self, binary: Path) -> list[str]:
        addresses = ["--runtime-interface-emulator-address", f"{LOOPBACK}:{self._port}"]
        addresses += ["--runtime-api-address", f"{LOOPBACK}:{free_port()}"]
        runtime = [sys.executable, "-m", "awslambdaric", self._handler]
        return [str(binary), "--log-level", "error", *addresses, *runtime]

    def _wait_until_it_listens(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not answers(LOOPBACK, self._port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise EmulatorError("The Runtime Interface Emulator did not start.")
            time.sleep(0.01)


def failed(answer: bytes) -> bool:
    """Return whether an answer is a function's error: the emulator marks it by its shape alone."""
    try:
        content = json.loads(answer)
    except ValueError:
        return True
    return isinstance(content, dict) and {"errorMessage", "errorType"} <= content.keys()


@contextlib.contextmanager
def _running(command: list[str], folder: Path, environment: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(command, cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, stdout=sys.stderr)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def _executable() -> Iterator[Path]:
    """Yield the emulator: as installed, or a copy, as some installers drop the right to execute it."""
    installed = _installed()
    if shutil.which(installed):
        yield installed
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy(installed, folder))
        copy.chmod(0o700)
        yield copy


def _installed() -> Path:
    if platform.system() != "Linux":
        raise EmulatorError(
            "`make invoke` needs Linux, which AWS's Runtime Interface Emulator is made for. "
            "Here, call the function through `make start`, or run it in a container with `make sam-local`."
        )
    package = importlib.util.find_spec("samcli")
    if package is None or package.origin is None:
        raise EmulatorError("aws-sam-cli is not installed in this environment: type `make invoke`, which sees to it.")
    processor = _PROCESSORS.get(platform.machine().lower(), platform.machine())
    return Path(package.origin).parent / "local" / "rapid" / f"aws-lambda-rie-{processor}"
