"""What is sent to PostgreSQL leaves no state on a session: RDS Proxy would pin the connection to it."""

import contextlib
import re
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from roster.audit.models import Filters
from roster.audit.postgres import PostgresTrail
from roster.auth import address, passwords
from roster.auth.client import Client
from roster.auth.postgres import PostgresAccounts, PostgresLoginFailures
from roster.auth.repository import WrongCredentialsError
from roster.auth.service import Authentication
from roster.errors import ConflictError, StaleVersionError
from roster.idempotency.models import NO_KEY, IdempotencyKey, Kind
from roster.idempotency.postgres import PostgresAnswers
from roster.infrastructure import commits, migrations
from roster.infrastructure.database import Database
from roster.infrastructure.rate_limits.models import Bucket, Policy
from roster.infrastructure.rate_limits.postgres import PostgresBuckets
from roster.infrastructure.sealed import Sealed
from roster.links.postgres import PostgresAddressees, PostgresLinks
from roster.links.service import LinkService
from roster.mail.postgres import PostgresOutbox
from roster.orders.inputs import ITEMS_MAX, QUANTITY_MAX, SKU_LENGTH_MAX
from roster.orders.models import TOTAL_MAX, Order, OrderItem
from roster.orders.models import Filters as OrderFilters
from roster.orders.postgres import PostgresOrders
from roster.second_factors.postgres import PostgresSecondFactors
from roster.second_factors.repository import Proof
from roster.second_steps.postgres import PostgresSecondSteps
from roster.second_steps.repository import NewStep
from roster.sessions.postgres import PostgresSessions, PostgresStandings
from roster.sessions.repository import Lifetime, NewSession, Rotation
from roster.users.listing import Listing
from roster.users.postgres import PostgresUsers
from roster.users.registration import Mode, Registrations
from roster.users.repository import NewValues

from tests.builders import PASSWORD, a_new_order, a_new_user, a_session_id
from tests.pinning.pins import why_it_pins
from tests.pinning.statement_log import StatementLog
from tests.servers import Postgres, execute

pytestmark = pytest.mark.integration

REPOSITORIES = (
    PostgresUsers,
    PostgresOrders,
    PostgresAccounts,
    PostgresLoginFailures,
    PostgresBuckets,
    PostgresSessions,
    PostgresStandings,
    PostgresSecondFactors,
    PostgresSecondSteps,
    PostgresTrail,
    PostgresAnswers,
    PostgresOutbox,
    PostgresAddressees,
    PostgresLinks,
)

# What stands before each COMMIT asks for what is needed if that has no answer.
END = ("SELECT", "COMMIT")

Log = Callable[[], list[str]]


@pytest.fixture
def database(empty_database_url: str) -> Iterator[Database]:
    database = Database(empty_database_url, pool_max=3, idle_seconds=30)
    yield database
    database.close()


@pytest.fixture
def sent(postgres: Postgres, empty_database_url: str) -> Iterator[Log]:
    """Return what reads the statements that reached the test's database."""
    name, log = empty_database_url.rsplit("/", 1)[1], StatementLog(postgres.log)
    log.skip()
    statements: list[str] = []

    def read() -> list[str]:
        statements.extend(entry.text.strip() for entry in log.new() if entry.database == name)
        return statements.copy()

    yield read
    log.close()


