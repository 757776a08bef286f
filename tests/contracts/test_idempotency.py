"""The contract of `FirstAnswers`: one effect and one answer for a request, however often it is sent."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from psycopg2.extensions import cursor as Cursor
from roster.auth import address
from roster.errors import InvalidInputError
from roster.idempotency import codec
from roster.idempotency.models import NO_KEY, Answer, IdempotencyKey, Item, Kind
from roster.idempotency.repository import LIFE_SECONDS, FirstAnswers, RequestInFlightError
from roster.infrastructure import origin
from roster.infrastructure.database import Database
from roster.infrastructure.origin import Origin
from roster.orders.models import Order, OrderItem
from roster.orders.repository import NewOrder
from roster.users.listing import Listing
from roster.users.models import User
from roster.users.postgres import PostgresUsers
from roster.users.repository import EmailTakenError, NewValues, UserNotFoundError, Users

from tests.builders import a_new_user
from tests.contracts.answer_stores import AnswerStores, answer_stores  # noqa: F401 (a fixture)
from tests.racing import race

A_USER = Kind[User](User, lambda user: user.id)
AN_ORDER = Kind[Order](Order, lambda order: order.user_id)
NOTHING = Kind[None](None, lambda _: None)
KEY = IdempotencyKey("a key", bytes(32))
CROWD = 32


@pytest.fixture
def stores(answer_stores: AnswerStores) -> AnswerStores:  # noqa: F811
    return answer_stores


def register(stores: AnswerStores, email: str = "ada@example.com", key: IdempotencyKey = KEY) -> Answer[User]:
    return stores.answers.first(key, A_USER, lambda: stores.users.add(a_new_user(email)))


def by(user_id: int) -> Origin:
    return Origin(user_id, "a session")


def test_the_same_request_has_one_effect_and_the_same_answer(stores: AnswerStores) -> None:
    first = register(stores)
    assert not first.is_replayed
    assert [register(stores, f"{number}@example.com") for number in range(3)] == [Answer(first.item, True)] * 3
    assert stores.users.page(Listing(10)).users == [first.item]


def test_the_answer_stays_what_it_was_though_its_subject_changes(stores: AnswerStores) -> None:
    first = register(stores).item
    stores.users.change(first.id, NewValues(address.parse("augusta@example.com"), "Augusta"))
    assert register(stores).item == first


@pytest.mark.parametrize("fails", [False, True])
def test_another_request_of_that_name_is_refused(fails: bool, stores: AnswerStores) -> None:
    if fails:
        stores.users.add(a_new_user())
        with pytest.raises(EmailTakenError):
            register(stores)
    else:
        register(stores)
    with pytest.raises(InvalidInputError) as refusal:
        register(stores, "bob@example.com", KEY._replace(fingerprint=b"x" * 32))
    (problem,) = refusal.value.problems
    assert (problem.field, problem.code) == ("header.Idempotency-Key", "idempotency_key_reused")
    assert len(stores.users.page(Listing(10)).users) == 1


def test_a_request_without_a_name_leaves_nothing(stores: AnswerStores) -> None:
    emails = ("ada@example.com", "bob@example.com")
    assert [register(stores, email, NO_KEY).is_replayed for email in emails] == [False, False]
    assert (stores.kept(), len(stores.users.page(Listing(10)).users)) == (0, 2)


def test_callers_do_not_see_each_others_names(stores: AnswerStores) -> None:
    for number, where in enumerate([by(1), by(2), by(11), Origin(source_ip="203.0.113.7"), Origin()]):
        with origin.within(where):
            assert not register(stores, f"{number}@example.com").is_replayed
    with origin.within(by(2)):
        assert register(stores).item.email == "1@example.com"


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8::1", "2001:db8::2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
    ],
)
def test_without_a_caller_names_belong_to_a_source(one: str, other: str, is_one: bool, stores: AnswerStores) -> None:
    with origin.within(Origin(source_ip=one)):
        register(stores, "ada@example.com")
    with origin.within(Origin(source_ip=other)):
        assert register(stores, "bob@example.com").is_replayed is is_one


def test_what_failed_is_not_kept_and_may_be_tried_again(stores: AnswerStores) -> None:
    other = stores.users.add(a_new_user())
    for _ in range(2):
        with pytest.raises(EmailTakenError):
            register(stores)
    stores.users.remove(other.id)
    assert not register(stores).is_replayed
    assert register(stores).is_replayed


def test_an_answer_without_content_is_replayed_as_well(stores: AnswerStores) -> None:
    def register() -> Answer[None]:
        return stores.answers.first(KEY, NOTHING, lambda: stores.pending.add(a_new_user()))

    assert [register(), register(), register()] == [Answer(None, False), Answer(None, True), Answer(None, True)]
    assert stores.mails() == 1


@pytest.mark.parametrize("fingerprint", [KEY.fingerprint, b"x" * 32], ids=["same", "other"])
def test_while_a_request_is_in_flight_others_of_its_name_are_told_so_at_once(
    fingerprint: bytes, stores: AnswerStores
) -> None:
    def ask() -> None:
        with pytest.raises(RequestInFlightError):
            register(stores, "bob@example.com", KEY._replace(fingerprint=fingerprint))

    def effect() -> User:
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(ask).result()  # who waited would wait for this to end
        return stores.users.add(a_new_user())

    assert not stores.answers.first(KEY, A_USER, effect).is_replayed
    assert len(stores.users.page(Listing(10)).users) == 1


def crowd(users: Users, answers: FirstAnswers) -> Counter[str]:
    """Let many send one request at once, which would make a user for each who has an effect."""

    def send(number: int) -> str:
        new = a_new_user(f"{number}@example.com")
        try:
            answer = answers.first(KEY, A_USER, lambda: users.add(new))
        except RequestInFlightError:
            return "in flight"
        return "replayed" if answer.is_replayed else "done"

    return Counter(race(CROWD, send))


def test_of_many_who_send_one_request_at_once_one_has_an_effect(stores: AnswerStores) -> None:
    told = crowd(stores.users, stores.answers)
    assert (told["done"], sum(told.values())) == (1, CROWD)
    (user,) = stores.users.page(Listing(100)).users
    assert register(stores) == Answer(user, True)
    assert stores.kept() == 1


class ReadThenWrite(FirstAnswers):
    """Does it all in one transaction, and has not heard of races: whoever has read waits until a second one has."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._have_read = threading.Barrier(2)

    def first(self, key: IdempotencyKey, kind: Kind[Item], effect: Callable[[], Item]) -> Answer[Item]:
        values = {"key": key.name, "fingerprint": key.fingerprint}

        def answer(cursor: Cursor) -> Answer[Item]:
            cursor.execute("SELECT answer::text FROM idempotency_keys WHERE scope = 's' AND key = %(key)s", values)
            row = cursor.fetchone()
            if row:
                return Answer(codec.decoded(kind, row[0]), is_replayed=True)
            with suppress(threading.BrokenBarrierError):
                self._have_read.wait(2)
            item = effect()
            add = (
                "INSERT INTO idempotency_keys VALUES ('s', %(key)s, %(fingerprint)s, %(answer)s) ON CONFLICT DO NOTHING"
            )
            cursor.execute(add, values | {"answer": codec.encoded(kind, item)})
            return Answer(item, is_replayed=False)

        return self._database.transaction(answer)


