"""The contract of `Users`: many writers at once."""

from collections import Counter

from roster.errors import RosterError, StaleVersionError
from roster.users.listing import Listing
from roster.users.repository import EmailTakenError, NewValues, UserNotFoundError, Users

from tests.builders import a_new_user
from tests.racing import race

WRITERS = 32


def test_of_many_changes_to_one_version_one_wins(users: Users) -> None:
    user = users.add(a_new_user())

    def change(number: int) -> str | type[RosterError]:
        try:
            return users.change(user.id, NewValues(name=f"Ada {number}"), frozenset({user.version})).name
        except StaleVersionError as error:
            return type(error)

    outcomes = Counter(race(WRITERS, change))
    assert outcomes.pop(StaleVersionError) == WRITERS - 1
    found = users.find(user.id)
    assert found is not None
    assert (Counter([found.name]), found.version) == (outcomes, 2)


def test_no_change_without_a_version_is_lost(users: Users) -> None:
    user = users.add(a_new_user())
    versions = race(WRITERS, lambda number: users.change(user.id, NewValues(name=f"Ada {number}")).version)
    assert sorted(versions) == list(range(2, WRITERS + 2))


def test_of_many_who_want_one_address_one_gets_it(users: Users) -> None:
    def add(number: int) -> int:
        try:
            return users.add(a_new_user(email="ada@example.com", name=f"Ada {number}")).id
        except EmailTakenError:
            return 0

    ids = [user_id for user_id in race(WRITERS, add) if user_id]
    assert ids == [user.id for user in users.page(Listing(100)).users]
    assert len(ids) == 1


def test_who_erases_a_version_wins_over_all_changes_to_it_or_loses_to_one(users: Users) -> None:
    user = users.add(a_new_user())

    def write(number: int) -> str:
        try:
            if number == 0:
                users.remove(user.id, frozenset({1}))
                return "erased"
            users.change(user.id, NewValues(name=f"Ada {number}"), frozenset({1}))
        except (StaleVersionError, UserNotFoundError):
            return "refused"
        return "changed"

    outcomes = Counter(race(WRITERS, write))
    assert outcomes["refused"] == WRITERS - 1
    assert (users.find(user.id) is None) == (outcomes["erased"] == 1)