def use_everything(database: Database) -> set[str]:
    """Call every method of every repository, also where it fails; return the names of the methods."""
    users, accounts = PostgresUsers(lambda: database), PostgresAccounts(lambda: database)
    user = users.add(a_new_user(password_hash="old"))
    with pytest.raises(ConflictError):
        users.add(a_new_user())
    users.find(user.id)
    users.page(Listing(100))
    users.change(user.id, NewValues(address=address.parse("augusta@example.com"), name="Augusta"), frozenset({1, 2}))
    with pytest.raises(StaleVersionError):
        users.change(user.id, NewValues(name="Augusta"), frozenset({1}))
    accounts.find(user.id)
    accounts.find_by_address("augusta@example.com")
    accounts.change_password(user.id, "old", "new")
    accounts.rehash(user.id, "new", "newer")
    fail_and_succeed(PostgresLoginFailures(lambda: database))
    take_until_refused(PostgresBuckets(lambda: database))
    for use in (use_sessions, use_mail, use_second_factors, use_answers, use_orders):
        use(database, user.id)
    users.remove(user.id)
    PostgresTrail(lambda: database).page(Filters(subject_id=user.id), None, 100)
    return {
        "settle",
        "take",
        "forget",
        "add",
        "find",
        "page",
        "change",
        "remove",
        "find_by_address",
        "change_password",
        "rehash",
        "rotate",
        "all_of",
        "remove_all",
        "remove_reused",
        "of",
        *("add_reset", "add_verification", "claim", "mark_sent", "postpone", "give_up", "mark_bounced"),
        *("mark_complained", "clean_up", "make_link", "overdue_seconds"),
        *("find_reset", "find_verification", "reset_password", "verify_email", "register"),
        "enrol",
        "confirm",
        "renew_codes",
        "disable",
        "reseal",
        "take_try",
        "finish",
        "first",
        "knows",
    }


def fail_and_succeed(failures: PostgresLoginFailures) -> None:
    failures.settle("augusta@example.com", is_right=False)
    failures.settle("augusta@example.com", is_right=True)
    failures.forget("augusta@example.com")


def take_until_refused(buckets: PostgresBuckets) -> None:
    bucket = Bucket(Policy("once", 1, 60), "ada")
    assert [buckets.take([bucket])[0].is_admitted for _ in range(2)] == [True, False]


def use_sessions(database: Database, user_id: int) -> None:
    sessions, lifetime = PostgresSessions(lambda: database), Lifetime(60, 60)
    here, hashes = Client("203.0.113.7", "a browser"), [bytes([number] * 32) for number in range(3)]
    assert sessions.add(NewSession(a_session_id(), user_id, hashes[0], here, None), lifetime)
    assert sessions.rotate(Rotation(hashes[0], hashes[1], b"seed", here), lifetime)
    assert sessions.rotate(Rotation(hashes[0], hashes[2], b"seed", here), lifetime)
    assert PostgresStandings(lambda: database).find(user_id, a_session_id())
    assert PostgresStandings(lambda: database).of(user_id)
    assert sessions.all_of(user_id)
    assert sessions.remove(user_id, a_session_id())
    assert sessions.remove_all(user_id) == 0
    sessions.remove_reused(user_id, a_session_id())


def use_mail(database: Database, user_id: int) -> None:
    outbox, addressees = PostgresOutbox(lambda: database), PostgresAddressees(lambda: database)
    hashes = [bytes([number] * 32) for number in range(3)]
    outbox.add_reset("augusta@example.com")
    outbox.add_verification(user_id)
    addressees.add(a_new_user("bob@example.com"))
    for token_hash in hashes:
        send(outbox, addressees, token_hash)
    use_links(PostgresLinks(lambda: database), user_id, *hashes)
    outbox.clean_up()
    addressees.clean_up()


def use_answers(database: Database, user_id: int) -> None:
    answers, key = PostgresAnswers(lambda: database), IdempotencyKey("a key", bytes(32))
    kind = Kind[int](int, lambda number: number)
    assert [answers.first(key, kind, lambda: user_id).is_replayed for _ in range(2)] == [False, True]


