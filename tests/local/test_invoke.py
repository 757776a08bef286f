"""`make invoke`: one function, one event, AWS's own runtime client."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local.errors import LocalStackError
from local.home import Home
from local.model import Function
from local.runtime_emulator import Emulator, failed
from local.runtime_function import environment_of, handler_of
from local.runtime_stack import NotRunningError, variables

ROOT = Path(__file__).parents[2]
on_linux = pytest.mark.skipif(platform.system() != "Linux", reason="the emulator is a Linux binary")

CODE = """
import os, sys, time

def handler(event, context):
    print("to stdout")
    print("to stderr", file=sys.stderr)
    time.sleep(event.get("sleep", 0))
    if "raise" in event:
        raise RuntimeError(event["raise"])
    if "exit" in event:
        os._exit(event["exit"])
    return {"name": context.function_name, "memory": context.memory_limit_in_mb, "variables": dict(os.environ)}
"""


def a_function(folder: Path, *, attribute: str = "handler", timeout_seconds: int = 5) -> Function:
    file = folder / "app.py"
    file.write_text(CODE)
    return Function("SampleFunction", file, attribute, timeout_seconds, 256, {"GREETING": "hello", "DATABASE_URL": ""})


def invoke(function: Function, event: Mapping[str, Any], overrides: Mapping[str, str] | None = None) -> Any:
    with Emulator(handler_of(function), function.file.parent, environment_of(function, overrides or {})) as emulator:
        answer = emulator.invoke(json.dumps(event).encode(), function.timeout_seconds)
    return json.loads(answer) if answer[:1] == b"{" else answer.decode()


def make_invoke(*arguments: str, home: Path, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "local.invoke", *arguments],
        cwd=ROOT,
        env={**os.environ, "ROSTER_HOME": str(home)},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def a_home(folder: Path, *, database_url: str = "postgresql://me:secret@127.0.0.1:1/roster") -> Home:
    home = Home(folder)
    running = {"redis_url": "redis://127.0.0.1:2/0", "token_issuer": "http://here"}
    running |= {"database_url": database_url, "functions_url": database_url.replace("//me:", "//function:")}
    home.running.write_text(json.dumps(running))
    keys = {"private": "the private key", "public": "the public keys", "second_factors": "the sealing keys"}
    keys["api_secret"] = "the secret"
    home.keys.write_text(json.dumps(keys))
    return home


@on_linux
@pytest.mark.integration
def test_function_sees_its_own_environment_as_under_lambda(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_SHELL", "x")
    answer = invoke(
        a_function(tmp_path), {}, {"DATABASE_URL": "postgresql://there", "JWT_SIGNING_KEY": "not for this one"}
    )
    assert (answer["name"], answer["memory"]) == ("SampleFunction", "256")
    assert answer["variables"]["GREETING"] == "hello"
    assert answer["variables"]["DATABASE_URL"] == "postgresql://there"
    assert answer["variables"].keys().isdisjoint({"SECRET_OF_THE_SHELL", "JWT_SIGNING_KEY"})


@on_linux
@pytest.mark.integration
def test_exception_of_the_function_is_an_answer_that_counts_as_failed(tmp_path: Path) -> None:
    answer = invoke(a_function(tmp_path), {"raise": "boom"})
    assert (answer["errorType"], answer["errorMessage"]) == ("RuntimeError", "boom")
    assert failed(json.dumps(answer).encode())


@on_linux
@pytest.mark.integration
def test_function_that_takes_too_long_is_ended_at_its_timeout(tmp_path: Path) -> None:
    answer = invoke(a_function(tmp_path, timeout_seconds=1), {"sleep": 20})
    assert answer == "Task timed out after 1.00 seconds"
    assert failed(answer.encode())


@on_linux
@pytest.mark.integration
@pytest.mark.parametrize(
    ("attribute", "event", "error"),
    [("missing", {}, "Runtime.HandlerNotFound"), ("handler", {"exit": 3}, "Runtime.ExitError")],
)
def test_function_that_cannot_run_says_why(tmp_path: Path, attribute: str, event: Any, error: str) -> None:
    assert invoke(a_function(tmp_path, attribute=attribute), event)["errorType"] == error


@on_linux
@pytest.mark.integration
def test_log_goes_to_stderr_and_the_answer_alone_to_stdout(tmp_path: Path) -> None:
    done = make_invoke("RefuseRouteFunction", "events/refuse_route.json", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["statusCode"] == 404
    for line in ("START RequestId:", "END RequestId:", "REPORT RequestId:", "make start"):
        assert line in done.stderr


@on_linux
@pytest.mark.integration
def test_event_may_come_from_standard_input(tmp_path: Path) -> None:
    event = (ROOT / "events" / "refuse_route.json").read_text()
    assert json.loads(make_invoke("RefuseRouteFunction", "-", home=tmp_path, stdin=event).stdout)["statusCode"] == 404


@on_linux
@pytest.mark.integration
def test_refused_token_ends_with_the_error_that_api_gateway_answers_401_to(tmp_path: Path) -> None:
    done = make_invoke("AuthorizeRequestFunction", home=tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout)["errorMessage"] == "Unauthorized"


def test_unknown_function_is_answered_with_those_there_are(tmp_path: Path) -> None:
    done = make_invoke("NobodyFunction", home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no function NobodyFunction" in done.stderr
    assert "GetUserFunction" in done.stderr


def test_unknown_event_is_answered_with_those_there_are(tmp_path: Path) -> None:
    done = make_invoke("GetUserFunction", "events/nothing.json", home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "events/nothing.json cannot be read" in done.stderr
    assert "events/get_user.json" in done.stderr


def test_variables_come_from_the_running_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.ports.answers", lambda *_: True)
    found = variables(a_home(tmp_path))
    assert found["DATABASE_URL"] == "postgresql://function:secret@127.0.0.1:1/roster"
    migrates = variables(a_home(tmp_path), migrates=True)
    assert migrates == found | {"DATABASE_URL": "postgresql://me:secret@127.0.0.1:1/roster"}
    assert (found["JWT_SIGNING_KEY"], found["JWT_PUBLIC_KEYS"]) == ("the private key", "the public keys")
    assert (found["SECOND_FACTOR_KEYS"], found["API_SECRET"]) == ("the sealing keys", "the secret")


def test_stack_that_ended_without_a_word_counts_as_not_running(tmp_path: Path) -> None:
    with pytest.raises(NotRunningError, match="make start"):
        variables(a_home(tmp_path))


def test_stack_that_never_ran_is_not_running(tmp_path: Path) -> None:
    with pytest.raises(NotRunningError, match="make start"):
        variables(Home(tmp_path))


def test_broken_notes_of_the_stack_are_named_without_their_content(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    home.keys.write_text("{secret")
    with pytest.raises(LocalStackError, match=r"keys\.json cannot be read") as caught:
        variables(home)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "is_error"),
    [
        (b'{"statusCode": 500}', False),
        (b"null", False),
        (b'{"errorMessage": "boom", "errorType": "RuntimeError", "stackTrace": []}', True),
        (b"Task timed out after 1.00 seconds", True),
    ],
)
def test_answer_is_an_error_by_its_shape(answer: bytes, *, is_error: bool) -> None:
    assert failed(answer) == is_error