@pytest.mark.integration
def test_who_reads_first_and_writes_afterwards_is_found_out(database: Database) -> None:
    users = PostgresUsers(lambda: database)
    assert crowd(users, ReadThenWrite(database))["done"] > 1
    assert len(users.page(Listing(100)).users) > 1


def test_many_requests_of_different_names_do_not_meet(stores: AnswerStores) -> None:
    keys = [IdempotencyKey(f"key {number}", bytes(32)) for number in range(CROWD)]
    told = race(CROWD, lambda number: register(stores, f"{number}@example.com", keys[number]).is_replayed)
    assert (told, len(stores.users.page(Listing(100)).users)) == ([False] * CROWD, CROWD)


@pytest.mark.parametrize(("seconds", "is_known"), [(LIFE_SECONDS - 60, True), (LIFE_SECONDS, False)])
def test_a_name_is_known_for_a_day(seconds: float, is_known: bool, stores: AnswerStores) -> None:
    register(stores)
    stores.age(seconds)
    other = KEY._replace(fingerprint=KEY.fingerprint if is_known else b"x" * 32)
    assert register(stores, "bob@example.com", other).is_replayed is is_known
    assert register(stores, "eve@example.com", other).is_replayed


def test_an_expired_name_that_many_use_again_at_once_has_one_effect(stores: AnswerStores) -> None:
    register(stores)
    stores.age(LIFE_SECONDS)
    assert crowd(stores.users, stores.answers)["done"] == 1
    assert len(stores.users.page(Listing(100)).users) == 2