def use_orders(database: Database, user_id: int) -> None:
    """Order as much as anybody can, with a key as long as any."""
    orders, answers = PostgresOrders(lambda: database), PostgresAnswers(lambda: database)
    sku = "~" * SKU_LENGTH_MAX
    items = [OrderItem(sku, QUANTITY_MAX, TOTAL_MAX // QUANTITY_MAX // ITEMS_MAX) for _ in range(ITEMS_MAX)]
    key, kind = IdempotencyKey("~" * 255, bytes([255] * 32)), Kind[Order](Order, lambda order: order.user_id)
    order = answers.first(key, kind, lambda: orders.add(a_new_order(user_id, *items))).item
    assert orders.find(user_id, order.id) == order
    assert orders.knows(user_id)
    assert orders.change(user_id, order.id, "paid", frozenset({order.version})).status == "paid"
    assert orders.page(user_id, OrderFilters(status="paid"), None, 100)


def send(outbox: PostgresOutbox, addressees: PostgresAddressees, token_hash: bytes) -> None:
    assert outbox.overdue_seconds() is not None
    mail = outbox.claim(60)
    assert mail
    assert addressees.make_link(mail, token_hash)
    assert outbox.find(mail.id)
    outbox.mark_sent(mail)
    outbox.postpone(mail, "code", 60)
    outbox.give_up(mail, "code")
    outbox.mark_complained(mail)
    outbox.mark_bounced(mail, "code", 60)
    outbox.mark_bounced(mail, "code", None)
    outbox.remove(mail._replace(id=0))


def use_links(links: PostgresLinks, user_id: int, reset: bytes, verification: bytes, registration: bytes) -> None:
    assert links.find_verification(verification)
    links.verify_email(verification, user_id)
    assert links.find_reset(reset)
    links.reset_password(reset, user_id, "newest")
    links.register(registration)


def use_second_factors(database: Database, user_id: int) -> None:
    factors, steps = PostgresSecondFactors(lambda: database), PostgresSecondSteps(lambda: database)
    account, token_hash, code_hash = PostgresAccounts(lambda: database).find(user_id), b"t" * 32, b"c" * 32
    assert account
    assert factors.enrol(user_id, Sealed("key", b"secret"))
    enrolled = factors.find(user_id)
    assert enrolled
    assert factors.confirm(enrolled, 1, [code_hash])
    assert factors.renew_codes(user_id, Proof(step=2), [code_hash])
    steps.add(NewStep(token_hash, user_id, account.password_changed_at))
    assert steps.take_try(token_hash)
    assert steps.finish(token_hash, user_id, Proof(code_hash=code_hash))
    assert factors.reseal(enrolled, Sealed("another key", b"secret"))
    assert factors.disable(user_id, Proof(step=3))
    assert not factors.remove(user_id)


def test_nothing_that_is_sent_pins_a_connection(database: Database, sent: Log) -> None:
    list(migrations.apply(database, migrations.read_all()))
    used = use_everything(database)
    public = {name for kind in REPOSITORIES for name in vars(kind) if not name.startswith("_")}
    assert used == public, "every method is called here"
    assert len(sent()) > 20
    assert [statement for statement in sent() if why_it_pins(statement)] == []


def test_every_statement_of_a_write_stands_between_begin_and_commit_and_a_read_stands_alone(
    database: Database, sent: Log
) -> None:
    list(migrations.apply(database, migrations.read_all()))
    before = len(sent())
    users = PostgresUsers(lambda: database)
    users.find(users.add(a_new_user()).id)
    begin, insert, mark, commit, select = sent()[before:]
    assert (begin, mark, commit) == ("BEGIN", commits._MARK, "COMMIT")
    assert (insert[:4], select[:6]) == ("WITH", "SELECT")


def test_what_is_asked_about_a_cut_commit_pins_nothing_either() -> None:
    assert why_it_pins(commits._ASK) is None


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_every_refused_login_sends_the_same_statements(
    email: str, database: Database, empty_database_url: str, sent: Log
) -> None:
    list(migrations.apply(database, migrations.read_all()))
    PostgresUsers(lambda: database).add(a_new_user(password_hash=passwords.hashed(PASSWORD)))
    authentication = Authentication(PostgresAccounts(lambda: database), PostgresLoginFailures(lambda: database))
    for attempt in range(7):
        if attempt > 5:  # on a slow machine the second of the first block may be over by now
            execute(empty_database_url, "UPDATE login_failures SET blocked_until = now() + interval '1 hour'")
        before = len(sent())
        with pytest.raises(WrongCredentialsError):
            authentication.log_in(email, PASSWORD if attempt > 5 else "wrong")
        assert [statement.split()[0] for statement in sent()[before:]] == [
            "SELECT",
            "BEGIN",
            "INSERT",
            "DELETE",
            *END,
        ]


def statements_of(sent: Log, work: Callable[[], object], *values: str) -> list[str]:
    """Return what *work* sends, without what differs in any case: these values, and hashes."""
    before = len(sent())
    work()
    pattern = "|".join([*map(re.escape, values), r"\$argon2id\$[^']+"])
    return [re.sub(pattern, "…", statement) for statement in sent()[before:]]


def test_a_request_for_a_link_sends_the_same_statements_whoever_has_the_address(database: Database, sent: Log) -> None:
    list(migrations.apply(database, migrations.read_all()))
    PostgresUsers(lambda: database).add(a_new_user("ada@example.com"))
    links = LinkService(PostgresLinks(lambda: database), PostgresOutbox(lambda: database), passwords.hashed)
    emails = ("ada@example.com", "nobody@example.com")
    known, unknown = (statements_of(sent, partial(links.request_reset, each), each) for each in emails)
    assert known == unknown
    assert [statement.split()[0] for statement in known] == ["BEGIN", "INSERT", *END]


@pytest.mark.parametrize("has_key", [False, True], ids=["without a key", "with a key"])
@pytest.mark.parametrize(("mode", "tells"), [("verified", False), ("open", True)])
def test_a_registration_sends_the_same_statements_whoever_has_the_address_where_that_is_not_to_be_told(
    mode: Mode, tells: bool, has_key: bool, database: Database, sent: Log
) -> None:
    list(migrations.apply(database, migrations.read_all()))
    users = PostgresUsers(lambda: database)
    users.add(a_new_user("ada@example.com"))
    pending, answers = PostgresAddressees(lambda: database), PostgresAnswers(lambda: database)
    registrations = Registrations(users, pending, answers, passwords.hashed, mode)

    def register(email: str) -> None:
        with contextlib.suppress(ConflictError):
            registrations.add(email, "Ada", PASSWORD, None, IdempotencyKey(email, bytes(32)) if has_key else NO_KEY)

    emails = ("ada@example.com", "nobody@example.com")
    taken, free = (statements_of(sent, partial(register, each), each) for each in emails)
    assert (taken != free) is tells
    opening = ["BEGIN", "DELETE", "INSERT", "DELETE", *END]
    whole = [*opening, "BEGIN", "SELECT", "WITH", "UPDATE", *END] if has_key else ["BEGIN", "WITH", *END]
    assert [statement.split()[0] for statement in free] == whole


def test_nothing_is_written_outside_of_a_transaction(database: Database, sent: Log) -> None:
    list(migrations.apply(database, migrations.read_all()))
    before = len(sent())
    use_everything(database)
    assert [statement for statement in alone(sent()[before:]) if not statement.startswith("SELECT")] == []
    assert alone(["BEGIN", "UPDATE a", "COMMIT", "DELETE FROM b", "SELECT 1"]) == ["DELETE FROM b", "SELECT 1"]


def alone(statements: list[str]) -> list[str]:
    """Return those that no BEGIN stands before, of one connection's statements."""
    found, is_inside = [], False
    for statement in statements:
        if statement in ("BEGIN", "COMMIT", "ROLLBACK"):
            is_inside = statement == "BEGIN"
        elif not is_inside:
            found.append(statement)
    return found


def test_a_connection_says_nothing_but_who_it_is(database: Database) -> None:
    assert database.fetch_all("SELECT name, setting FROM pg_settings WHERE source IN ('client', 'session')") == []
