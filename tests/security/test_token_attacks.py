"""Tokens made by hand, at every door: none is let in, and none makes anybody open a socket."""

import json
import time
from functools import cache
from typing import Any

import pytest
from roster.auth import tokens
from roster.infrastructure import keys
from roster.infrastructure.keys import KeySetError

from tests import forge
from tests.handlers.world import World
from tests.security import attacks, weakened
from tests.security.doors import DOORS, Door, kept_out, let_in

AT_LEAST = 150


def test_there_are_enough_attacks_and_no_two_are_the_same() -> None:
    made = attacks.all_of_them()
    assert len(set(made.values())) >= AT_LEAST
    assert len(made) == len(set(made.values()))


def test_no_attack_is_let_in_and_none_opens_a_socket(door: Door, opened_sockets: list[Any]) -> None:
    assert let_in(door, attacks.all_of_them().items()) == []
    assert opened_sockets == []


def test_a_good_token_is_let_in_beside_them(door: Door, opened_sockets: list[Any]) -> None:
    good = {role: forge.signed(payload=forge.claims(role=role)) for role in ("user", "admin")}
    assert kept_out(door, good.items()) == []
    assert opened_sockets == []


def made_and_shown_within_a_second(door: Door, **seconds: int) -> bool:
    """Show a token whose times are that many seconds from now, so that no clock tick comes between."""
    while True:
        now = int(time.time())
        times = {"iat": now - 600, "exp": now + 600} | {name: now + each for name, each in seconds.items()}
        answer = door(forge.signed(payload=forge.claims(**times)))
        if int(time.time()) == now:
            return answer


def test_the_clock_grid_of_expiry(door: Door) -> None:
    wrong = [s for s in range(-61, 62) if made_and_shown_within_a_second(door, exp=s) != (s > -30)]
    assert wrong == []


def test_the_clock_grid_of_issue(door: Door) -> None:
    wrong = [s for s in range(-61, 62) if made_and_shown_within_a_second(door, iat=s) != (s <= 30)]
    assert wrong == []


PUBLIC = json.loads(forge.KEY_PAIR.public)["keys"][0]


@pytest.mark.parametrize(
    "changes",
    [
        {"use": "enc"}, {"use": ""}, {"use": ["sig"]}, {"key_ops": ["sign"]}, {"key_ops": ["verify"]}, {"key_ops": []},
        {"alg": "ES384"}, {"alg": "none"}, {"alg": "HS256"}, {"crv": "P-384"}, {"crv": "secp256k1"},
        {"kty": "oct", "k": "AA"},
        {"kty": "RSA"}, {"x": ""}, {"y": PUBLIC["x"]}, {"d": json.loads(forge.KEY_PAIR.private)["d"]},
    ],
    ids="+".join,
)  # fmt: skip
def test_a_key_that_is_for_something_else_opens_no_door(
    changes: dict[str, Any], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JWT_PUBLIC_KEYS", json.dumps({"keys": [PUBLIC | changes]}))
    for door in DOORS.values():
        with pytest.raises((AssertionError, KeySetError)):
            door(forge.signed())


@cache
def made_once() -> attacks.Attacks:
    return attacks.all_of_them()


@pytest.mark.parametrize("fault", weakened.WEAKENED)
def test_a_weakened_verifier_is_found_out(fault: str, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    verifier, attack = weakened.WEAKENED[fault]
    monkeypatch.setattr(tokens, "verify", verifier)
    assert let_in(door, [(attack, made_once()[attack])]) == [attack]


def test_a_verifier_that_follows_addresses_is_found_out(
    door: Door, opened_sockets: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "verify", weakened.FOLLOWS_ADDRESSES)
    let_in(door, attacks.keys_in_the_header().items())
    assert opened_sockets


def test_their_key_is_a_good_one_where_it_is_published(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_PUBLIC_KEYS", attacks.THEIRS.public)
    head = forge.header(kid=attacks.THEIR_KEY.key_id)
    assert door(attacks.signed_by(attacks.THEIR_KEY.key, head, attacks.an_admins()))
    assert keys.read_public_keys(attacks.THEIRS.public)
