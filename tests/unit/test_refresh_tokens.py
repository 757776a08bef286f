"""Refresh tokens: unguessable, and a successor follows from its predecessor only with the seed."""

import hashlib

import pytest
from roster.sessions import refresh_tokens

from tests.builders import a_refresh_token


def test_a_token_has_256_random_bits_in_its_text() -> None:
    made = {refresh_tokens.make() for _ in range(1000)}
    assert len(made) == 1000
    assert {(len(token), token[:3]) for token in made} == {(46, "rt_")}
    assert len({character for token in made for character in token[3:]}) == 64


def test_a_successor_is_the_same_for_the_same_token_and_seed_alone() -> None:
    tokens, seeds = [refresh_tokens.make() for _ in range(3)], [refresh_tokens.seed() for _ in range(3)]
    successors = {refresh_tokens.successor(token, seed) for token in tokens for seed in seeds}
    assert len(successors) == 9
    assert successors == {refresh_tokens.successor(token, seed) for token in tokens for seed in seeds}
    assert all(refresh_tokens.is_one(token) for token in successors)


def test_what_is_kept_is_the_sha256() -> None:
    assert refresh_tokens.hashed("rt_x") == hashlib.sha256(b"rt_x").digest()


NOT_ONE = ["", "rt_", "a.b.c", a_refresh_token()[:-1], a_refresh_token() + "A", "rt_" + "é" * 43, "RT_" + "0" * 43]


@pytest.mark.parametrize("text", NOT_ONE)
def test_anything_else_is_no_token(text: str) -> None:
    assert refresh_tokens.is_one(a_refresh_token())
    assert not refresh_tokens.is_one(text)
