"""The contract of `SecondSteps`."""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from roster.auth.postgres import PostgresAccounts
from roster.infrastructure.database import Database
from roster.infrastructure.sealed import Sealed
from roster.second_factors import postgres
from roster.second_factors.postgres import PostgresSecondFactors
from roster.second_factors.repository import Factor, Proof
from roster.second_steps.postgres import PostgresSecondSteps
from roster.second_steps.repository import TRIES, InvalidChallengeError, NewStep, Waiting
from roster.users.postgres import PostgresUsers
from roster.users.repository import NewValues

from tests.builders import a_new_user
from tests.contracts.conftest import Stores
from tests.racing import race

TOKEN, OTHER_TOKEN = b"t" * 32, b"o" * 32
CODES = [bytes([number]) * 32 for number in range(10)]
STEP = Proof(step=101)


@pytest.fixture
def ada(stores: Stores) -> int:
    return a_user_with_a_factor(stores)


def a_user_with_a_factor(stores: "Stores | Faulty") -> int:
    """Add a user with a confirmed factor."""
    user_id = stores.users.add(a_new_user(password_hash="old")).id
    stores.factors.enrol(user_id, Sealed("k", b"secret"))
    stores.factors.confirm(factor(stores, user_id), 100, CODES)
    return user_id


@pytest.fixture
def waiting(stores: Stores, ada: int) -> NewStep:
    return begun(stores, ada)


def begun(stores: "Stores | Faulty", user_id: int, token: bytes = TOKEN) -> NewStep:
    account = stores.accounts.find(user_id)
    assert account is not None
    new = NewStep(token, user_id, account.password_changed_at)
    stores.steps.add(new)
    return new


def factor(stores: "Stores | Faulty", user_id: int) -> Factor:
    found = stores.factors.find(user_id)
    assert found is not None
    return found


def test_a_login_waits_for_the_users_factor(stores: Stores, ada: int, waiting: NewStep) -> None:
    assert stores.steps.take_try(TOKEN) == Waiting(waiting.password_changed_at, factor(stores, ada))


def test_no_login_waits_under_any_other_name(stores: Stores, waiting: NewStep) -> None:
    assert stores.steps.take_try(OTHER_TOKEN) is None


def test_a_good_proof_ends_the_wait(stores: Stores, ada: int, waiting: NewStep) -> None:
    assert stores.steps.finish(TOKEN, ada, STEP)
    assert stores.steps.take_try(TOKEN) is None
    begun(stores, ada, OTHER_TOKEN)
    assert not stores.steps.finish(OTHER_TOKEN, ada, STEP), "a step is good once"
    assert stores.steps.finish(OTHER_TOKEN, ada, Proof(step=102))


def test_a_recovery_code_is_good_once(stores: Stores, ada: int, waiting: NewStep) -> None:
    assert stores.steps.finish(TOKEN, ada, Proof(code_hash=CODES[0]))
    assert factor(stores, ada).codes_left == 9
    begun(stores, ada, OTHER_TOKEN)
    assert not stores.steps.finish(OTHER_TOKEN, ada, Proof(code_hash=CODES[0]))


def test_a_bad_proof_leaves_the_login_waiting(stores: Stores, ada: int, waiting: NewStep) -> None:
    for proof in (Proof(step=100), Proof(code_hash=b"x" * 32), Proof()):
        assert not stores.steps.finish(TOKEN, ada, proof)
    assert stores.steps.finish(TOKEN, ada, STEP)


@pytest.mark.parametrize("proof", [STEP, Proof(code_hash=CODES[0])])
def test_a_proof_is_not_used_up_by_a_login_that_has_ended(stores: Stores, ada: int, proof: Proof) -> None:
    with pytest.raises(InvalidChallengeError):
        stores.steps.finish(TOKEN, ada, proof)
    begun(stores, ada)
    assert stores.steps.finish(TOKEN, ada, proof)


