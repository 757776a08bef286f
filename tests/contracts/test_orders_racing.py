"""The contract of `Orders`: many at once."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from roster.audit.models import Filters
from roster.errors import RosterError, StaleVersionError
from roster.infrastructure.database import Database
from roster.orders import statements
from roster.orders.models import OrderStatus
from roster.orders.postgres import PostgresOrders
from roster.orders.repository import IllegalTransitionError
from roster.users.postgres import PostgresUsers
from roster.users.repository import UserNotFoundError

from tests.builders import a_new_order, a_new_user, an_item
from tests.contracts.conftest import Stores
from tests.racing import race
from tests.servers import connected, execute

WRITERS = 32


def test_of_many_transitions_from_one_status_one_wins(stores: Stores) -> None:
    ada = stores.users.add(a_new_user()).id
    order = stores.orders.add(a_new_order(ada))
    wishes: list[OrderStatus] = ["paid", "cancelled"]

    def move(number: int) -> str | type[RosterError]:
        try:
            return stores.orders.change(ada, order.id, wishes[number % 2]).status
        except IllegalTransitionError as error:
            return type(error)

    outcomes = Counter(race(WRITERS, move))
    assert outcomes.pop(IllegalTransitionError) == WRITERS - 1
    found = stores.orders.find(ada, order.id)
    assert found
    assert (Counter([found.status]), found.version) == (outcomes, 2)
    actions = [event.action for event in stores.trail.page(Filters(subject_id=ada), None, 100)]
    assert Counter(actions)["order.changed"] == 1


def test_of_many_transitions_of_one_version_one_wins_and_the_others_are_stale(stores: Stores) -> None:
    ada = stores.users.add(a_new_user()).id
    order = stores.orders.add(a_new_order(ada))

    def pay(_: int) -> str:
        try:
            return stores.orders.change(ada, order.id, "paid", frozenset({1})).status
        except StaleVersionError:
            return "stale"

    assert Counter(race(WRITERS, pay)) == {"paid": 1, "stale": WRITERS - 1}


def test_many_orders_at_once_are_all_taken_and_whole(stores: Stores) -> None:
    ada = stores.users.add(a_new_user()).id
    items = [[an_item(f"{number}-{line}", number + 1, line) for line in range(5)] for number in range(WRITERS)]
    added = race(WRITERS, lambda number: stores.orders.add(a_new_order(ada, *items[number])))
    assert len({order.id for order in added}) == WRITERS
    assert [order.items for order in added] == items
    assert [stores.orders.find(ada, order.id) for order in added] == added


def test_who_orders_and_who_erases_are_one_after_the_other(stores: Stores) -> None:
    for round_number in range(10):
        ada = stores.users.add(a_new_user(f"ada{round_number}@example.com")).id

        def write(number: int, ada: int = ada) -> str:
            if number == 0:
                stores.users.remove(ada)
                return "erased"
            try:
                return f"order {stores.orders.add(a_new_order(ada)).id}"
            except UserNotFoundError:
                return "refused"

        outcomes = race(8, write)
        told = stores.trail.page(Filters(subject_id=ada), None, 100)[::-1]
        actions = [event.action for event in told]
        assert actions.count("order.created") == sum(outcome.startswith("order") for outcome in outcomes)
        assert "order.created" not in actions[actions.index("user.erased") :]


def orders_while_erased(url: str, patch: pytest.MonkeyPatch | None = None) -> bool:
    """Return whether an order gets in whose user is erased by a transaction that commits meanwhile."""
    if patch:
        patch.setattr(statements, "ADD", statements.ADD.replace("FOR SHARE", ""))
    database = Database(url, pool_max=2, idle_seconds=30)
    ada = PostgresUsers(lambda: database).add(a_new_user()).id
    with connected(url) as other, ThreadPoolExecutor(1) as pool:
        cursor = other.cursor()
        cursor.execute("BEGIN")
        nothing = "email = NULL, email_canonical = NULL, name = NULL, name_folded = NULL"
        cursor.execute(f"UPDATE users SET {nothing}, erased_at = now() WHERE id = %s", [ada])
        ordering = pool.submit(PostgresOrders(lambda: database).add, a_new_order(ada))
        until_somebody_waits(url)
        assert not ordering.done(), "it waits"
        cursor.execute("COMMIT")
        is_in = ordering.exception() is None
        assert is_in or isinstance(ordering.exception(), UserNotFoundError)
    database.close()
    return is_in


def until_somebody_waits(url: str) -> None:
    """Return when a statement in this database waits for the lock of another; fail if none does."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    ends_at = time.monotonic() + 10
    while execute(url, waiting) == [(0,)]:
        assert time.monotonic() < ends_at, "nobody waits"
        time.sleep(0.01)


@pytest.mark.integration
def test_who_orders_waits_for_who_erases_and_then_finds_nobody(emptied_database_url: str) -> None:
    assert not orders_while_erased(emptied_database_url)


@pytest.mark.integration
def test_an_order_that_takes_no_lock_is_found(emptied_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert orders_while_erased(emptied_database_url, monkeypatch)
