"""The client of Secrets Manager against moto's imitation of it, over TLS: what boto3 wrote, it reads."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import boto3
import pytest
import requests
from moto import mock_aws
from roster.errors import UnavailableError
from roster.infrastructure.secret_values import SecretValues
from roster.infrastructure.secrets_manager import SecretsManager

from local.ports import LOOPBACK
from tests import tls_servers
from tests.environment import lines_of

REGION = "eu-central-1"


class Forwarding(BaseHTTPRequestHandler):
    """Hands on to moto what arrives, as it is, and its answer."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        answer = requests.post(f"https://{self.headers['host']}/", data=body, headers=dict(self.headers), timeout=5)
        self.send_response(answer.status_code)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretsManager]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    vouched = tls_servers.authority(tmp_path, f"secretsmanager.{REGION}.amazonaws.com")
    with mock_aws(), tls_servers.serving(Forwarding, vouched.server_context()) as port:
        yield SecretsManager(lambda host: (LOOPBACK, port), vouched.roots)


def test_what_boto3_wrote_is_read_and_read_anew(manager: SecretsManager) -> None:
    client = boto3.client("secretsmanager", region_name=REGION)
    arn = client.create_secret(Name="roster-test", SecretString='{"kty": "EC", "d": "ä+/="}')["ARN"]
    values = SecretValues(manager.fetch)
    assert values.read(arn) == '{"kty": "EC", "d": "ä+/="}'
    client.put_secret_value(SecretId=arn, SecretString="rotated")
    assert values.read(arn) != "rotated"
    assert values.read(arn, max_age_seconds=0) == "rotated"


def test_a_version_that_is_not_current_yet_is_not_read(manager: SecretsManager) -> None:
    client = boto3.client("secretsmanager", region_name=REGION)
    arn = client.create_secret(Name="roster-test", SecretString="current")["ARN"]
    client.put_secret_value(SecretId=arn, SecretString="pending", VersionStages=["AWSPENDING"])
    assert manager.fetch(arn) == "current"


def test_a_secret_that_is_not_there_is_named_in_the_log(
    manager: SecretsManager, capsys: pytest.CaptureFixture[str]
) -> None:
    arn = f"arn:aws:secretsmanager:{REGION}:123456789012:secret:nothing-AbC123"
    with pytest.raises(UnavailableError):
        manager.fetch(arn)
    (logged,) = lines_of(capsys.readouterr().out)
    assert (logged["secret"], logged["error_type"]) == (arn, "ResourceNotFoundException")