def test_nobody_ends_anothers_wait(stores: Stores, ada: int, waiting: NewStep) -> None:
    bob = stores.users.add(a_new_user(email="bob@example.com")).id
    stores.factors.enrol(bob, Sealed("k", b"secret of bob"))
    stores.factors.confirm(factor(stores, bob), 100, CODES)
    with pytest.raises(InvalidChallengeError):
        stores.steps.finish(TOKEN, bob, STEP)
    assert stores.steps.finish(TOKEN, ada, STEP)


def test_there_are_five_tries(stores: Stores, waiting: NewStep) -> None:
    assert [stores.steps.take_try(TOKEN) is not None for _ in range(7)] == [True] * 5 + [False] * 2


def test_many_tries_at_once_are_no_more_than_five(stores: Stores, waiting: NewStep) -> None:
    taken = race(32, lambda _: stores.steps.take_try(TOKEN) is not None)
    assert Counter(taken) == {True: TRIES, False: 32 - TRIES}


def test_a_user_without_a_confirmed_factor_waits_for_nothing(stores: Stores) -> None:
    bob = stores.users.add(a_new_user(email="bob@example.com")).id
    begun(stores, bob)
    assert stores.steps.take_try(TOKEN) is None
    stores.factors.enrol(bob, Sealed("k", b"secret of bob"))
    begun(stores, bob)
    assert stores.steps.take_try(TOKEN) is None


def test_a_changed_password_ends_the_wait(stores: Stores, ada: int, waiting: NewStep) -> None:
    time.sleep(0.002)  # the column counts milliseconds
    assert stores.accounts.change_password(ada, "old", "new")
    assert stores.steps.take_try(TOKEN) is None


def test_a_login_with_the_password_before_waits_for_nothing(stores: Stores, ada: int, waiting: NewStep) -> None:
    stores.steps.add(NewStep(OTHER_TOKEN, ada, waiting.password_changed_at - timedelta(seconds=1)))
    assert stores.steps.take_try(OTHER_TOKEN) is None


def test_a_renewed_hash_of_the_same_password_ends_nothing(stores: Stores, ada: int, waiting: NewStep) -> None:
    assert stores.accounts.rehash(ada, "old", "newer")
    assert stores.steps.take_try(TOKEN) is not None


def test_a_disabled_user_cannot_go_on(stores: Stores, ada: int, waiting: NewStep) -> None:
    stores.users.change(ada, NewValues(status="disabled"))
    assert stores.steps.take_try(TOKEN) is None


def test_an_erased_user_cannot_go_on(stores: Stores, ada: int, waiting: NewStep) -> None:
    stores.users.remove(ada)
    assert stores.steps.take_try(TOKEN) is None


@pytest.mark.parametrize("how", ["disable", "remove"])
def test_the_wait_ends_with_the_factor(stores: Stores, ada: int, waiting: NewStep, how: str) -> None:
    assert stores.factors.remove(ada) if how == "remove" else stores.factors.disable(ada, STEP)
    assert stores.steps.take_try(TOKEN) is None
    stores.factors.enrol(ada, Sealed("k", b"another secret"))
    stores.factors.confirm(factor(stores, ada), 100, CODES)
    assert stores.steps.take_try(TOKEN) is None
    with pytest.raises(InvalidChallengeError):
        stores.steps.finish(TOKEN, ada, STEP)


def test_a_wait_ends_by_itself(stores: Stores, ada: int, waiting: NewStep) -> None:
    short_lived = stores.steps_of(0.002)
    short_lived.add(waiting._replace(token_hash=OTHER_TOKEN))
    time.sleep(0.004)
    assert short_lived.take_try(OTHER_TOKEN) is None
    assert stores.steps.take_try(TOKEN) is not None


@pytest.mark.integration
def test_waits_that_nobody_finished_are_swept_up_when_somebody_begins(database: Database) -> None:
    stores = faulty(database, PostgresSecondSteps(lambda: database, life_seconds=0.002))
    ada = a_user_with_a_factor(stores)
    for number in range(5):
        begun(stores, ada, bytes([number]) * 32)
        time.sleep(0.004)
    assert database.fetch_one("SELECT count(*) FROM login_challenges") == (1,)


