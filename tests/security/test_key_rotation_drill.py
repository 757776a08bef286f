"""Rotations under load: no good token is refused, no retired, forged or stolen key let in; planted faults are found."""

import json
from collections.abc import Callable, Sequence

import pytest
from roster.auth import tokens
from roster.errors import UnavailableError
from roster.infrastructure import keys, published_keys
from roster.infrastructure.keys import KeySetError
from roster.infrastructure.published_keys import LEAD_SECONDS
from roster.infrastructure.verification_keys import COOL_DOWN_SECONDS, REFRESH_SECONDS, VerificationKeys
from roster.signing_keys import models, published_set
from roster.signing_keys.models import Jwk, SigningKeys
from roster.signing_keys.published_set import PublishedSet
from roster.signing_keys.service import Rotation

from tests import rotating
from tests.builders import a_caller
from tests.handlers.keys import VARIABLES
from tests.handlers.world import World
from tests.rotating import ISSUER, PUBLIC, Deployment
from tests.security.doors import silence
from tests.security.progress import IN_FULL
from tests.security.rotation_drill import ENVIRONMENTS, Drill, Outcome
from tests.security.rotation_environments import Clock, Environment

ROTATIONS = 300 if IN_FULL else 24

Plant = Callable[[pytest.MonkeyPatch], None]


@pytest.fixture
def deployment(world: World, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    return deployed(monkeypatch)


def deployed(monkeypatch: pytest.MonkeyPatch) -> Deployment:
    deployment = rotating.a_deployment()
    for variable, name in VARIABLES.items():
        monkeypatch.setenv(variable, deployment.arns[name])
    Clock(monkeypatch, deployment)
    return deployment


def drilled(deployment: Deployment, world: World, rotations: int, *, until_wrong: bool = False) -> Outcome:
    with silence():
        return Drill(deployment, world, seed=1).run(rotations, until_wrong=until_wrong)


def test_no_good_token_is_refused_and_no_other_let_in(deployment: Deployment, world: World) -> None:
    began = deployment.now
    outcome = drilled(deployment, world, ROTATIONS)
    assert (outcome.refused, outcome.accepted) == ([], [])
    assert outcome.rotations == ROTATIONS
    assert outcome.killed > ROTATIONS / 4
    assert outcome.calls > ROTATIONS * 10
    # Two secrets, every few minutes; and each forged key id costs one more at most, which the cool-down keeps rare.
    assert outcome.fetches < ENVIRONMENTS * 3 * (deployment.now - began) / REFRESH_SECONDS


def signs_before_it_publishes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Rotation, "_publish", lambda self, version_id: None)
    patch.setattr(Rotation, "_require_ready", lambda self, pair: None)
    patch.setattr(Rotation, "_supersede_others", lambda self: None)


def signs_as_soon_as_it_publishes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SigningKeys, "rotated", lambda self: models.generate())
    patch.setattr(SigningKeys, "follows", lambda self, others: True)
    patch.setattr(Rotation, "_require_ready", lambda self, pair: None)


def removes_the_old_key_at_once(patch: pytest.MonkeyPatch) -> None:
    def publish(self: PublishedSet, wanted: Sequence[Jwk], *, live: set[str]) -> None:
        self._change(lambda known, now: [key for key in _with(known, wanted, live, now) if key["kid"] in live])

    _with = published_set._with
    patch.setattr(PublishedSet, "publish", publish)


def never_removes_a_key(patch: pytest.MonkeyPatch) -> None:
    for module in (published_keys, published_set):
        patch.setattr(module, "is_retired", lambda key, now: False)


def verifies_with_the_keys_it_read_first(patch: pytest.MonkeyPatch) -> None:
    read = VerificationKeys._of
    patch.setattr(VerificationKeys, "_of", lambda self, age: self.__dict__.setdefault("first", read(self, age)))


PLANTS: dict[Plant, str] = {
    signs_before_it_publishes: "refused",
    signs_as_soon_as_it_publishes: "refused",
    removes_the_old_key_at_once: "refused",
    never_removes_a_key: "accepted",
    verifies_with_the_keys_it_read_first: "refused",
}


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found(plant: Plant, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    outcome = drilled(deployed(monkeypatch), world, ROTATIONS, until_wrong=True)
    assert getattr(outcome, PLANTS[plant])


@pytest.fixture
def environments(deployment: Deployment, world: World) -> list[Environment]:
    return [Environment(deployment, world) for _ in range(3)]


def test_a_stolen_key_is_refused_within_five_minutes_and_at_once_where_a_new_one_was_seen(
    deployment: Deployment, environments: list[Environment]
) -> None:
    stolen = deployment.token()
    assert all(each.lets_in(stolen) for each in environments)
    deployment.now += COOL_DOWN_SECONDS
    deployment.first_keys.replace()
    assert environments[0].lets_in(deployment.token())
    assert not environments[0].lets_in(stolen)
    deployment.now += REFRESH_SECONDS - COOL_DOWN_SECONDS
    assert not any(each.lets_in(stolen) for each in environments)
    assert all(each.lets_in(deployment.token()) for each in environments)


def test_a_flood_of_forged_key_ids_asks_once_in_a_cool_down(
    deployment: Deployment, environments: list[Environment]
) -> None:
    environment, good = environments[0], deployment.token()
    forger = keys.read_signing_key(keys.generate().private)
    forged = [
        tokens.issue(a_caller(), key=forger._replace(key_id=f"forged-{number}"), issuer=ISSUER, life_seconds=60)
        for number in range(200)
    ]
    with silence():
        assert environment.lets_in(good)
        assert not any(environment.lets_in(token) for token in forged)
        assert environment.fetches == 1
        for cool_down in range(1, 4):
            deployment.now += COOL_DOWN_SECONDS
            assert not any(environment.lets_in(token) for token in forged)
            assert environment.fetches == 1 + cool_down


def test_while_secrets_manager_is_away_everybody_goes_on_with_what_they_know(
    deployment: Deployment, environments: list[Environment]
) -> None:
    environment = environments[0]
    first = environment.log_in()
    assert environment.lets_in(first["access_token"])
    environment.is_away = True
    deployment.now += 3600
    second = environment.refresh(first["refresh_token"])
    assert environment.lets_in(first["access_token"])
    assert environment.lets_in(second["access_token"])
    assert json.loads(environment.jwk_set())["keys"]


def test_who_never_read_a_key_is_not_open(deployment: Deployment, environments: list[Environment]) -> None:
    environments[0].is_away = True
    with pytest.raises(UnavailableError):
        environments[0].lets_in(deployment.token())


def test_a_set_that_is_spoilt_by_hand_leaves_the_last_good_one(
    deployment: Deployment, environments: list[Environment]
) -> None:
    good = deployment.token()
    assert environments[0].lets_in(good)
    deployment.client.put_secret_value(SecretId=deployment.arns[PUBLIC], SecretString="{")
    deployment.now += REFRESH_SECONDS
    assert environments[0].lets_in(good)
    with pytest.raises(KeySetError):
        environments[1].lets_in(good)


def test_others_never_meet_a_key_that_they_could_not_have_fetched() -> None:
    """What may be kept, and what we ourselves keep, is over before a published key may sign."""
    assert 300 + REFRESH_SECONDS < LEAD_SECONDS
