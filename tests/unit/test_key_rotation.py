"""The rotation of the signing key: four steps, repeated, late, killed at any call, and two at once."""

import contextlib
import json
from collections.abc import Callable

import pytest
from roster.auth import tokens
from roster.errors import UnauthenticatedError
from roster.infrastructure import published_keys
from roster.infrastructure.published_keys import LEAD_SECONDS, OVERLAP_SECONDS
from roster.signing_keys.models import RotationError

from tests import rotating
from tests.fake_secrets_manager import CURRENT, PENDING, Killed
from tests.rotating import PUBLIC, SIGNING, STEPS, Deployment

CALLS_OF_A_ROTATION = 27


@pytest.fixture
def deployment() -> Deployment:
    return rotating.a_deployment()


def kid(deployment: Deployment, stage: str = CURRENT) -> str:
    return str(deployment.value(SIGNING, stage)["kid"])


def test_after_a_rotation_the_key_that_was_next_signs_and_the_old_one_still_verifies(deployment: Deployment) -> None:
    following, old = deployment.value(SIGNING)["next"]["kid"], deployment.token()
    deployment.rotate()
    assert kid(deployment) == following
    for token in (old, deployment.token()):
        deployment.require_good(token)


def test_a_key_is_published_before_it_signs_and_the_one_after_it_as_well(deployment: Deployment) -> None:
    for _ in range(3):
        known = deployment.published()
        deployment.rotate()
        assert kid(deployment) in known
        assert deployment.value(SIGNING)["next"]["kid"] in deployment.published()


def test_the_version_before_stays_labelled_for_who_wants_to_go_back(deployment: Deployment) -> None:
    (first,) = deployment.stages()
    deployment.rotate()
    assert deployment.stages()[first] == {"AWSPREVIOUS"}


def test_a_superseded_key_stays_until_its_last_token_has_expired(deployment: Deployment) -> None:
    first, token = kid(deployment), deployment.token()
    deployment.rotate()
    assert deployment.published()[first]["superseded_at"] == deployment.now
    deployment.now += OVERLAP_SECONDS - 1
    deployment.require_good(token)
    deployment.now += 1
    with pytest.raises(UnauthenticatedError):
        deployment.require_good(token)


def test_a_retired_key_leaves_with_the_next_rotation(deployment: Deployment) -> None:
    first = kid(deployment)
    deployment.rotate()
    deployment.now += OVERLAP_SECONDS
    deployment.rotate()
    assert first not in deployment.published()
    assert len(deployment.published()) == 3


def test_the_overlap_is_longer_than_a_tokens_life_and_the_lead_than_anybody_keeps_a_set() -> None:
    assert OVERLAP_SECONDS >= tokens._LIFE_SECONDS_MAX + tokens._LEEWAY_SECONDS + 3600
    assert LEAD_SECONDS > 2 * 300


def test_marks_are_ours_alone(deployment: Deployment) -> None:
    deployment.rotate()
    text = json.dumps(deployment.value(PUBLIC))
    assert "superseded_at" in text
    assert "published_at" in text
    shown = published_keys.read(text, deployment.now)
    assert [set(key) for key in shown] == [{"kty", "crv", "x", "y", "kid", "alg", "use"}] * 3
    assert '"d"' not in text


@pytest.mark.parametrize("step", STEPS)
def test_a_step_may_be_repeated_and_so_may_those_before_it(step: str, deployment: Deployment) -> None:
    version_id = deployment.begin()
    deployment.now += LEAD_SECONDS
    for each in STEPS[: STEPS.index(step) + 1]:
        deployment.rotation.take(each, version_id)
    before = (deployment.stages(), deployment.value(PUBLIC))
    for each in STEPS[: STEPS.index(step) + 1]:
        deployment.rotation.take(each, version_id)
    assert (deployment.stages(), deployment.value(PUBLIC)) == before


def test_a_step_out_of_turn_is_refused_and_the_old_key_stays(deployment: Deployment) -> None:
    version_id, before = deployment.begin(), kid(deployment)
    for step in ("setSecret", "finishSecret"):
        with pytest.raises(RotationError, match="createSecret"):
            deployment.rotation.take(step, version_id)
    deployment.rotation.take("createSecret", version_id)
    deployment.put(PUBLIC, {"keys": []})
    for step in ("testSecret", "finishSecret"):
        with pytest.raises(RotationError, match="setSecret"):
            deployment.rotation.take(step, version_id)
    assert kid(deployment) == before


def test_nobody_signs_with_a_key_that_verifiers_may_not_know_yet(deployment: Deployment) -> None:
    deployment.rotate()
    version_id, before = deployment.begin(), kid(deployment)
    for step in ("createSecret", "setSecret"):
        deployment.rotation.take(step, version_id)
    for step in ("testSecret", "finishSecret"):
        with pytest.raises(RotationError, match=f"again in {LEAD_SECONDS} seconds"):
            deployment.rotation.take(step, version_id)
    assert kid(deployment) == before
    deployment.rotate(version_id)
    assert kid(deployment) != before


