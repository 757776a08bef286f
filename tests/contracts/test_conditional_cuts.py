"""Two writers on one version while COMMITs are cut: one wins at most, and nobody is told to have won who has not."""

import random
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import urlsplit

import pytest
from roster.errors import StaleVersionError
from roster.infrastructure import commits
from roster.infrastructure.database import Database
from roster.orders.models import OrderStatus
from roster.orders.postgres import PostgresOrders
from roster.orders.repository import IllegalTransitionError
from roster.users.postgres import PostgresUsers
from roster.users.repository import NewValues

from tests import environment
from tests.builders import a_new_order, a_new_user
from tests.fault_proxy import FaultProxy, fault_proxy
from tests.racing import race
from tests.servers import at_port, past_pooler

pytestmark = pytest.mark.integration

ROUNDS = 15
WRITERS = 4
CHANCE = random.Random(6)
_WISHES: tuple[OrderStatus, ...] = ("paid", "cancelled")


@pytest.fixture
def proxy(emptied_database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultProxy]:
    environment.set_up(monkeypatch)
    with fault_proxy(urlsplit(past_pooler(emptied_database_url)).port) as proxy:
        yield proxy


@pytest.fixture
def database(emptied_database_url: str, proxy: FaultProxy) -> Iterator[Database]:
    database = Database(at_port(emptied_database_url, proxy.port), pool_max=WRITERS, idle_seconds=30)
    yield database
    database.close()


def winners(proxy: FaultProxy, write: Callable[[int], object]) -> list[int]:
    """Let writers race while one of their COMMITs is cut, and return who was told to have won."""

    def told(number: int) -> bool:
        try:
            write(number)
        except (StaleVersionError, IllegalTransitionError):
            return False
        return True

    proxy.cut_at(b"COMMIT", occurrence=1, hands_on=CHANCE.random() < 0.5)
    return [number for number, has_won in enumerate(race(WRITERS, told)) if has_won]


def test_of_many_changes_to_one_version_of_a_user_one_wins_whatever_becomes_of_its_commit(
    database: Database, proxy: FaultProxy
) -> None:
    users = PostgresUsers(lambda: database)
    user = users.add(a_new_user())
    for version in range(1, ROUNDS + 1):
        won = winners(
            proxy,
            lambda number, version=version: users.change(  # type: ignore[misc]
                user.id, NewValues(name=f"Ada {version} {number}"), frozenset({version})
            ),
        )
        found = users.find(user.id)
        assert found
        assert (found.version, [found.name]) == (version + 1, [f"Ada {version} {number}" for number in won])


def test_of_many_transitions_of_one_version_of_an_order_one_wins_whatever_becomes_of_its_commit(
    database: Database, proxy: FaultProxy
) -> None:
    orders = PostgresOrders(lambda: database)
    ada = PostgresUsers(lambda: database).add(a_new_user()).id
    for _ in range(ROUNDS):
        order_id = orders.add(a_new_order(ada)).id
        won = winners(proxy, partial(wish, orders, ada, order_id))
        found = orders.find(ada, order_id)
        assert found
        assert (found.version, [found.status]) == (2, [_WISHES[number % 2] for number in won])


def wish(orders: PostgresOrders, user_id: int, order_id: int, number: int) -> None:
    orders.change(user_id, order_id, _WISHES[number % 2], frozenset({1}))


@pytest.mark.parametrize("verdict", [True, False], ids=["taken for committed", "done again blindly"])
def test_whoever_does_not_ask_is_found_out(
    verdict: bool, database: Database, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "is_committed", lambda mark, lend: verdict)
    with pytest.raises(AssertionError):
        test_of_many_changes_to_one_version_of_a_user_one_wins_whatever_becomes_of_its_commit(database, proxy)
