"""The imitation of Secrets Manager that most tests of keys use, held to moto's; a rotation on moto from end to end."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.secretsmanager.models import secretsmanager_backends

from tests import rotating
from tests.fake_secrets_manager import FakeSecretsManager
from tests.rotating import STEPS

CURRENT = {"VersionStage": "AWSCURRENT"}
A, B, C = (f"00000000-0000-4000-8000-00000000000{number}" for number in "abc")

CONVERSATIONS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "no value": [
        ("get", CURRENT),
        ("get", {"VersionId": A}),
        ("get", {"VersionStage": "AWSPENDING"}),
        ("describe", {}),
    ],
    "the first version is current": [("put", {"v": "1", "id": A, "to": ["X"]}), ("get", CURRENT), ("describe", {})],
    "the same again": [("put", {"v": "1", "id": A}), ("put", {"v": "1", "id": A}), ("describe", {})],
    "another value": [("put", {"v": "1", "id": A}), ("put", {"v": "2", "id": A}), ("get", CURRENT)],
    "put makes current": [
        ("put", {"v": "1", "id": A}),
        ("put", {"v": "2", "id": B}),
        ("get", CURRENT),
        ("describe", {}),
    ],
    "a label moves": [
        *(("put", {"v": "1", "id": A}), ("put", {"v": "2", "id": B, "to": ["X"]})),
        *(("put", {"v": "3", "id": C, "to": ["X"]}), ("describe", {}), ("get", {"VersionStage": "X"})),
        *(("move", {"s": "AWSCURRENT", "from": A, "to": C}), ("get", CURRENT), ("describe", {})),
        *(("move", {"s": "AWSCURRENT", "from": A, "to": B}), ("get", CURRENT), ("describe", {})),
        *(("move", {"s": "X", "from": C, "to": None}), ("get", {"VersionStage": "X"}), ("describe", {})),
    ],
    "current moves without a word from where": [
        *(("put", {"v": "1", "id": A}), ("put", {"v": "2", "id": B, "to": ["X"]})),
        *(("move", {"s": "AWSCURRENT", "from": None, "to": B}), ("get", CURRENT)),
    ],
}


class MotoClient:
    """Begins a rotation as the service does, which moto ends at once by itself."""

    def __init__(self) -> None:
        self._client = boto3.client("secretsmanager")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def begin_rotation(self, arn: str) -> str:
        versions = secretsmanager_backends["123456789012"]["eu-central-1"].secrets[arn].versions
        for each in versions.values():
            each["version_stages"] = [stage for stage in each["version_stages"] if stage != "AWSPENDING"]
        versions[A] = {"createdate": 0, "version_id": A, "version_stages": ["AWSPENDING"]}
        return A


@pytest.fixture
def moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[MotoClient]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        yield MotoClient()


def answered(client: Any, arn: str, verb: str, given: dict[str, Any]) -> Any:
    """Return what of an answer counts, or the code of the refusal."""
    given = dict(given)
    match verb:
        case "put":
            stages = {"VersionStages": given["to"]} if "to" in given else {}
            call, arguments = (
                client.put_secret_value,
                {"SecretString": given["v"], "ClientRequestToken": given["id"]} | stages,
            )
        case "move":
            named = {"RemoveFromVersionId": given["from"], "MoveToVersionId": given["to"], "VersionStage": given["s"]}
            call, arguments = client.update_secret_version_stage, {k: v for k, v in named.items() if v}
        case "get":
            call, arguments = client.get_secret_value, given
        case _:
            call, arguments = client.describe_secret, given
    try:
        answer = call(SecretId=arn, **arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    labelled = {name: set(stages) for name, stages in answer.get("VersionIdsToStages", {}).items() if stages}
    return (answer.get("SecretString"), labelled)


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_it_answers_as_moto_does(name: str, moto: MotoClient) -> None:
    heard = []
    for client in (moto, FakeSecretsManager()):
        arn = client.create_secret(Name="a-secret")["ARN"]
        heard.append([answered(client, arn, verb, given) for verb, given in CONVERSATIONS[name]])
    assert heard[0] == heard[1]


def test_a_rotation_on_moto(moto: MotoClient) -> None:
    deployment = rotating.a_deployment(moto)
    old, version_id = deployment.token(), deployment.begin()
    deployment.rotate(version_id)
    for step in STEPS:
        deployment.rotation.take(step, version_id)
    for token in (old, deployment.token()):
        deployment.require_good(token)
    assert deployment.stages()[version_id] == {"AWSCURRENT", "AWSPENDING"}