def test_what_expired_goes_by_and_by(stores: AnswerStores) -> None:
    for number in range(15):
        register(stores, f"{number}@example.com", IdempotencyKey(f"old {number}", bytes(32)))
    stores.age(LIFE_SECONDS)
    for number in range(2):
        register(stores, f"new{number}@example.com", IdempotencyKey(f"new {number}", bytes(32)))
    assert stores.kept() == 2


def test_nothing_is_kept_for_or_about_an_erased_user(stores: AnswerStores) -> None:
    ada, bob = (stores.users.add(a_new_user(f"{name}@example.com")) for name in ("ada", "bob"))
    stores.users.add(a_new_user("grace@example.com", role="admin"))

    def say(caller: User, subject: User) -> Callable[[], Answer[User]]:
        with origin.within(by(caller.id)):
            key = IdempotencyKey(f"about {subject.id}", bytes(32))
            return lambda: stores.answers.first(key, A_USER, lambda: subject)

    def replayed(caller: User, subject: User) -> bool:
        with origin.within(by(caller.id)):
            return say(caller, subject)().is_replayed

    pairs = [(ada, ada), (ada, bob), (bob, ada), (bob, bob)]
    assert [replayed(*pair) for pair in pairs] == [False] * 4
    stores.users.remove(ada.id)
    assert stores.kept() == 1
    assert [replayed(*pair) for pair in pairs] == [False, False, False, True]


def test_requests_of_a_user_who_is_erased_meanwhile_wait_for_nobody(stores: AnswerStores) -> None:
    for round_ in range(5):
        admin = stores.users.add(a_new_user(f"admin{round_}@example.com"))

        def write(number: int, admin: User = admin, round_: int = round_) -> str:
            with origin.within(by(admin.id)):
                if number == 0:
                    stores.users.remove(admin.id)
                    return "erased"
                key = IdempotencyKey(f"{number % 4}", bytes(32))
                try:
                    change = NewValues(name=f"Ada {round_} {number}")
                    stores.answers.first(key, A_USER, lambda: stores.users.change(admin.id, change))
                except (RequestInFlightError, UserNotFoundError):
                    return "refused"
                return "changed"

        assert race(8, write)[0] == "erased", "and nobody was told of a deadlock"
        assert stores.kept() == 0


def order(stores: AnswerStores, user_id: int, key: IdempotencyKey = KEY) -> Answer[Order]:
    new = NewOrder(user_id, "EUR", [OrderItem("LAMP-7", 2, 1999), OrderItem("Żółć 🦉", 1, 2**53 - 1 - 3998)])
    return stores.answers.first(key, AN_ORDER, lambda: stores.orders.add(new))


def test_an_order_is_kept_with_its_items_and_its_status_of_then(stores: AnswerStores) -> None:
    ada = stores.users.add(a_new_user())
    first = order(stores, ada.id).item
    assert (first.status, first.total, len(first.items)) == ("pending", 2**53 - 1, 2)
    stores.orders.change(ada.id, first.id, "paid")
    assert order(stores, ada.id) == Answer(first, True)
    assert stores.orders.find(ada.id, first.id + 1) is None


def test_who_orders_while_the_user_is_erased_leaves_nothing_and_waits_for_no_deadlock(stores: AnswerStores) -> None:
    for round_ in range(5):
        ada = stores.users.add(a_new_user(f"ada{round_}@example.com"))

        def write(number: int, ada: User = ada) -> str:
            with origin.within(by(ada.id if number % 2 else 900)):
                if number == 0:
                    stores.users.remove(ada.id)
                    return "erased"
                try:
                    order(stores, ada.id, IdempotencyKey(f"{number // 4}", bytes(32)))
                except (RequestInFlightError, UserNotFoundError):
                    return "refused"
                return "ordered"

        assert race(8, write)[0] == "erased", "and nobody was told of a deadlock"
        assert stores.kept() == 0
