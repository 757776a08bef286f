"""What it costs to be somebody for AWS: signing, reading a secret and trusting roots, beside boto3 and the defaults."""

import ssl
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from types import SimpleNamespace

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from botocore.hooks import HierarchicalEmitter
from botocore.model import ServiceId
from botocore.signers import RequestSigner, generate_db_auth_token
from roster.infrastructure import tls
from roster.infrastructure.aws_signatures import Credentials, Signer

from benchmarks import table
from benchmarks.imports import cpu_milliseconds

ROUNDS = 15
REGION, HOST, USER = "eu-central-1", "roster.proxy-abcdefghijkl.eu-central-1.rds.amazonaws.com", "roster_reader"
WHO = Credentials("ASIAEXAMPLEEXAMPLE00", "s" * 40, "t" * 900)
HEADERS = {"content-type": "application/x-amz-json-1.1", "x-amz-target": "secretsmanager.GetSecretValue"}
BODY = b'{"SecretId": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:roster-AbC123"}'

# What every function loads anyway.
BASE = "from aws_lambda_powertools.logging import Logger"
IMPORTS = {
    "a token": (
        "from roster.infrastructure import iam_tokens",
        f"import boto3; boto3.client('rds', region_name='{REGION}')",
    ),
    "a secret": (
        "from roster.infrastructure import secret_values",
        f"import boto3; boto3.client('secretsmanager', region_name='{REGION}')",
    ),
}
_EVENTS = HierarchicalEmitter()  # botocore's signers hold it weakly
_BOTOCORE = BotocoreCredentials(*WHO)

Work = Callable[[], object]


def main() -> None:
    signer = RequestSigner(ServiceId("rds"), REGION, "rds", "v4", _BOTOCORE, _EVENTS)
    client = SimpleNamespace(_request_signer=signer)
    pairs: dict[str, tuple[Work, Work]] = {
        "a token of the database": (
            lambda: Signer(WHO, REGION, "rds-db").presigned(f"{HOST}:5432", {"Action": "connect", "DBUser": USER}, 900),
            lambda: generate_db_auth_token(client, HOST, 5432, USER, REGION),
        ),
        "headers of a request": (
            lambda: Signer(WHO, REGION, "secretsmanager").signed(HOST, HEADERS, BODY),
            _signed_by_botocore,
        ),
        "a context of TLS": (tls.context.__wrapped__, ssl.create_default_context),
    }
    _show("CPU in µs", "botocore, default", {name: _microseconds(*works) for name, works in pairs.items()})
    _show("An interpreter with Powertools' logger, and what this needs, CPU in ms", "boto3", _imports())


def _signed_by_botocore() -> None:
    request = AWSRequest("POST", f"https://{HOST}/", dict(HEADERS), BODY)
    botocore.auth.SigV4Auth(_BOTOCORE, "secretsmanager", REGION).add_auth(request)


def _microseconds(*works: Work) -> list[float]:
    samples: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, found in zip(works, samples, strict=True):
            found.append(_once(work))
    return [statistics.median(found) for found in samples]


def _once(work: Work, times: int = 30) -> float:
    before = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - before) / times * 1_000_000


def _imports() -> dict[str, list[float]]:
    sources = [f"{BASE}; {source}" for pair in IMPORTS.values() for source in pair]
    with tempfile.TemporaryDirectory() as bytecode:
        samples: list[list[float]] = [[] for _ in sources]
        for turn in range(ROUNDS + 1):
            print(f"\rimports, round {turn} of {ROUNDS}", end="", file=sys.stderr, flush=True)
            for source, found in zip(sources, samples, strict=True):
                found.append(cpu_milliseconds(source, bytecode))
    print(file=sys.stderr)
    medians = [statistics.median(found[1:]) for found in samples]  # the first one compiled
    return {name: medians[2 * place : 2 * place + 2] for place, name in enumerate(IMPORTS)}


def _show(title: str, theirs: str, found: dict[str, list[float]]) -> None:
    rows = [[name, f"{own:.1f}", f"{other:.1f}", f"{other / own:.0f}"] for name, (own, other) in found.items()]
    heading = f"{title}, median of {ROUNDS} interleaved rounds, Python {sys.version.split()[0]}"
    table.show(heading, ["for", "ours", theirs, "times ours"], rows)


if __name__ == "__main__":
    main()
