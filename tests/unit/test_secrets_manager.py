"""The client of Secrets Manager: its requests are signed as AWS checks it, and nothing but a whole answer will do."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, ClassVar

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from roster.errors import UnavailableError
from roster.infrastructure import deadline, tls
from roster.infrastructure.secrets_manager import SecretsManager

from tests import tls_servers
from tests.environment import lines_of
from tests.tls_servers import Authority

HOST = "secretsmanager.eu-central-1.amazonaws.com"
ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:roster-key-AbC123"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "a/secret+key=", "AWS_SESSION_TOKEN": "a+token/="}
VALUE = "canary-of-a-secret"


class Imitation(BaseHTTPRequestHandler):
    """Answers *answer*, after it checked the signature as botocore makes it."""

    answer: ClassVar[tuple[int, bytes]] = (200, b"{}")
    requests: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.requests.append(json.loads(body) | {"target": self.headers["x-amz-target"]})
        status, answer = self.answer if self.is_signed(body) else (403, b'{"__type": "InvalidSignatureException"}')
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def is_signed(self, body: bytes) -> bool:
        who = Credentials(*KEYS.values())
        kept = {name: value for name, value in self.headers.items() if name in ("content-type", "x-amz-target")}
        request = AWSRequest("POST", f"https://{self.headers['host']}/", kept, body)
        request.context["timestamp"] = self.headers["x-amz-date"]
        request.headers["X-Amz-Date"] = self.headers["x-amz-date"]
        request.headers["X-Amz-Security-Token"] = KEYS["AWS_SESSION_TOKEN"]
        signer = botocore.auth.SigV4Auth(who, "secretsmanager", "eu-central-1")
        signature = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
        return bool(self.headers["authorization"].endswith(f"Signature={signature}"))

    def log_message(self, *_: object) -> None:
        pass


class Dripping(Imitation):
    """Sends a byte now and then: always something, never the whole."""

    def do_POST(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 10000\r\n\r\n")
        for _ in range(500):
            self.wfile.write(b" ")
            time.sleep(0.02)


@pytest.fixture(scope="module")
def vouched(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return tls_servers.authority(tmp_path_factory.mktemp("aws"), HOST)


@pytest.fixture(scope="module")
def port(vouched: Authority) -> Iterator[int]:
    with tls_servers.serving(Imitation, vouched.server_context()) as port:
        yield port


@pytest.fixture
def manager(port: int, vouched: Authority, monkeypatch: pytest.MonkeyPatch) -> SecretsManager:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Imitation, "requests", [])
    answers(monkeypatch, 200, json.dumps({"ARN": ARN, "SecretString": VALUE}).encode())
    return reaching(port, vouched.roots)


def reaching(port: int, roots: Path) -> SecretsManager:
    return SecretsManager(lambda host: ("127.0.0.1", port), roots)


def answers(monkeypatch: pytest.MonkeyPatch, status: int, body: bytes) -> None:
    monkeypatch.setattr(Imitation, "answer", (status, body))


def log_of_refusal(manager: SecretsManager, capsys: pytest.CaptureFixture[str], arn: str = ARN) -> str:
    """Return what was logged of a fetch that failed, as it has to."""
    with pytest.raises(UnavailableError):
        manager.fetch(arn)
    (logged,) = lines_of(capsys.readouterr().out)
    assert (logged["SecretsAway"], logged["level"], logged["secret"]) == (1, "WARNING", arn)
    assert VALUE not in str(logged)
    return str(logged["error_type"])


def test_a_signed_request_gets_the_secret(manager: SecretsManager) -> None:
    assert manager.fetch(ARN) == VALUE
    assert Imitation.requests == [{"SecretId": ARN, "target": "secretsmanager.GetSecretValue"}]


def test_a_wrong_key_is_refused(
    manager: SecretsManager, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    assert log_of_refusal(manager, capsys) == "InvalidSignatureException"


@pytest.mark.parametrize(
    ("status", "body", "logged"),
    [
        (400, b'{"__type": "com.amazonaws.secretsmanager#ResourceNotFoundException"}', "ResourceNotFoundException"),
        (400, b'{"__type": "AccessDeniedException", "Message": "canary-of-a-secret"}', "AccessDeniedException"),
        (500, b'{"__type": "InternalServiceError\\r\\n"}', "InternalServiceError"),
        (503, b"<html>", "Status503"),
        (200, b"", "Status200"),
        (200, b"[]", "Status200"),
        (200, b'{"SecretString": null}', "Status200"),
        (200, b'{"SecretBinary": "AAAA"}', "Status200"),
        (500, b'{"SecretString": "canary-of-a-secret"}', "Status500"),
        (200, b'{"SecretString": "' + b"x" * 300_000 + b'"}', "ValueError"),
    ],
)
def test_any_other_answer_is_no_secret(
    status: int,
    body: bytes,
    logged: str,
    manager: SecretsManager,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answers(monkeypatch, status, body)
    assert log_of_refusal(manager, capsys) == logged


def test_a_server_that_amazon_does_not_vouch_for_is_not_asked(
    manager: SecretsManager, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert log_of_refusal(reaching(port, tls.AMAZON_ROOTS), capsys) == "SSLCertVerificationError"
    assert Imitation.requests == []


def test_a_server_of_another_name_is_not_asked(manager: SecretsManager, capsys: pytest.CaptureFixture[str]) -> None:
    assert log_of_refusal(manager, capsys, ARN.replace("eu-central-1", "us-east-1")) == "SSLCertVerificationError"
    assert Imitation.requests == []


def test_a_server_without_tls_is_not_asked(
    manager: SecretsManager, vouched: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    with tls_servers.serving(Imitation, None) as port:
        assert log_of_refusal(reaching(port, vouched.roots), capsys).startswith("SSL")
    assert Imitation.requests == []


def test_nobody_waits_longer_than_the_deadline(
    manager: SecretsManager, vouched: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    with tls_servers.serving(Dripping, vouched.server_context()) as port, deadline.within(0.3):
        before = time.monotonic()
        assert "Timeout" in log_of_refusal(reaching(port, vouched.roots), capsys)
        assert time.monotonic() - before < 5, "it read on to the end, which is 10 s away"


def test_a_port_that_nobody_listens_on_is_unavailable(
    manager: SecretsManager, vouched: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    with ExitStack() as stack:
        port = stack.enter_context(tls_servers.serving(Imitation, None))
    assert log_of_refusal(reaching(port, vouched.roots), capsys) == "ConnectionRefusedError"
