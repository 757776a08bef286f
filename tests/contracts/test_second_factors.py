"""The contract of `SecondFactors`."""

from datetime import UTC, datetime

import pytest
from roster.audit.models import Filters
from roster.infrastructure.database import Database
from roster.infrastructure.sealed import Sealed
from roster.links.models import Owner
from roster.links.postgres import PostgresAddressees, PostgresLinks
from roster.mail.postgres import PostgresOutbox
from roster.second_factors.postgres import PostgresSecondFactors
from roster.second_factors.repository import Factor, Proof
from roster.users.postgres import PostgresUsers

from tests.builders import a_new_user
from tests.contracts.conftest import Stores
from tests.racing import race

FIRST, SECOND = Sealed("k1", b"first secret"), Sealed("k2", b"second secret")
CODES = [bytes([number]) * 32 for number in range(10)]
NEW_CODES = [bytes([number]) * 32 for number in range(10, 20)]


@pytest.fixture
def ada(stores: Stores) -> int:
    return stores.users.add(a_new_user()).id


@pytest.fixture
def enrolled(stores: Stores, ada: int) -> Factor:
    assert stores.factors.enrol(ada, FIRST)
    return found(stores, ada)


@pytest.fixture
def confirmed(stores: Stores, ada: int, enrolled: Factor) -> Factor:
    assert stores.factors.confirm(enrolled, 100, CODES)
    return found(stores, ada)


def found(stores: Stores, user_id: int) -> Factor:
    factor = stores.factors.find(user_id)
    assert factor is not None
    return factor


def test_nobody_has_a_factor_at_first(stores: Stores, ada: int) -> None:
    assert stores.factors.find(ada) is None
    assert not has_one(stores, ada)
    assert not stores.factors.remove(ada)


def test_an_enrolled_factor_is_not_confirmed(stores: Stores, ada: int, enrolled: Factor) -> None:
    assert enrolled == Factor(ada, FIRST, None, 0)
    assert not has_one(stores, ada)


def test_enrolling_again_replaces_what_was_not_confirmed(stores: Stores, ada: int, enrolled: Factor) -> None:
    assert stores.factors.enrol(ada, SECOND)
    assert found(stores, ada).secret == SECOND
    assert not stores.factors.confirm(enrolled, 100, CODES), "it is another one now"
    assert not has_one(stores, ada)


def test_a_confirmed_factor_has_its_codes_and_is_asked_for(stores: Stores, ada: int, confirmed: Factor) -> None:
    assert (confirmed.secret, confirmed.codes_left) == (FIRST, 10)
    assert confirmed.confirmed_at is not None
    assert abs((datetime.now(UTC) - confirmed.confirmed_at).total_seconds()) < 60
    assert has_one(stores, ada)
    account = stores.accounts.find_by_address("ada@example.com")
    assert account is not None
    assert account.has_second_factor


def test_a_confirmed_factor_is_neither_replaced_nor_confirmed_again(
    stores: Stores, ada: int, enrolled: Factor, confirmed: Factor
) -> None:
    assert not stores.factors.enrol(ada, SECOND)
    assert not stores.factors.confirm(enrolled, 200, NEW_CODES)
    assert found(stores, ada) == confirmed
    assert stores.factors.disable(ada, Proof(step=101)), "and its steps count on from where they were"


def test_nobody_enrols_who_is_gone(stores: Stores, ada: int) -> None:
    stores.users.remove(ada)
    assert not stores.factors.enrol(ada, FIRST)
    assert not stores.factors.enrol(999, FIRST)
    assert stores.factors.find(ada) is None


@pytest.mark.parametrize("proof", [Proof(step=100), Proof(step=99), Proof(code_hash=NEW_CODES[0]), Proof()])
def test_a_proof_that_was_used_or_never_was_good_changes_nothing(
    stores: Stores, ada: int, confirmed: Factor, proof: Proof
) -> None:
    assert not stores.factors.renew_codes(ada, proof, NEW_CODES)
    assert not stores.factors.disable(ada, proof)
    assert found(stores, ada) == confirmed


@pytest.mark.parametrize("proof", [Proof(step=101), Proof(code_hash=CODES[3])])
def test_renewed_codes_take_the_place_of_the_old_ones(
    stores: Stores, ada: int, confirmed: Factor, proof: Proof
) -> None:
    assert stores.factors.renew_codes(ada, proof, NEW_CODES)
    assert found(stores, ada).codes_left == 10
    assert not stores.factors.renew_codes(ada, proof, CODES), "it is used"
    assert not stores.factors.renew_codes(ada, Proof(code_hash=CODES[4]), CODES)
    assert stores.factors.renew_codes(ada, Proof(code_hash=NEW_CODES[4]), CODES)


@pytest.mark.parametrize("proof", [Proof(step=101), Proof(code_hash=CODES[3])])
def test_a_disabled_factor_is_forgotten_with_its_codes(
    stores: Stores, ada: int, confirmed: Factor, proof: Proof
) -> None:
    assert stores.factors.disable(ada, proof)
    assert stores.factors.find(ada) is None
    assert not has_one(stores, ada)
    assert stores.factors.enrol(ada, SECOND)
    assert not stores.factors.disable(ada, Proof(code_hash=CODES[4]))
    assert found(stores, ada).codes_left == 0


def test_a_factor_that_is_not_confirmed_proves_nothing(stores: Stores, ada: int, enrolled: Factor) -> None:
    assert not stores.factors.renew_codes(ada, Proof(step=100), CODES)
    assert not stores.factors.disable(ada, Proof(step=100))
    assert found(stores, ada) == enrolled


