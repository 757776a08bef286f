"""Access tokens: what a good one is, for how long, and what a signature by the wrong key is worth."""

import time
import uuid
from types import SimpleNamespace

import pytest
from roster.auth import tokens
from roster.auth.caller import Role
from roster.errors import UnauthenticatedError
from roster.infrastructure import keys

from tests import forge
from tests.builders import a_caller


def issue(**changes: object) -> str:
    arguments = {"key": forge.SIGNING_KEY, "issuer": forge.ISSUER, "life_seconds": 3600} | changes
    return tokens.issue(a_caller(), **arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("role", ["user", "admin"])
def test_an_issued_token_speaks_for_its_caller(role: Role) -> None:
    caller = a_caller(user_id=2**63 - 1, role=role, session_id="a session")
    token = tokens.issue(caller, key=forge.SIGNING_KEY, issuer=forge.ISSUER, life_seconds=60)
    assert forge.verify(token) == caller


def test_the_forge_makes_good_tokens_unless_told_otherwise() -> None:
    assert forge.verify(forge.signed()) == a_caller(user_id=7)


def test_two_tokens_of_one_caller_differ() -> None:
    assert issue() != issue()


def test_a_signature_takes_no_random_number_so_copies_of_one_process_never_share_a_nonce(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=7))
    monkeypatch.setattr(tokens, "time", SimpleNamespace(time=lambda: 1_800_000_000.0))
    assert issue() == issue()
    assert issue() != issue(life_seconds=3601)


def test_a_token_fits_well_within_the_size_that_is_read() -> None:
    assert len(issue()) < 1000


def test_another_issuers_token_is_refused() -> None:
    with pytest.raises(UnauthenticatedError):
        forge.verify(issue(issuer="https://elsewhere.test"))


def test_another_key_under_the_same_name_is_refused() -> None:
    other = keys.read_signing_key(keys.generate().private)
    with pytest.raises(UnauthenticatedError):
        forge.verify(issue(key=other._replace(key_id=forge.SIGNING_KEY.key_id)))


def test_a_key_that_is_not_published_is_refused() -> None:
    with pytest.raises(UnauthenticatedError):
        tokens.verify(issue(), keys={}, issuer=forge.ISSUER)


def test_of_several_published_keys_the_named_one_verifies() -> None:
    others = keys.read_public_keys(keys.generate().public)
    assert tokens.verify(issue(), keys=others | forge.PUBLIC_KEYS, issuer=forge.ISSUER) == a_caller()


# One second on either side of the leeway is left out: the clock goes on between making and verifying.
@pytest.mark.parametrize("seconds", [-61, -45, -31, -30])
def test_a_token_that_expired_before_the_leeway_is_refused(seconds: int) -> None:
    now = int(time.time())
    with pytest.raises(UnauthenticatedError):
        forge.verify(forge.signed(payload=forge.claims(exp=now + seconds, iat=now - 600)))


@pytest.mark.parametrize("seconds", [-28, -15, -1, 0, 1, 15, 30, 61])
def test_a_token_is_good_until_the_leeway_after_its_expiry(seconds: int) -> None:
    now = int(time.time())
    assert forge.verify(forge.signed(payload=forge.claims(exp=now + seconds, iat=now - 600)))


@pytest.mark.parametrize("seconds", [-61, -30, -1, 0, 1, 15, 29])
def test_a_token_from_a_clock_slightly_ahead_is_good(seconds: int) -> None:
    assert forge.verify(forge.signed(payload=forge.claims(iat=int(time.time()) + seconds)))


@pytest.mark.parametrize("seconds", [32, 45, 61, 3000])
def test_a_token_from_the_future_is_refused(seconds: int) -> None:
    with pytest.raises(UnauthenticatedError):
        forge.verify(forge.signed(payload=forge.claims(iat=int(time.time()) + seconds)))


def test_a_token_may_live_for_a_day() -> None:
    now = int(time.time())
    assert forge.verify(forge.signed(payload=forge.claims(iat=now, exp=now + 86_400)))


@pytest.mark.parametrize("life_seconds", [86_401, 10**9, 0, -10])
def test_a_token_that_lives_longer_than_a_day_or_not_at_all_is_refused(life_seconds: int) -> None:
    now = int(time.time())
    with pytest.raises(UnauthenticatedError):
        forge.verify(forge.signed(payload=forge.claims(iat=now, exp=now + life_seconds)))


@pytest.mark.parametrize("length", [4097, 1_000_000])
def test_a_token_that_is_too_long_is_refused_without_reading_it(length: int) -> None:
    token = forge.signed(payload=forge.claims(jti="x" * length))
    started = time.thread_time()  # of the processor, which a busy machine gives to others meanwhile
    with pytest.raises(UnauthenticatedError):
        forge.verify(token)
    assert time.thread_time() - started < 0.01
