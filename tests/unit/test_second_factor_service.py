"""The rules of enrolling, confirming and disabling a second factor."""

from urllib.parse import parse_qs, urlsplit

import pytest
from roster.auth import passwords
from roster.auth.repository import BLOCK_SECONDS
from roster.errors import InvalidInputError, NotAllowedError, UnauthenticatedError
from roster.infrastructure import sealing
from roster.second_factors.codes import Codes
from roster.second_factors.enrolments import Enrolments
from roster.second_factors.models import SecondFactor
from roster.second_factors.repository import (
    PasswordNeedsSecondFactorError,
    SecondFactorChangedMeanwhileError,
    SecondFactorExistsError,
    SecondFactorNotFoundError,
    SecondFactorsOffError,
)
from roster.second_factors.service import SecondFactorService

from tests.builders import PASSWORD, a_caller, a_new_user, an_admin
from tests.fake_second_factors import FakeSecondFactors
from tests.fakes import FakeAccounts, FakeLoginFailures, FakeUsers
from tests.sealing_keys import KEYS, joined
from tests.second_factors import Authenticator, Clock, codes_on
from tests.unit.counting_hasher import CountingHasher

ADA = a_caller(user_id=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def users(hasher: CountingHasher) -> FakeUsers:
    users = FakeUsers()
    users.add(a_new_user(password_hash=passwords.hashed(PASSWORD)))
    return users


@pytest.fixture
def service(users: FakeUsers, clock: Clock) -> Enrolments:
    return a_service(users, codes_on(users.tables, clock))


@pytest.fixture
def ada(service: Enrolments, clock: Clock) -> Authenticator:
    """Enrol Ada's authenticator."""
    return Authenticator(service.enrol(PASSWORD, ADA).secret, clock)


@pytest.fixture
def recovery_codes(service: Enrolments, ada: Authenticator, clock: Clock) -> list[str]:
    """Confirm it, a step ago."""
    codes = service.confirm(ada.code(), ADA).recovery_codes
    clock.now_seconds += 30
    return codes


def a_service(users: FakeUsers, codes: Codes) -> Enrolments:
    return Enrolments(FakeSecondFactors(users.tables), FakeAccounts(users.tables), codes, "Roster")


def looking(service: Enrolments) -> SecondFactorService:
    """Return what shows and removes the same factors."""
    return SecondFactorService(service._factors)


def test_nobody_has_a_second_factor_until_it_is_confirmed(service: Enrolments, ada: Authenticator) -> None:
    assert looking(service).get(ADA) == looking(service).get(a_caller(user_id=2)) == SecondFactor(False, None, 0)
    service.confirm(ada.code(), ADA)
    factor = looking(service).get(ADA)
    assert (factor.enabled, factor.recovery_codes_left) == (True, 10)
    assert factor.confirmed_at is not None


def test_the_uri_leads_an_authenticator_to_the_secret_and_names_the_account(service: Enrolments) -> None:
    enrolment = service.enrol(PASSWORD, ADA)
    assert urlsplit(enrolment.provisioning_uri).path == "/Roster:ada@example.com"
    assert parse_qs(urlsplit(enrolment.provisioning_uri).query)["secret"] == [enrolment.secret]


def test_the_secret_is_kept_sealed(service: Enrolments, users: FakeUsers) -> None:
    enrolment = service.enrol(PASSWORD, ADA)
    factor = users.tables.rows[1].factor
    assert factor is not None
    assert Authenticator(enrolment.secret, Clock())._secret not in factor.secret.data


def test_enrolling_again_makes_another_secret_the_one_to_confirm(
    service: Enrolments, ada: Authenticator, clock: Clock
) -> None:
    again = Authenticator(service.enrol(PASSWORD, ADA).secret, clock)
    with pytest.raises(InvalidInputError):
        service.confirm(ada.code(), ADA)
    assert service.confirm(again.code(), ADA)


def test_nobody_enrols_without_the_password(service: Enrolments, hasher: CountingHasher) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        service.enrol("wrong", ADA)
    assert refusal.value.problems[0][:2] == ("body.current_password", "wrong_password")
    with pytest.raises(UnauthenticatedError):
        service.enrol(PASSWORD, a_caller(user_id=999))


def test_who_was_blocked_and_begins_anew_is_not_blocked_any_more(
    service: Enrolments, ada: Authenticator, clock: Clock
) -> None:
    for _ in range(BLOCK_SECONDS.index(1) + 1):
        with pytest.raises(InvalidInputError):
            service.confirm(ada.wrong_code(), ADA)
    with pytest.raises(InvalidInputError):
        service.confirm(ada.code(), ADA)
    again = Authenticator(service.enrol(PASSWORD, ADA).secret, clock)
    assert service.confirm(again.code(), ADA)


def test_nobody_enrols_beside_a_confirmed_factor(service: Enrolments, recovery_codes: list[str]) -> None:
    with pytest.raises(SecondFactorExistsError):
        service.enrol(PASSWORD, ADA)


def test_without_a_key_nobody_enrols_and_nothing_is_asked(users: FakeUsers, hasher: CountingHasher) -> None:
    codes = Codes(FakeSecondFactors(users.tables), FakeLoginFailures(users.tables), None)
    hasher.hashes = 0
    with pytest.raises(SecondFactorsOffError):
        a_service(users, codes).enrol(PASSWORD, ADA)
    assert hasher.hashes == 0


def test_only_a_code_of_the_authenticator_confirms(service: Enrolments, ada: Authenticator) -> None:
    for code in (ada.wrong_code(), "", "7QK2-M0XD-91AB-CDEF", ada.code(2)):
        with pytest.raises(InvalidInputError) as refusal:
            service.confirm(code, ADA)
        assert refusal.value.problems[0][:2] == ("body.code", "wrong_code")
    assert not looking(service).get(ADA).enabled


def test_there_has_to_be_something_to_confirm(service: Enrolments, recovery_codes: list[str]) -> None:
    with pytest.raises(SecondFactorExistsError):
        service.confirm("123456", ADA)
    with pytest.raises(SecondFactorNotFoundError):
        service.confirm("123456", a_caller(user_id=2))


def test_who_loses_the_race_to_confirm_is_told(
    users: FakeUsers, clock: Clock, service: Enrolments, ada: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    factors = FakeSecondFactors(users.tables)
    rival = Enrolments(factors, FakeAccounts(users.tables), codes_on(users.tables, clock), "Roster")
    find = factors.find

    def find_and_lose(user_id: int) -> object:
        found = find(user_id)
        service.confirm(ada.code(), ADA)
        return found

    monkeypatch.setattr(factors, "find", find_and_lose)
    with pytest.raises(SecondFactorChangedMeanwhileError):
        rival.confirm(ada.code(), ADA)


def test_the_code_that_confirmed_is_used(service: Enrolments, ada: Authenticator) -> None:
    code = ada.code()
    service.confirm(code, ADA)
    with pytest.raises(InvalidInputError):
        service.renew_codes(code, ADA)


@pytest.mark.parametrize("by", ["totp", "recovery code"])
def test_new_recovery_codes_void_the_old_ones(
    service: Enrolments, ada: Authenticator, recovery_codes: list[str], by: str
) -> None:
    new = service.renew_codes(ada.code() if by == "totp" else recovery_codes[0], ADA).recovery_codes
    assert looking(service).get(ADA).recovery_codes_left == 10
    for code in recovery_codes[1:3]:
        with pytest.raises(InvalidInputError):
            service.renew_codes(code, ADA)
    assert service.renew_codes(new[0].lower().replace("-", " "), ADA)


@pytest.mark.parametrize("by", ["totp", "recovery code"])
def test_a_factor_is_disabled_by_password_and_code(
    service: Enrolments, ada: Authenticator, recovery_codes: list[str], by: str
) -> None:
    code = ada.code() if by == "totp" else recovery_codes[0]
    with pytest.raises(InvalidInputError):
        service.disable("wrong", code, ADA)
    with pytest.raises(InvalidInputError):
        service.disable(PASSWORD, ada.wrong_code(), ADA)
    assert looking(service).get(ADA).enabled
    service.disable(PASSWORD, code, ADA)
    assert not looking(service).get(ADA).enabled
    assert service.enrol(PASSWORD, ADA)


def test_a_factor_that_a_short_password_needs_is_not_disabled(
    service: Enrolments, ada: Authenticator, recovery_codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSWORD_LENGTH_MIN", str(len(PASSWORD) + 1))
    monkeypatch.setenv("PASSWORD_LENGTH_MIN_WITH_SECOND_FACTOR", "8")
    with pytest.raises(PasswordNeedsSecondFactorError):
        service.disable(PASSWORD, ada.code(), ADA)
    monkeypatch.setenv("PASSWORD_LENGTH_MIN", str(len(PASSWORD)))
    service.disable(PASSWORD, ada.code(), ADA)


@pytest.mark.parametrize("is_enrolled", [True, False])
def test_what_is_not_confirmed_is_neither_renewed_nor_disabled(
    service: Enrolments, clock: Clock, is_enrolled: bool
) -> None:
    code = Authenticator(service.enrol(PASSWORD, ADA).secret, clock).code() if is_enrolled else "123456"
    with pytest.raises(SecondFactorNotFoundError):
        service.renew_codes(code, ADA)
    with pytest.raises(SecondFactorNotFoundError):
        service.disable(PASSWORD, code, ADA)


def test_an_admin_takes_the_factor_from_who_lost_it(service: Enrolments, recovery_codes: list[str]) -> None:
    looking(service).remove(1, an_admin())
    assert not looking(service).get(ADA).enabled
    with pytest.raises(SecondFactorNotFoundError):
        looking(service).remove(1, an_admin())


@pytest.mark.parametrize("caller", [ADA, a_caller(user_id=2), an_admin(user_id=1)])
def test_nobody_else_does_and_no_admin_their_own(
    service: Enrolments, users: FakeUsers, recovery_codes: list[str], caller: object
) -> None:
    users.tables.calls.clear()
    with pytest.raises(NotAllowedError):
        looking(service).remove(1, caller)  # type: ignore[arg-type]
    assert users.tables.calls == []


def test_after_a_rotation_the_next_right_code_reseals_the_secret(
    users: FakeUsers, clock: Clock, service: Enrolments, ada: Authenticator, recovery_codes: list[str]
) -> None:
    new = sealing.generate()
    both = sealing.read(joined(new, KEYS))
    rotated = a_service(users, codes_on(users.tables, clock, sealer=both))
    assert rotated.renew_codes(ada.code(), ADA)
    clock.now_seconds += 30
    only_new = a_service(users, codes_on(users.tables, clock, sealer=sealing.read(new)))
    assert only_new.renew_codes(ada.code(), ADA)
