"""What IAM stands for: tokens in the name of this function, with the keys that it has now."""

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import psycopg2
import pytest
from roster.errors import UnavailableError
from roster.infrastructure import aws_credentials, iam_tokens
from roster.infrastructure.aws_signatures import Credentials
from roster.infrastructure.settings import SettingsError
from roster.wiring import stores

from tests import tls_servers

KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token+/="}
PROXY = "postgresql://roster.proxy-abc.eu-central-1.rds.amazonaws.com:5432/roster?sslmode=verify-full"


class Container(BaseHTTPRequestHandler):
    """Hands out keys as AWS does to a function that was restored from a snapshot."""

    expires_in: ClassVar[list[float]] = []
    asked: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["authorization"]))
        expiry = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + self.expires_in[-1]))
        number = len(self.asked)
        keys = {"AccessKeyId": f"ASIA{number}", "SecretAccessKey": "s", "Token": "t", "Expiration": expiry}
        body = json.dumps(keys).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**KEYS, "AWS_REGION": "eu-central-1"}.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def container(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Container]]:
    """Serve keys on this machine; nothing of that is remembered before or after."""
    monkeypatch.setattr(Container, "asked", [])
    monkeypatch.setattr(Container, "expires_in", [3600.0])
    aws_credentials.forget()
    with tls_servers.serving(Container, None) as port:
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"http://127.0.0.1:{port}/creds?role=1")
        monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "prove it")
        yield Container
    aws_credentials.forget()


def query_of(token: str) -> dict[str, Any]:
    return {name: value for name, (value,) in parse_qs(urlsplit(f"https://{token}").query).items()}


def test_a_token_names_database_user_and_who_asks(aws: None) -> None:
    token = iam_tokens.for_database("proxy.example", 5432, "roster_reader")
    assert token.startswith("proxy.example:5432/?Action=connect&DBUser=roster_reader&")
    query = query_of(token)
    assert query["X-Amz-Credential"].startswith("AKIDEXAMPLE/")
    assert query["X-Amz-Credential"].endswith("/eu-central-1/rds-db/aws4_request")
    assert (query["X-Amz-Security-Token"], query["X-Amz-Expires"]) == ("token+/=", "900")


def test_the_name_of_a_cache_is_in_lower_case_as_elasticache_keeps_it(aws: None) -> None:
    token = iam_tokens.for_cache("Roster-Prod", "roster")
    assert token.startswith("roster-prod/?Action=connect&User=roster&")


@pytest.mark.parametrize("missing", ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_a_setting_that_is_missing_is_named(missing: str, aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(missing)
    with pytest.raises(SettingsError, match=missing):
        iam_tokens.for_database("proxy", 5432, "roster_reader")


def test_changed_keys_are_used_at_once(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDANOTHER")
    assert "AKIDANOTHER" in iam_tokens.for_cache("cache", "roster")


def test_a_restored_function_asks_for_its_keys_once(aws: None, container: type[Container]) -> None:
    assert [aws_credentials.current() for _ in range(3)] == [Credentials("ASIA1", "s", "t")] * 3
    assert container.asked == [("/creds?role=1", "prove it")]


def test_it_asks_again_shortly_before_they_expire(aws: None, container: type[Container]) -> None:
    container.expires_in[:] = [299.0]
    assert [aws_credentials.current().access_key for _ in range(2)] == ["ASIA1", "ASIA2"]


def test_without_an_answer_there_are_no_keys(
    aws: None, container: type[Container], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/creds")
    with pytest.raises(UnavailableError):
        aws_credentials.current()


def test_by_default_the_address_says_how_to_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ada:password@127.0.0.1/roster")
    assert stores.to_database() == {}
    monkeypatch.setenv("DATABASE_USER", "roster_reader")
    assert stores.to_database() == {"user": "roster_reader"}


def test_with_iam_a_token_is_made_for_the_user_and_the_address(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"DATABASE_URL": PROXY, "DATABASE_USER": "roster_writer", "DATABASE_AUTH": "iam"}.items():
        monkeypatch.setenv(name, value)
    signing_in = stores.to_database()
    assert signing_in["user"] == "roster_writer"
    host = "roster.proxy-abc.eu-central-1.rds.amazonaws.com:5432"
    assert signing_in["password"].startswith(f"{host}/?Action=connect&DBUser=roster_writer&")


def test_keys_that_are_refused_are_asked_for_anew_once(
    aws: None, container: type[Container], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"DATABASE_URL": PROXY, "DATABASE_USER": "roster_writer", "DATABASE_AUTH": "iam"}.items():
        monkeypatch.setenv(name, value)
    tokens = []

    def refuse(*_: object, password: str, **__: object) -> None:
        tokens.append(password)
        raise psycopg2.OperationalError('FATAL:  PAM authentication failed for user "roster_writer"')

    monkeypatch.setattr(psycopg2, "connect", refuse)
    stores.database.forget()
    with pytest.raises(UnavailableError):
        stores.database().answers()
    stores.database.forget()
    assert [query_of(token)["X-Amz-Credential"].partition("/")[0] for token in tokens] == ["ASIA1", "ASIA2"]


def test_iam_needs_a_user(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", PROXY)
    monkeypatch.setenv("DATABASE_AUTH", "iam")
    with pytest.raises(SettingsError, match="DATABASE_USER"):
        stores.to_database()
