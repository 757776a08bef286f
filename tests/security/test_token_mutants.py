"""Generated mutants of good tokens, at every door: none is let in. `make security FULL=1` breeds 100,000 a door."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from roster.auth import tokens
from roster.auth.caller import Caller

from tests import forge
from tests.builders import a_caller, an_admin
from tests.security import weakened
from tests.security.doors import Door, kept_out, let_in
from tests.security.mutants import Breeder, Mutant
from tests.security.progress import IN_FULL, ticker

COUNT = 100_000 if IN_FULL else 3_000
SEED = 20_261_122


def good_tokens() -> list[str]:
    """Return tokens of several callers, as a login issues them."""
    callers: list[Caller] = [*(a_caller(user_id) for user_id in (1, 2, 2**63 - 1)), an_admin(), an_admin(901)]
    return [
        tokens.issue(caller, key=forge.SIGNING_KEY, issuer=forge.ISSUER, life_seconds=3600)
        for caller in callers
        for _ in range(4)
    ]


def reported(mutants: Iterator[Mutant], tick: Callable[[int], None]) -> Iterator[Mutant]:
    """Pass the mutants on, and say how far it is."""
    for count, mutant in enumerate(mutants, start=1):
        yield mutant
        tick(count)


def test_no_mutant_is_let_in_and_no_good_token_is_kept_out(
    door: Door, opened_sockets: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    good, tick = good_tokens(), ticker("mutants", COUNT, capsys)
    assert let_in(door, reported(Breeder(good, SEED).mutants(COUNT), tick)) == []
    assert kept_out(door, zip(good, good, strict=True)) == []
    assert opened_sockets == []


def test_the_mutants_are_different_and_of_every_way() -> None:
    mutants = list(Breeder(good_tokens(), SEED).mutants(3_000))
    assert len({name.partition(":")[0] for name, _ in mutants}) == 18
    assert len({token for _, token in mutants}) == 3_000


@pytest.mark.parametrize(
    ("verifier", "ways"),
    [
        (weakened.READS_NO_SIGNATURE, {"claim_edited", "header_edited", "claim_resigned", "parts_swapped"}),
        (weakened.WEAKENED["PyJWT alone"][0], {"other_s", "reencoded"}),
    ],
)
def test_a_weakened_verifier_is_found_out(
    verifier: weakened.Verifier, ways: set[str], door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "verify", verifier)
    found = let_in(door, Breeder(good_tokens(), SEED).mutants(1_000))
    assert {name.partition(":")[0] for name in found} >= ways
