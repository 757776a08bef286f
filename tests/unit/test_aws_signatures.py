"""Signatures for AWS are what botocore makes, byte for byte."""

import datetime
import string
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import patch

import botocore.auth
import botocore.session
import botocore.signers
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from botocore.hooks import HierarchicalEmitter
from botocore.model import ServiceId
from hypothesis import given, settings
from hypothesis import strategies as st
from roster.infrastructure.aws_signatures import Credentials, Signer

PROMISED = settings(max_examples=150, deadline=None, derandomize=True)
EVENTS = HierarchicalEmitter()  # botocore's signers hold it weakly
LETTERS = string.ascii_letters + string.digits

names = st.text(LETTERS + "-", min_size=1, max_size=60).filter(lambda name: name[0] != "-" != name[-1])
hosts = st.builds(".".join, st.lists(names, min_size=1, max_size=4))
ports = st.integers(1, 65_535) | st.sampled_from([443, 5432])
users = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), min_size=1, max_size=63)
regions = st.from_regex(r"[a-z]{2}(-gov|-iso)?-[a-z]{4,9}-[1-9]", fullmatch=True)
times = st.integers(0, 4_102_444_799)
credentials = st.builds(
    Credentials,
    st.text(LETTERS, min_size=16, max_size=128),
    st.text(LETTERS + "+/=", min_size=1, max_size=64),
    st.just("") | st.text(LETTERS + "+/=", min_size=1, max_size=1200),
)
bodies = st.binary(max_size=300)
targets = st.text(LETTERS + "._-", min_size=1, max_size=80)


def of_botocore(credentials: Credentials) -> BotocoreCredentials:
    return BotocoreCredentials(credentials.access_key, credentials.secret_key, credentials.session_token or None)


@contextmanager
def at(seconds: int) -> Iterator[None]:
    """Stop the clock of botocore, and have it sign in Python, as in Lambda: awscrt has an order of its own."""
    now = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    clock = patch.object(botocore.auth, "get_current_datetime", lambda: now)
    with clock, patch.dict(botocore.auth.AUTH_TYPE_MAPS, {"v4-query": botocore.auth.SigV4QueryAuth}):
        yield


def presigned_by_botocore(url: str, service: str, region: str, who: Credentials, body: dict[str, str]) -> str:
    signer = botocore.signers.RequestSigner(ServiceId(service), region, service, "v4", of_botocore(who), EVENTS)
    request = {"method": "GET", "url": url, "body": body, "headers": {}, "context": {}}
    signed: str = signer.generate_presigned_url(request, "connect", region_name=region, expires_in=900)
    return signed.removeprefix("https://")


@PROMISED
@given(hosts, ports, users, regions, credentials, times)
def test_a_token_of_a_database_is_that_of_generate_db_auth_token(
    host: str, port: int, user: str, region: str, who: Credentials, seconds: int
) -> None:
    signer = botocore.signers.RequestSigner(ServiceId("rds"), region, "rds", "v4", of_botocore(who), EVENTS)
    client = SimpleNamespace(_request_signer=signer)
    with at(seconds):
        expected = botocore.signers.generate_db_auth_token(client, host, port, user, region)
    made = Signer(who, region, "rds-db", lambda: seconds)
    assert made.presigned(f"{host}:{port}", {"Action": "connect", "DBUser": user}, 900) == expected


@PROMISED
@given(names, users, regions, credentials, times)
def test_a_token_of_a_cache_is_that_of_a_request_signer(
    cache: str, user: str, region: str, who: Credentials, seconds: int
) -> None:
    query = {"Action": "connect", "User": user}
    with at(seconds):
        expected = presigned_by_botocore(f"https://{cache}/", "elasticache", region, who, query)
    assert Signer(who, region, "elasticache", lambda: seconds).presigned(cache, query, 900) == expected


@PROMISED
@given(hosts, targets, bodies, regions, credentials, times)
def test_the_headers_of_a_request_are_those_of_sigv4auth(
    host: str, target: str, body: bytes, region: str, who: Credentials, seconds: int
) -> None:
    headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": target}
    request = AWSRequest("POST", f"https://{host}/", dict(headers), body)
    with at(seconds):
        botocore.auth.SigV4Auth(of_botocore(who), "secretsmanager", region).add_auth(request)
    expected = {name.lower(): value for name, value in request.headers.items()} | {"host": host.lower()}
    assert Signer(who, region, "secretsmanager", lambda: seconds).signed(host, headers, body) == expected


def test_another_second_host_or_key_makes_another_signature() -> None:
    who = Credentials("AKIDEXAMPLE", "secret", "")
    clock = [1_800_000_000.0]
    signer = Signer(who, "eu-central-1", "rds-db", lambda: clock[0])
    first = signer.presigned("host:5432", {}, 900)
    others = [signer.presigned("host:5433", {}, 900), signer.presigned("host:5432", {"a": "b"}, 900)]
    clock[0] += 1
    others += [signer.presigned("host:5432", {}, 900)]
    other_key = Signer(who._replace(secret_key="other"), "eu-central-1", "rds-db", lambda: 1_800_000_000.0)
    others += [other_key.presigned("host:5432", {}, 900)]
    assert len({each.rpartition("=")[2] for each in (first, *others)}) == 5
