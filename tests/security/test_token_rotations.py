"""Keys change and change again: while the old and the new one are both published, no good token is refused."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from roster.auth import tokens
from roster.auth.caller import Caller
from roster.infrastructure import keys
from roster.infrastructure.keys import KeyPair

from tests import forge
from tests.builders import a_caller, an_admin
from tests.handlers import world as worlds
from tests.handlers.world import World
from tests.security.doors import DOORS, kept_out, let_in

ROTATIONS = 50
TOKENS_OF_A_KEY = 10

Named = list[tuple[str, str]]
Outcome = tuple[list[str], list[str]]


def issued(pair: KeyPair, name: str) -> Named:
    """Return good tokens signed with that key."""
    callers = [a_caller(1), an_admin()] * (TOKENS_OF_A_KEY // 2)
    key = keys.read_signing_key(pair.private)
    return [
        (f"{name}, {number}", tokens.issue(caller, key=key, issuer=forge.ISSUER, life_seconds=3600))
        for number, caller in enumerate(callers)
    ]


def published(*pairs: KeyPair) -> str:
    return json.dumps({"keys": [json.loads(pair.public)["keys"][0] for pair in pairs]})


def rotated(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Named, Named]]:
    """
    Rotate as an operator does, and yield after each step the tokens that are good and those that no longer are.

    First the new key is published beside the one that signs, then it signs, then the old one is taken away.
    """
    past, old = [keys.generate()], keys.generate()
    for number in range(ROTATIONS):
        new = keys.generate()
        good = issued(old, f"old key of rotation {number}")
        retired = issued(past[-1], f"retired key of rotation {number}")
        for step in (published(old, new), published(new, old)):
            monkeypatch.setenv("JWT_PUBLIC_KEYS", step)
            worlds.forget()
            yield good, retired
            good += issued(new, f"new key of rotation {number}")
        past.append(old)
        old = new


def outcome_of(rotations: Iterator[tuple[Named, Named]], door: Callable[[str], bool]) -> Outcome:
    """Return which good tokens were refused and which retired ones were let in."""
    refused, accepted = [], []
    for good, retired in rotations:
        refused += kept_out(door, good)
        accepted += let_in(door, retired)
    return refused, accepted


@pytest.mark.parametrize("name", DOORS)
def test_no_good_token_is_refused_and_no_retired_one_let_in(
    name: str, world: World, opened_sockets: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert outcome_of(rotated(monkeypatch), DOORS[name]) == ([], [])
    assert opened_sockets == []


def test_a_verifier_that_keeps_its_first_keys_is_found_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    known: dict[str, Any] = {}
    whole = tokens.verify

    def verify(token: str, *, keys: dict[str, Any], issuer: str) -> Caller:
        known.update({} if known else keys)
        return whole(token, keys=known, issuer=issuer)

    monkeypatch.setattr(tokens, "verify", verify)
    refused, _ = outcome_of(rotated(monkeypatch), DOORS["authorizer"])
    assert "old key of rotation 2, 0" in refused


def test_a_verifier_that_never_forgets_a_key_is_found_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    known: dict[str, Any] = {}
    whole = tokens.verify

    def verify(token: str, *, keys: dict[str, Any], issuer: str) -> Caller:
        known.update(keys)
        return whole(token, keys=known, issuer=issuer)

    monkeypatch.setattr(tokens, "verify", verify)
    refused, accepted = outcome_of(rotated(monkeypatch), DOORS["authorizer"])
    assert refused == []
    assert "retired key of rotation 2, 0" in accepted