def test_of_many_who_finish_one_login_at_once_one_does(stores: Stores, ada: int, waiting: NewStep) -> None:
    def finish(number: int) -> bool | None:
        try:
            return stores.steps.finish(TOKEN, ada, Proof(code_hash=CODES[number]))
        except InvalidChallengeError:
            return None

    outcomes = Counter(race(10, finish))
    assert outcomes == {True: 1, None: 9}
    assert factor(stores, ada).codes_left == 9, "the others keep their codes"


@pytest.mark.parametrize("proof", [STEP, Proof(code_hash=CODES[0])])
def test_of_many_logins_with_one_code_at_once_one_is_finished(stores: Stores, ada: int, proof: Proof) -> None:
    tokens = [bytes([number]) * 32 for number in range(16)]
    for token in tokens:
        begun(stores, ada, token)
    assert Counter(race(16, lambda number: stores.steps.finish(tokens[number], ada, proof))) == {True: 1, False: 15}


def test_steps_are_used_in_their_order_however_many_come_at_once(stores: Stores, ada: int) -> None:
    tokens = [bytes([number]) * 32 for number in range(16)]
    for token in tokens:
        begun(stores, ada, token)
    finished = race(16, lambda number: stores.steps.finish(tokens[number], ada, Proof(step=101 + number)))
    assert finished[-1], "the latest is good whatever came before"
    assert not stores.factors.disable(ada, Proof(step=116))


def test_who_disables_and_who_logs_in_with_one_code_do_not_both(stores: Stores, ada: int, waiting: NewStep) -> None:
    def use(number: int) -> bool:
        try:
            return stores.factors.disable(ada, STEP) if number % 2 else stores.steps.finish(TOKEN, ada, STEP)
        except InvalidChallengeError:
            return False

    assert race(8, use).count(True) == 1


class CountsAfterwards(PostgresSecondSteps):
    """Looks whether tries are left, and counts them in a transaction of its own."""

    def take_try(self, token_hash: bytes) -> Waiting | None:
        row = self._database().fetch_one(
            "SELECT tries_left FROM login_challenges WHERE token_hash = %(h)s", {"h": token_hash}
        )
        if row is None or row[0] == 0:
            return None
        super().take_try(token_hash)
        return Waiting(datetime.now(UTC), Factor(1, Sealed("k", b"secret"), None, 0))


@pytest.mark.integration
def test_a_count_that_reads_first_would_be_found_out(database: Database) -> None:
    fault = faulty(database, CountsAfterwards(lambda: database))
    ada = a_user_with_a_factor(fault)
    taken = 0
    for number in range(20):
        token = bytes([number]) * 32
        begun(fault, ada, token)
        taken = max(taken, race(16, lambda _, token=token: fault.steps.take_try(token) is not None).count(True))  # type: ignore[misc]
    assert taken > TRIES


@pytest.mark.integration
def test_a_step_that_is_used_without_a_condition_would_be_found_out(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        postgres, "_USE_STEP", "UPDATE second_factors SET last_step = %(step)s WHERE user_id = %(user_id)s"
    )
    fault = faulty(database, PostgresSecondSteps(lambda: database))
    ada = a_user_with_a_factor(fault)
    tokens = [bytes([number]) * 32 for number in range(4)]
    for token in tokens:
        begun(fault, ada, token)
    assert race(4, lambda number: fault.steps.finish(tokens[number], ada, STEP)).count(True) > 1


class Faulty(NamedTuple):
    users: PostgresUsers
    accounts: PostgresAccounts
    factors: PostgresSecondFactors
    steps: PostgresSecondSteps


def faulty(database: Database, steps: PostgresSecondSteps) -> Faulty:
    return Faulty(
        PostgresUsers(lambda: database),
        PostgresAccounts(lambda: database),
        PostgresSecondFactors(lambda: database),
        steps,
    )
