"""The handlers that speak no HTTP: the authorizer, and those that a queue, a schedule or an operator invokes."""

import contextlib
import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from roster.auth.address import NotAnAddressError
from roster.errors import RosterError
from roster.wiring import migrations

from tests import forge
from tests.builders import a_session_id
from tests.fuzzing import mutations, odd
from tests.handlers import world as worlds
from tests.handlers.world import World

EVENTS = Path(__file__).parents[2] / "events"
ARN = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/dev/GET/"
BATCHES, BATCH = 20, 50
CHANGES = (mutations.lose_something, mutations.put_something_else, mutations.alter_text, mutations.move_something)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    world = World(monkeypatch)
    yield world
    worlds.forget()


def fuzz(ask: Callable[[Random], None]) -> None:
    @settings(
        max_examples=BATCHES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**64))
    def answered(seed: int) -> None:
        random = Random(seed)
        for _ in range(BATCH):
            ask(random)

    answered()


def a_token_event(good: str, random: Random) -> dict[str, Any]:
    """Return what API Gateway sends for a header that looks like a token, and for many that do not."""
    event: dict[str, Any] = {"type": "TOKEN", "authorizationToken": good, "methodArn": f"{ARN}{odd.text(random, [])}"}
    if random.random() < 0.7:
        mutations.alter_text(event, random, [])
    else:
        event["authorizationToken"] = odd.value(random, [])
    return event | {"methodArn": f"{ARN}{odd.text(random, [])}", random.choice(("type", "x")): odd.value(random, [])}


def test_the_authorizer_lets_in_nobody_but_whose_token_is_good(world: World) -> None:
    token = forge.signed(payload=forge.claims(sub="1", sid=a_session_id(1)))

    def ask(random: Random) -> None:
        event = a_token_event(f"Bearer {token}", random)
        said = str(event.get("authorizationToken"))
        is_good = (said[:7].lower(), said[7:].strip(" ")) == ("bearer ", token)
        if not is_good:
            with pytest.raises(Exception, match=r"^Unauthorized$"):  # API Gateway knows it by its text alone
                world.call("authorize_request", event)
            return
        (statement,) = world.call("authorize_request", event)["policyDocument"]["Statement"]
        assert (statement["Effect"], statement["Resource"]) == ("Allow", "/".join([*ARN.split("/")[:2], "*"]))

    fuzz(ask)


def test_whatever_comes_back_of_mails_is_noted_or_counted(world: World) -> None:
    good = json.loads((EVENTS / "record_bounces.json").read_text("utf-8"))
    outer = json.loads(good["Records"][0]["body"])
    inner = json.loads(outer["Message"])

    def ask(random: Random) -> None:
        event, notification, message = (copy.deepcopy(each) for each in (good, outer, inner))
        random.choice(CHANGES)(message, random, [])
        notification["Message"] = json.dumps(message)
        if random.random() < 0.3:
            random.choice(CHANGES)(notification, random, [])
        body = json.dumps(notification)
        cut = random.randrange(len(body)) if random.random() < 0.2 else len(body)
        event["Records"][0]["body"] = random.choice((body[:cut], body[:cut], odd.text(random, []), "[" * 100_000))
        assert world.call("record_bounces", event) is None

    fuzz(ask)


def test_the_schedule_may_say_what_it_likes(world: World) -> None:
    def ask(random: Random) -> None:
        assert world.call("send_mails", {odd.text(random, []): odd.value(random, [])}).keys() == {"sent"}

    fuzz(ask)


def test_an_operator_who_names_no_address_is_told_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "migrate", list)

    def ask(random: Random) -> None:
        address, name = odd.text(random, []), odd.text(random, [])
        wanted = {"email": address, "name": name, "reset_password": random.random() < 0.5}
        with contextlib.suppress(RosterError, NotAnAddressError):
            made = world.call("migrate_database", {"admin": wanted})["admin"]
            assert "@" in made["email"]

    fuzz(ask)
