"""The secrets of a deployment, a clock, and who makes and rotates the keys in them."""

import json
from typing import Any

from roster.auth import tokens
from roster.infrastructure import keys
from roster.infrastructure.published_keys import LEAD_SECONDS
from roster.signing_keys.first_keys import FirstKeys
from roster.signing_keys.published_set import PublishedSet
from roster.signing_keys.secrets_manager import SecretsManagerVersions
from roster.signing_keys.service import Rotation

from tests.builders import a_caller
from tests.fake_secrets_manager import CURRENT, FakeSecretsManager

ISSUER = "https://roster.test"
STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
SIGNING, PUBLIC, SEALING = "roster-dev-signing-key", "roster-dev-public-keys", "roster-dev-second-factor-keys"


class Deployment:
    """Three secrets, and who works with them; without a value until the first keys are made."""

    def __init__(self, client: Any = None) -> None:
        self.client = client or FakeSecretsManager()
        self.now = 1_800_000_000.0
        self.arns = {name: str(self.client.create_secret(Name=name)["ARN"]) for name in (SIGNING, PUBLIC, SEALING)}
        signing, public, sealing = (SecretsManagerVersions(arn, self.client) for arn in self.arns.values())
        published = PublishedSet(public, self.clock)
        self.rotation = Rotation(signing, published, ISSUER, self.clock)
        self.first_keys = FirstKeys(signing, published, sealing)

    def clock(self) -> float:
        return self.now

    def begin(self) -> str:
        return str(self.client.begin_rotation(self.arns[SIGNING]))

    def rotate(self, version_id: str | None = None) -> None:
        """Rotate once, when every verifier knows the next key."""
        self.now += LEAD_SECONDS
        version_id = version_id or self.begin()
        for step in STEPS:
            self.rotation.take(step, version_id)

    def value(self, name: str, stage: str = CURRENT) -> dict[str, Any]:
        found = self.client.get_secret_value(SecretId=self.arns[name], VersionStage=stage)
        value: dict[str, Any] = json.loads(found["SecretString"])
        return value

    def put(self, name: str, value: dict[str, Any]) -> None:
        """Change a secret by hand."""
        self.client.put_secret_value(SecretId=self.arns[name], SecretString=json.dumps(value))

    def stages(self) -> dict[str, set[str]]:
        """Return the labels of the signing secret's versions."""
        found = self.client.describe_secret(SecretId=self.arns[SIGNING])["VersionIdsToStages"]
        return {version_id: set(stages) for version_id, stages in found.items() if stages}

    def published(self) -> dict[str, dict[str, Any]]:
        return {key["kid"]: key for key in self.value(PUBLIC)["keys"]}

    def token(self) -> str:
        """Return a token as a login makes one now."""
        key = keys.read_signing_key(json.dumps(self.value(SIGNING)))
        return tokens.issue(a_caller(), key=key, issuer=ISSUER, life_seconds=3600)

    def require_good(self, token: str) -> None:
        """Verify as somebody does who reads the published keys now."""
        known = keys.read_public_keys(json.dumps(self.value(PUBLIC)), now=self.now)
        tokens.verify(token, keys=known, issuer=ISSUER)


def a_deployment(client: Any = None) -> Deployment:
    """Return a deployment that has its first keys."""
    made = Deployment(client)
    made.first_keys.make()
    return made
