"""The rules of logging in in two steps: what a code has to be, and how often somebody may guess."""

from datetime import timedelta
from typing import NamedTuple

import pytest
from roster.auth import passwords
from roster.auth.repository import BLOCK_SECONDS, Account
from roster.errors import OutcomeUnknownError, UnavailableError
from roster.infrastructure import sealing
from roster.infrastructure.sealing import SealError
from roster.second_factors import recovery_codes
from roster.second_factors.codes import Codes
from roster.second_factors.enrolments import Enrolments
from roster.second_factors.repository import Proof
from roster.second_steps.repository import LIFE_SECONDS, InvalidChallengeError, WrongCodeError
from roster.second_steps.service import SecondStepService

from tests import environment
from tests.builders import PASSWORD, a_caller, a_new_user
from tests.fake_second_factors import FakeSecondFactors, FakeSecondSteps
from tests.fakes import FakeAccounts, FakeLoginFailures, FakeUsers
from tests.sealing_keys import KEYS, joined
from tests.second_factors import NOON, Authenticator, Clock, codes_on
from tests.unit.counting_hasher import CountingHasher

ADA = a_caller(user_id=1)


class Login(NamedTuple):
    """Ada's authenticator, confirmed two steps ago, her recovery codes, and all that judges them."""

    authenticator: Authenticator
    recovery_codes: list[str]
    clock: Clock
    users: FakeUsers
    failures: FakeLoginFailures
    steps: FakeSecondSteps

    def service(self, codes: Codes | None = None) -> SecondStepService:
        return SecondStepService(self.steps, codes or codes_on(self.users.tables, self.clock, self.failures))

    def begun(self) -> str:
        return self.service().begin(self.account()).second_factor.challenge

    def account(self) -> Account:
        account = FakeAccounts(self.users.tables).find(1)
        assert account is not None
        return account

    def finished(self, code: str, challenge: str | None = None, codes: Codes | None = None) -> bool:
        """Return whether that code finishes that login, or one that has just begun."""
        try:
            waiting = self.service(codes).finish(challenge or self.begun(), code)
        except WrongCodeError:
            return False
        return waiting.factor.user_id == 1


@pytest.fixture
def login(hasher: CountingHasher) -> Login:
    users, clock = FakeUsers(), Clock()
    users.add(a_new_user(password_hash=passwords.hashed(PASSWORD)))
    failures = FakeLoginFailures(users.tables)
    factors = FakeSecondFactors(users.tables)
    codes = codes_on(users.tables, clock, failures)
    service = Enrolments(factors, FakeAccounts(users.tables), codes, "Roster")
    authenticator = Authenticator(service.enrol(PASSWORD, ADA).secret, clock)
    recovery = service.confirm(authenticator.code(), ADA).recovery_codes
    clock.now_seconds += 60
    return Login(authenticator, recovery, clock, users, failures, FakeSecondSteps(users.tables))


def test_a_challenge_is_opaque_random_and_kept_as_a_hash(login: Login) -> None:
    answers = [login.service().begin(login.account()).second_factor for _ in range(20)]
    assert len({answer.challenge for answer in answers}) == 20
    assert {len(answer.challenge) for answer in answers} == {43}, "256 bits"
    assert {(answer.expires_in, answer.methods) for answer in answers} == {(LIFE_SECONDS, ("totp", "recovery_code"))}
    assert all(answer.challenge.encode() not in login.steps._steps for answer in answers)


@pytest.mark.parametrize("steps_ahead", [-1, 0, 1])
def test_the_code_of_now_and_those_beside_it_are_right(login: Login, steps_ahead: int) -> None:
    assert login.finished(login.authenticator.code(steps_ahead))


def test_a_code_may_be_typed_in_groups(login: Login) -> None:
    code = login.authenticator.code()
    assert login.finished(f" {code[:3]} {code[3:]} ")


@pytest.mark.parametrize("steps_ahead", [-20, -2, 2, 20])
def test_a_code_of_another_time_is_wrong(login: Login, steps_ahead: int) -> None:
    assert not login.finished(login.authenticator.code(steps_ahead))


@pytest.mark.parametrize("code", ["", "x", "12345", "1234567", "7QK2-M0XD-91AB-CDEF", "0" * 64])
def test_what_was_never_a_code_is_wrong(login: Login, code: str) -> None:
    assert not login.finished(code)


def test_no_code_is_right_twice_nor_an_earlier_one_after_it(login: Login) -> None:
    assert login.finished(login.authenticator.code())
    assert not login.finished(login.authenticator.code())
    assert not login.finished(login.authenticator.code(-1))
    assert login.finished(login.authenticator.code(1))
    login.clock.now_seconds += 30
    assert not login.finished(login.authenticator.code())


def test_a_recovery_code_is_right_once(login: Login) -> None:
    for code in login.recovery_codes:
        assert login.finished(code.lower())
        assert not login.finished(code)
    assert login.users.tables.rows[1].factor
    assert login.users.tables.rows[1].factor.code_hashes == set()


@pytest.mark.parametrize("skew", [-30, -15, 15, 30])
def test_environments_whose_clocks_differ_accept_a_code_once_all_together(login: Login, skew: int) -> None:
    skewed = Clock()
    skewed.now_seconds = login.clock.now_seconds + skew
    elsewhere = codes_on(login.users.tables, skewed, login.failures)
    assert login.finished(login.authenticator.code(), codes=elsewhere)
    assert not login.finished(login.authenticator.code())
    login.clock.now_seconds += 30
    assert login.finished(login.authenticator.code())