def test_a_removed_factor_is_forgotten(stores: Stores, ada: int, confirmed: Factor) -> None:
    assert stores.factors.remove(ada)
    assert stores.factors.find(ada) is None
    assert not has_one(stores, ada)


def test_an_erased_user_leaves_no_factor(stores: Stores, ada: int, confirmed: Factor) -> None:
    stores.users.remove(ada)
    assert stores.factors.find(ada) is None
    assert not stores.factors.remove(ada)


def test_a_resealed_secret_is_the_same_factor(stores: Stores, ada: int, confirmed: Factor) -> None:
    assert stores.factors.reseal(confirmed, SECOND)
    assert found(stores, ada) == confirmed._replace(secret=SECOND)
    assert not stores.factors.reseal(confirmed, FIRST), "another request did it before"


def test_anothers_factor_is_anothers(stores: Stores, ada: int, confirmed: Factor) -> None:
    bob = stores.users.add(a_new_user(email="bob@example.com")).id
    stores.factors.enrol(bob, SECOND)
    stores.factors.confirm(found(stores, bob), 100, NEW_CODES)
    assert not stores.factors.disable(bob, Proof(code_hash=CODES[0]))
    assert stores.factors.disable(bob, Proof(code_hash=NEW_CODES[0]))
    assert found(stores, ada) == confirmed


def test_of_many_who_confirm_at_once_one_does_and_its_codes_are_the_ones(
    stores: Stores, ada: int, enrolled: Factor
) -> None:
    sets = [[bytes([number, code]) * 16 for code in range(10)] for number in range(16)]
    outcomes = race(16, lambda number: stores.factors.confirm(enrolled, 100, sets[number]))
    assert sorted(outcomes) == [False] * 15 + [True]
    assert found(stores, ada).codes_left == 10
    assert stores.factors.disable(ada, Proof(code_hash=sets[outcomes.index(True)][0]))


def test_of_many_uses_of_one_step_at_once_one_is_good(stores: Stores, ada: int, confirmed: Factor) -> None:
    outcomes = race(16, lambda _: stores.factors.renew_codes(ada, Proof(step=101), NEW_CODES))
    assert sorted(outcomes) == [False] * 15 + [True]


def test_of_many_uses_of_one_recovery_code_at_once_one_is_good(stores: Stores, ada: int, confirmed: Factor) -> None:
    outcomes = race(16, lambda _: stores.factors.renew_codes(ada, Proof(code_hash=CODES[0]), CODES[1:]))
    assert sorted(outcomes) == [False] * 15 + [True]


def test_many_different_uses_at_once_wait_for_each_other_and_not_in_a_circle(
    stores: Stores, ada: int, confirmed: Factor
) -> None:
    def use(number: int) -> bool:
        if number % 4 == 0:
            return stores.factors.renew_codes(ada, Proof(step=101 + number), CODES)
        return stores.factors.disable(ada, Proof(code_hash=NEW_CODES[0]))

    assert race(16, use).count(True) >= 1


def test_every_change_is_recorded_with_it(stores: Stores, ada: int, enrolled: Factor) -> None:
    stores.factors.confirm(enrolled, 100, CODES)
    stores.factors.confirm(enrolled, 101, CODES)
    stores.factors.renew_codes(ada, Proof(step=101), NEW_CODES)
    stores.factors.renew_codes(ada, Proof(code_hash=CODES[0]), NEW_CODES)
    stores.factors.disable(ada, Proof(code_hash=NEW_CODES[0]))
    stores.factors.remove(ada)
    stores.factors.enrol(ada, SECOND)
    stores.factors.remove(ada)
    assert recorded(stores) == [
        (ada, "second_factor.enrolled"),
        (ada, "second_factor.confirmed"),
        (ada, "recovery_codes.renewed"),
        (ada, "recovery_code.used"),
        (ada, "second_factor.disabled"),
        (ada, "second_factor.enrolled"),
        (ada, "second_factor.removed"),
    ]


@pytest.mark.integration
def test_who_resets_a_password_is_known_to_have_a_second_factor(database: Database) -> None:
    user = PostgresUsers(lambda: database).add(a_new_user())
    outbox, links = PostgresOutbox(lambda: database), PostgresLinks(lambda: database)
    outbox.add_reset("ada@example.com")
    mail, token = outbox.claim(60), bytes(32)
    assert mail
    PostgresAddressees(lambda: database).make_link(mail, token)
    factors = PostgresSecondFactors(lambda: database)
    factors.enrol(user.id, FIRST)
    assert links.find_reset(token) == Owner(user.id, user.email, user.name, has_second_factor=False)
    enrolled = factors.find(user.id)
    assert enrolled
    factors.confirm(enrolled, 100, CODES)
    assert links.find_reset(token) == Owner(user.id, user.email, user.name, has_second_factor=True)


def test_who_is_erased_while_they_enrol_leaves_nothing_behind(stores: Stores) -> None:
    for number in range(20):
        user_id = stores.users.add(a_new_user(email=f"ada{number}@example.com")).id
        race(4, lambda who, user_id=user_id: enrol_or_erase(stores, user_id, who))  # type: ignore[misc]
        assert stores.factors.find(user_id) is None


def enrol_or_erase(stores: Stores, user_id: int, who: int) -> None:
    if who == 0:
        stores.users.remove(user_id)
    else:
        stores.factors.enrol(user_id, FIRST)


def recorded(stores: Stores) -> list[tuple[int | None, str]]:
    events = reversed(stores.trail.page(Filters(), None, 100))
    return [(event.subject_id, event.action) for event in events if not event.action.startswith("user.")]


def has_one(stores: Stores, user_id: int) -> bool:
    account = stores.accounts.find(user_id)
    assert account is not None
    return account.has_second_factor
