"""The function that rotates: what Secrets Manager invokes four times."""

import time

import pytest
from roster.infrastructure.published_keys import LEAD_SECONDS
from roster.signing_keys.models import RotationError

from tests.builders import a_context
from tests.functions import handler_of
from tests.handlers import keys
from tests.handlers.world import World
from tests.rotating import PUBLIC, SIGNING, STEPS, Deployment


@pytest.fixture
def deployment(world: World, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    deployment = keys.deployed(monkeypatch)
    deployment.now = time.time() - LEAD_SECONDS
    deployment.first_keys.make()
    return deployment


def take(step: str, deployment: Deployment, version_id: str) -> None:
    event = {"SecretId": deployment.arns[SIGNING], "ClientRequestToken": version_id, "Step": step}
    handler_of("rotate_signing_key")(event, a_context())


def test_four_steps_make_another_key_sign(deployment: Deployment) -> None:
    version_id, following = deployment.begin(), deployment.value(SIGNING)["next"]["kid"]
    for step in STEPS:
        take(step, deployment, version_id)
    assert deployment.value(SIGNING)["kid"] == following


def test_what_fails_raises_so_that_secrets_manager_tries_again(deployment: Deployment) -> None:
    before = deployment.value(SIGNING)
    with pytest.raises(RotationError, match="createSecret"):
        take("finishSecret", deployment, deployment.begin())
    assert deployment.value(SIGNING) == before


def test_another_secret_is_none_of_its_business(deployment: Deployment) -> None:
    event = {"SecretId": deployment.arns[PUBLIC], "ClientRequestToken": deployment.begin(), "Step": "createSecret"}
    with pytest.raises(RotationError, match="another secret"):
        handler_of("rotate_signing_key")(event, a_context())


def test_no_part_of_a_key_is_logged(deployment: Deployment, capsys: pytest.CaptureFixture[str]) -> None:
    version_id = deployment.begin()
    for step in STEPS:
        take(step, deployment, version_id)
    output = capsys.readouterr()
    assert deployment.value(SIGNING)["d"] not in output.out + output.err