def test_a_clock_that_went_back_revives_no_code(login: Login) -> None:
    code = login.authenticator.code()
    assert login.finished(code)
    login.clock.now_seconds -= 3600
    assert not login.finished(code)
    assert not login.finished(login.authenticator.code())


@pytest.mark.parametrize("challenge", ["", "x", "A" * 43, "é" * 43])
def test_an_unknown_challenge_is_told_apart_from_a_wrong_code(login: Login, challenge: str) -> None:
    with pytest.raises(InvalidChallengeError):
        login.service().finish(challenge, login.authenticator.code())
    assert login.finished(login.authenticator.code()), "the code is as good as before"


def test_a_challenge_is_good_for_one_login(login: Login) -> None:
    challenge = login.begun()
    assert login.finished(login.authenticator.code(), challenge)
    with pytest.raises(InvalidChallengeError):
        login.service().finish(challenge, login.recovery_codes[0])
    assert login.finished(login.recovery_codes[0])


def test_a_challenge_takes_five_codes(login: Login) -> None:
    challenge = login.begun()
    assert [login.finished(login.authenticator.wrong_code(), challenge) for _ in range(5)] == [False] * 5
    with pytest.raises(InvalidChallengeError):
        login.service().finish(challenge, login.authenticator.code())


def test_who_guesses_is_blocked_and_no_code_is_used_up_meanwhile(login: Login) -> None:
    for _ in range(BLOCK_SECONDS.index(1) + 1):
        assert not login.finished(login.authenticator.wrong_code())
    assert not login.finished(login.authenticator.code())
    assert not login.finished(login.recovery_codes[0])
    login.failures.age_seconds += 2
    assert login.finished(login.authenticator.code())
    assert login.finished(login.recovery_codes[0])


def test_a_right_code_ends_the_row_of_wrong_ones(login: Login) -> None:
    for steps_ahead in (-1, 0, 1):
        for _ in range(BLOCK_SECONDS.index(1)):
            assert not login.finished(login.authenticator.wrong_code())
        assert login.finished(login.authenticator.code(steps_ahead))


def test_wrong_codes_block_no_password_and_wrong_passwords_no_code(login: Login) -> None:
    for _ in range(10):
        login.finished(login.authenticator.wrong_code())
    assert login.failures.settle("ada@example.com", is_right=True)


def test_a_login_with_the_password_before_ends_with_a_new_one(login: Login) -> None:
    challenge = login.begun()
    login.users.tables.rows[1].password_changed_at += timedelta(seconds=1)
    with pytest.raises(InvalidChallengeError):
        login.service().finish(challenge, login.authenticator.code())


def test_without_its_key_a_factor_answers_to_recovery_codes_only(login: Login) -> None:
    keyless = Codes(FakeSecondFactors(login.users.tables), login.failures, None, login.clock)
    with pytest.raises(SealError):
        login.finished(login.authenticator.code(), codes=keyless)
    assert login.finished(login.recovery_codes[0], codes=keyless)


def test_a_secret_moved_to_another_user_does_not_open(login: Login) -> None:
    bob = login.users.add(a_new_user(email="bob@example.com")).id
    login.users.tables.rows[bob].factor = login.users.tables.rows[1].factor
    codes = codes_on(login.users.tables, login.clock, login.failures)
    factor = FakeSecondFactors(login.users.tables).find(bob)
    assert factor is not None
    with pytest.raises(SealError):
        codes.attempt(factor, login.authenticator.code(), lambda proof: True)


def test_a_login_succeeds_though_the_secret_cannot_be_resealed(
    login: Login, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sealer = sealing.read(joined(sealing.generate(), KEYS))
    codes = codes_on(login.users.tables, login.clock, login.failures, sealer)

    def fail(*_: object) -> bool:
        raise UnavailableError

    monkeypatch.setattr(codes._factors, "reseal", fail)
    assert login.finished(login.authenticator.code(), codes=codes)
    lines = environment.lines_of(capsys.readouterr().out)
    assert [line["ResealFailed"] for line in lines if "ResealFailed" in line] == [1]


def test_a_code_whose_use_has_an_unknown_outcome_is_not_taken_for_right(
    login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(token_hash: bytes, user_id: int, proof: Proof) -> bool:
        raise OutcomeUnknownError

    monkeypatch.setattr(login.steps, "finish", fail)
    with pytest.raises(OutcomeUnknownError):
        login.finished(login.authenticator.code())


def test_each_second_step_that_fails_is_counted(login: Login, capsys: pytest.CaptureFixture[str]) -> None:
    login.finished(login.authenticator.wrong_code())
    login.finished(login.authenticator.code())
    lines = environment.lines_of(capsys.readouterr().out)
    assert [line["SecondStepFailures"] for line in lines] == [1]


def test_a_guess_costs_the_same_whatever_kind_of_code_it_is_and_reaches_no_factor(login: Login) -> None:
    calls = []
    for code in (login.authenticator.wrong_code(), recovery_codes.make()[0]):
        challenge = login.begun()
        login.users.tables.calls.clear()
        assert not login.finished(code, challenge)
        calls.append([call for call in login.users.tables.calls if call != "second_steps.finish"])
    assert calls == [["second_steps.take_try", "login_failures.settle"]] * 2


def test_noon_is_when_a_step_begins() -> None:
    assert NOON % 30 == 0
