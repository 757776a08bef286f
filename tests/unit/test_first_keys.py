"""The first keys of a deployment, those in place of stolen ones, and what never happens to keys that are there."""

import pytest
from roster.errors import UnauthenticatedError
from roster.infrastructure import sealing
from roster.infrastructure.published_keys import LEAD_SECONDS
from roster.signing_keys.models import RotationError

from tests import rotating
from tests.fake_secrets_manager import CURRENT, PENDING, Killed
from tests.rotating import PUBLIC, SEALING, SIGNING, STEPS, Deployment


@pytest.fixture
def deployment() -> Deployment:
    return rotating.a_deployment()


def test_a_deployment_that_had_no_keys_can_sign_verify_and_seal(deployment: Deployment) -> None:
    deployment.require_good(deployment.token())
    sealing.read(
        deployment.client.values[deployment.arns[SEALING]][deployment.client.stages[deployment.arns[SEALING]][CURRENT]]
    )


def test_no_key_that_is_there_is_touched(deployment: Deployment) -> None:
    deployment.rotate()
    before = [deployment.value(name) for name in (SIGNING, PUBLIC, SEALING)]
    deployment.first_keys.make()
    assert [deployment.value(name) for name in (SIGNING, PUBLIC, SEALING)] == before


@pytest.mark.parametrize("number", range(9))
@pytest.mark.parametrize("moment", ["before", "after"])
def test_who_died_while_making_them_can_make_them_again(number: int, moment: str) -> None:
    deployment = Deployment()

    def kill(at: int) -> None:
        if at == number:
            raise Killed

    setattr(deployment.client, moment, kill)
    with pytest.raises(Killed):
        deployment.first_keys.make()
    made = [dict(each) for each in deployment.client.values.values()]
    deployment.first_keys.make()
    deployment.require_good(deployment.token())
    assert all(
        before.items() <= after.items() for before, after in zip(made, deployment.client.values.values(), strict=True)
    )


@pytest.mark.parametrize("number", range(9))
def test_of_two_who_make_them_at_once_both_end_with_the_same(number: int) -> None:
    deployment = Deployment()

    def overtake(at: int) -> None:
        if at == number:
            deployment.first_keys.make()

    deployment.client.before = overtake
    deployment.first_keys.make()
    deployment.require_good(deployment.token())
    assert len(deployment.published()) == 2


def test_a_deployment_during_a_rotation_leaves_it_alone(deployment: Deployment) -> None:
    version_id = deployment.begin()
    for step in STEPS[:2]:
        deployment.rotation.take(step, version_id)
    before = deployment.published()
    deployment.first_keys.make()
    assert deployment.published() == before
    deployment.rotate(version_id)


def test_what_went_back_by_hand_is_published_as_living_again(deployment: Deployment) -> None:
    old = deployment.value(SIGNING)
    deployment.rotate()
    assert "superseded_at" in deployment.published()[old["kid"]]
    deployment.put(SIGNING, old)
    deployment.first_keys.make()
    assert "superseded_at" not in deployment.published()[old["kid"]]


def test_stolen_keys_are_replaced_and_nothing_that_they_signed_is_good(deployment: Deployment) -> None:
    deployment.rotate()
    stolen = deployment.token()
    deployment.first_keys.replace()
    with pytest.raises(UnauthenticatedError):
        deployment.require_good(stolen)
    deployment.require_good(deployment.token())
    assert len(deployment.published()) == 2
    deployment.rotate()
    deployment.require_good(deployment.token())


def test_a_rotation_to_stolen_keys_does_not_go_on(deployment: Deployment) -> None:
    version_id = deployment.begin()
    for step in STEPS[:3]:
        deployment.now += LEAD_SECONDS
        deployment.rotation.take(step, version_id)
    deployment.first_keys.replace()
    for step in STEPS:
        with pytest.raises(RotationError, match="not being rotated"):
            deployment.rotation.take(step, version_id)
    arn = deployment.arns[SIGNING]
    deployment.client.stages[arn][PENDING] = version_id
    for step in ("setSecret", "finishSecret"):
        with pytest.raises(RotationError, match="other keys"):
            deployment.rotation.take(step, version_id)


@pytest.mark.parametrize(
    "text", ["", "keys", "{}", '{"keys": 5}', '{"keys": [{}]}', '{"keys": [{"kid": 5, "superseded_at": "x"}]}']
)
def test_a_set_that_was_spoilt_by_hand_is_not_written_over(text: str, deployment: Deployment) -> None:
    deployment.client.put_secret_value(SecretId=deployment.arns[PUBLIC], SecretString=text)
    with pytest.raises(RotationError, match="not a JWK set"):
        deployment.first_keys.make()
