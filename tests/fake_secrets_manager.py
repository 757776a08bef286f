"""Secrets Manager in this process, as strict as its API reference; `test_fake_secrets_manager` holds it to moto."""

# ruff: noqa: N803 (the API spells its arguments so)

import uuid
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

CURRENT, PREVIOUS, PENDING = "AWSCURRENT", "AWSPREVIOUS", "AWSPENDING"

Answer = dict[str, Any]


class Killed(BaseException):
    """The caller ends here, whatever it would have done next."""


class FakeSecretsManager:
    """
    A client as boto3 makes it, of the calls that we make.

    *before* and *after* are told the number of each call, and may do something meanwhile, or kill the caller.
    """

    def __init__(self) -> None:
        self.values: dict[str, dict[str, str]] = {}
        self.stages: dict[str, dict[str, str]] = {}
        self.calls: list[str] = []
        self.before: Callable[[int], None] = lambda number: None
        self.after: Callable[[int], None] = lambda number: None

    def create_secret(self, *, Name: str) -> Answer:
        arn = f"arn:aws:secretsmanager:eu-central-1:123456789012:secret:{Name}-a1b2c3"
        self.values[arn], self.stages[arn] = {}, {}
        return {"ARN": arn}

    def __getattribute__(self, name: str) -> Any:
        found = object.__getattribute__(self, name)
        if name not in ("get_secret_value", "put_secret_value", "describe_secret", "update_secret_version_stage"):
            return found
        return lambda **arguments: self._called(name, lambda: found(**arguments))

    def get_secret_value(self, *, SecretId: str, VersionId: str = "", VersionStage: str = CURRENT) -> Answer:
        version_id = VersionId or self.stages[SecretId].get(VersionStage, "")
        if version_id not in self.values[SecretId]:
            raise _error("ResourceNotFoundException")
        return {"VersionId": version_id, "SecretString": self.values[SecretId][version_id]}

    def put_secret_value(
        self, *, SecretId: str, SecretString: str, ClientRequestToken: str = "", VersionStages: list[str] | None = None
    ) -> Answer:
        version_id, values = ClientRequestToken or str(uuid.uuid4()), self.values[SecretId]
        if values.get(version_id, SecretString) != SecretString:
            raise _error("ResourceExistsException")
        if version_id not in values:
            stages = [*(VersionStages or [CURRENT]), *([] if self.stages[SecretId] else [CURRENT])]
            values[version_id] = SecretString
            for stage in stages:
                self._label(SecretId, stage, version_id)
        return {"VersionId": version_id}

    def describe_secret(self, *, SecretId: str) -> Answer:
        found: dict[str, list[str]] = {}
        for stage, version_id in self.stages[SecretId].items():
            found.setdefault(version_id, []).append(stage)
        return {"VersionIdsToStages": found}

    def update_secret_version_stage(
        self, *, SecretId: str, VersionStage: str, RemoveFromVersionId: str = "", MoveToVersionId: str = ""
    ) -> Answer:
        stages = self.stages[SecretId]
        if stages.get(VersionStage, "") != RemoveFromVersionId:
            raise _error("InvalidParameterException")
        if MoveToVersionId:
            self._label(SecretId, VersionStage, MoveToVersionId)
        else:
            del stages[VersionStage]
        return {}

    def begin_rotation(self, arn: str) -> str:
        """Begin a rotation as the service does: with an empty version that is pending."""
        stages = self.stages[arn]
        assert stages.get(PENDING) in (None, stages[CURRENT]), "A previous rotation isn't complete."
        stages[PENDING] = str(uuid.uuid4())
        return stages[PENDING]

    def _label(self, arn: str, stage: str, version_id: str) -> None:
        stages = self.stages[arn]
        if stage == CURRENT and stages.get(CURRENT, version_id) != version_id:
            stages[PREVIOUS] = stages[CURRENT]
        stages[stage] = version_id
        if stage == CURRENT and stages.get(PREVIOUS) == version_id:
            del stages[PREVIOUS]

    def _called(self, name: str, call: Callable[[], Answer]) -> Answer:
        number = len(self.calls)
        self.calls.append(name)
        self.before(number)
        try:
            return call()
        finally:
            self.after(number)


def _error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code}}, "SecretsManager")