def test_a_key_that_verifies_nothing_does_not_pass_the_test(deployment: Deployment) -> None:
    other = rotating.a_deployment().published().popitem()[1]
    wrong = [key | {"x": other["x"], "y": other["y"]} for key in deployment.published().values()]
    deployment.put(PUBLIC, {"keys": wrong})
    with pytest.raises(RotationError, match="not good"):
        deployment.rotate()


def test_a_schedule_is_tried_out_with_a_copy_of_what_is_current_or_with_nothing(deployment: Deployment) -> None:
    version_id = deployment.begin()
    deployment.rotation.take("testSecret", version_id)
    copy = json.dumps(deployment.value(SIGNING))
    deployment.client.put_secret_value(
        SecretId=deployment.arns[SIGNING], ClientRequestToken=version_id, SecretString=copy, VersionStages=[PENDING]
    )
    deployment.rotation.take("testSecret", version_id)


@pytest.mark.parametrize("step", STEPS)
def test_a_late_step_of_another_rotation_is_refused(step: str, deployment: Deployment) -> None:
    (oldest,) = deployment.stages()
    deployment.rotate()
    deployment.rotate()
    for version_id in (oldest, "00000000-0000-4000-8000-000000000000"):
        with pytest.raises(RotationError, match="not being rotated"):
            deployment.rotation.take(step, version_id)


def test_an_unknown_step_is_refused(deployment: Deployment) -> None:
    with pytest.raises(RotationError, match="no such step"):
        deployment.rotation.take("deleteSecret", deployment.begin())


def test_a_late_step_of_the_last_rotation_leaves_the_one_that_runs_alone(deployment: Deployment) -> None:
    last = deployment.begin()
    deployment.rotate(last)
    running = deployment.begin()
    for step in STEPS[:2]:
        deployment.rotation.take(step, running)
    deployment.rotation.take("finishSecret", last)
    following = deployment.value(SIGNING, PENDING)["next"]["kid"]
    assert "superseded_at" not in deployment.published()[following]


@pytest.mark.parametrize("number", range(CALLS_OF_A_ROTATION))
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_rotation_that_died_anywhere_can_be_run_again_and_refuses_no_good_token(
    number: int, moment: str, deployment: Deployment
) -> None:
    old, version_id = deployment.token(), deployment.begin()
    deployment.client.calls.clear()
    setattr(deployment.client, moment, dies_at(number))
    with pytest.raises(Killed):
        deployment.rotate(version_id)
    for token in (old, deployment.token()):
        deployment.require_good(token)
    for step in STEPS:
        deployment.rotation.take(step, version_id)
    for token in (old, deployment.token()):
        deployment.require_good(token)
    assert deployment.stages()[version_id] == {CURRENT, PENDING}
    assert len([key for key in deployment.published().values() if "superseded_at" in key]) == 1


def test_it_was_killed_at_each_of_its_calls(deployment: Deployment) -> None:
    deployment.client.calls.clear()
    deployment.rotate()
    assert len(deployment.client.calls) == CALLS_OF_A_ROTATION


@pytest.mark.parametrize("number", range(CALLS_OF_A_ROTATION))
def test_of_two_who_rotate_at_once_neither_takes_the_others_key_away(number: int, deployment: Deployment) -> None:
    """At each call of the one, the other takes the whole step first, as a retried invocation may."""
    old, version_id, step = deployment.token(), deployment.begin(), [""]
    deployment.client.calls.clear()
    deployment.client.before = overtaken(deployment, version_id, step, at=number)
    deployment.now += LEAD_SECONDS
    for step[0] in STEPS:
        with contextlib.suppress(RotationError):
            deployment.rotation.take(step[0], version_id)
        for token in (old, deployment.token()):
            deployment.require_good(token)
    assert deployment.stages()[version_id] == {CURRENT, PENDING}


def test_who_keeps_being_overtaken_gives_up(deployment: Deployment) -> None:
    version_id = deployment.begin()
    deployment.rotation.take("createSecret", version_id)

    def change(number: int) -> None:
        if deployment.client.calls[number] == "update_secret_version_stage":
            deployment.put(PUBLIC, deployment.value(PUBLIC))

    deployment.client.before = change
    with pytest.raises(RotationError, match="Somebody else"):
        deployment.rotation.take("setSecret", version_id)


def dies_at(number: int) -> Callable[[int], None]:
    def kill(at: int) -> None:
        if at == number:
            raise Killed

    return kill


def overtaken(deployment: Deployment, version_id: str, step: list[str], *, at: int) -> Callable[[int], None]:
    def overtake(number: int) -> None:
        if number == at:
            deployment.rotation.take(step[0], version_id)

    return overtake
