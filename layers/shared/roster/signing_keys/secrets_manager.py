"""Secrets in AWS Secrets Manager; for functions off the request path, since it takes the SDK of Lambda's runtime."""

from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from roster.signing_keys.repository import SecretVersions, StageMovedError, Version, VersionTakenError

_CONNECT_SECONDS, _READ_SECONDS, _ATTEMPTS = 2, 5, 3


class SecretsManagerVersions(SecretVersions):
    """Implements `SecretVersions` for the secret of that ARN."""

    def __init__(self, arn: str, client: Any = None) -> None:
        self._arn = arn
        self._client = client or _client()

    def find(self, *, stage: str | None = None, version_id: str | None = None) -> Version | None:
        which = {"VersionStage": stage} if stage else {"VersionId": version_id}
        try:
            found = self._client.get_secret_value(SecretId=self._arn, **which)
        except ClientError as error:
            if _code(error) == "ResourceNotFoundException":
                return None
            raise
        return Version(found["VersionId"], found["SecretString"])

    def stages_of(self, version_id: str) -> set[str]:
        return set(self._stages().get(version_id, ()))

    def add(self, version_id: str, value: str, stage: str) -> None:
        try:
            self._client.put_secret_value(
                SecretId=self._arn, ClientRequestToken=version_id, SecretString=value, VersionStages=[stage]
            )
        except ClientError as error:
            if _code(error) == "ResourceExistsException":
                raise VersionTakenError from None
            raise

    def move(self, stage: str, *, from_version: str, to_version: str) -> None:
        try:
            self._client.update_secret_version_stage(
                SecretId=self._arn, VersionStage=stage, RemoveFromVersionId=from_version, MoveToVersionId=to_version
            )
        except ClientError as error:
            # RemoveFromVersionId has to be where the label is: what compares and swaps.
            if _code(error) in ("InvalidParameterException", "InvalidRequestException"):
                raise StageMovedError from None
            raise

    def remove(self, stage: str) -> None:
        for version_id, stages in self._stages().items():
            if stage in stages:
                self._client.update_secret_version_stage(
                    SecretId=self._arn, VersionStage=stage, RemoveFromVersionId=version_id
                )

    def _stages(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = self._client.describe_secret(SecretId=self._arn).get("VersionIdsToStages", {})
        return found


def refusal(error: Exception) -> str | None:
    """Return what AWS refused and how it calls that, None for any other error; AWS's own text names roles."""
    return f"{_code(error)} by {error.operation_name}" if isinstance(error, ClientError) else None


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _client() -> Any:
    config = Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
    )
    return boto3.client("secretsmanager", config=config)
