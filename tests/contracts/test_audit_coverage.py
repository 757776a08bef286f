"""Whatever an adapter writes leaves a row in the audit trail, or stands here with the reason why it need not."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import roster
from roster.audit.models import Filters
from roster.audit.postgres import PostgresTrail
from roster.auth.client import Client
from roster.auth.postgres import PostgresAccounts
from roster.infrastructure.database import Database
from roster.infrastructure.sealed import Sealed
from roster.links.postgres import PostgresAddressees, PostgresLinks
from roster.mail.postgres import PostgresOutbox
from roster.orders.postgres import PostgresOrders
from roster.second_factors.postgres import PostgresSecondFactors
from roster.second_factors.repository import Factor, Proof
from roster.second_steps.postgres import PostgresSecondSteps
from roster.second_steps.repository import NewStep
from roster.sessions.postgres import PostgresSessions
from roster.sessions.repository import Lifetime, NewSession
from roster.users import statements
from roster.users.postgres import PostgresUsers
from roster.users.repository import NewValues

from tests.builders import a_new_order, a_new_user, a_session_id

LAYER = Path(roster.__file__).parent


class Adapters(NamedTuple):
    """All that write, on one database with the user 1, whose password hash is `old` and who has the session 1."""

    users: PostgresUsers
    accounts: PostgresAccounts
    sessions: PostgresSessions
    links: PostgresLinks
    outbox: PostgresOutbox
    addressees: PostgresAddressees
    factors: PostgresSecondFactors
    steps: PostgresSecondSteps
    orders: PostgresOrders

    def link(self) -> bytes:
        """Make the link of the mail that waits, and return the hash of its token."""
        mail = self.outbox.claim(60)
        assert mail
        self.addressees.make_link(mail, A_TOKEN)
        return A_TOKEN


A_TOKEN = bytes(32)


def reset(on: Adapters) -> None:
    on.outbox.add_reset("ada@example.com")
    on.links.reset_password(on.link(), 1, "new")


def verify(on: Adapters) -> None:
    on.outbox.add_verification(1)
    on.links.verify_email(on.link(), 1)


def register(on: Adapters) -> None:
    on.addressees.add(a_new_user("bob@example.com"))
    on.links.register(on.link())


AN_HOUR = Lifetime(3600, 3600)


def a_session(number: int) -> NewSession:
    return NewSession(a_session_id(number), 1, bytes([number]) * 32, Client("203.0.113.7", "pytest"), None)


def enrol(on: Adapters) -> Factor:
    on.factors.enrol(1, Sealed("key", b"secret"))
    found = on.factors.find(1)
    assert found
    return found


def confirm(on: Adapters) -> bool:
    return on.factors.confirm(enrol(on), 1, [CODE_HASH])


def finish(on: Adapters) -> None:
    confirm(on)
    account = on.accounts.find(1)
    assert account
    on.steps.add(NewStep(bytes(32), 1, account.password_changed_at))
    assert on.steps.finish(bytes(32), 1, Proof(code_hash=CODE_HASH))


CODE_HASH = b"c" * 32
CONFIRMED = ["second_factor.enrolled", "second_factor.confirmed"]
RECORDED: dict[str, tuple[Callable[[Adapters], object], list[str]]] = {
    "PostgresUsers.add": (lambda on: on.users.add(a_new_user("bob@example.com")), ["user.registered"]),
    "PostgresUsers.change": (lambda on: on.users.change(1, NewValues(name="Augusta")), ["user.changed"]),
    "PostgresUsers.remove": (lambda on: on.users.remove(1), ["user.erased", "session.ended"]),
    "PostgresAccounts.change_password": (
        lambda on: on.accounts.change_password(1, "old", "new"),
        ["password.changed", "session.ended"],
    ),
    "PostgresSessions.add": (lambda on: on.sessions.add(a_session(2), AN_HOUR), ["session.opened"]),
    "PostgresSessions.remove": (lambda on: on.sessions.remove(1, a_session_id(1)), ["session.ended"]),
    "PostgresSessions.remove_all": (lambda on: on.sessions.remove_all(1), ["session.ended"]),
    "PostgresSessions.remove_reused": (
        lambda on: on.sessions.remove_reused(1, a_session_id(1)),
        ["session.reuse_detected"],
    ),
    "PostgresLinks.reset_password": (reset, ["email.verified", "password.reset", "session.ended"]),
    "PostgresLinks.verify_email": (verify, ["email.verified"]),
    "PostgresLinks.register": (register, ["user.registered"]),
    "PostgresSecondFactors.enrol": (enrol, ["second_factor.enrolled"]),
    "PostgresSecondFactors.confirm": (confirm, CONFIRMED),
    "PostgresSecondFactors.renew_codes": (
        lambda on: confirm(on) and on.factors.renew_codes(1, Proof(step=2), [CODE_HASH]),
        [*CONFIRMED, "recovery_codes.renewed"],
    ),
    "PostgresSecondFactors.disable": (
        lambda on: confirm(on) and on.factors.disable(1, Proof(step=2)),
        [*CONFIRMED, "second_factor.disabled"],
    ),
    "PostgresSecondFactors.remove": (
        lambda on: confirm(on) and on.factors.remove(1),
        [*CONFIRMED, "second_factor.removed"],
    ),
    "PostgresOrders.add": (lambda on: on.orders.add(a_new_order()), ["order.created"]),
    "PostgresOrders.change": (
        lambda on: on.orders.change(1, on.orders.add(a_new_order()).id, "paid"),
        ["order.created", "order.changed"],
    ),
    "PostgresSecondSteps.finish": (finish, [*CONFIRMED, "recovery_code.used"]),
}
NOT_RECORDED = {
    **{
        f"PostgresOutbox.{name}": "a mail that waits is nobody's change; what its link does is recorded"
        for name in (
            *("add_reset", "add_verification", "claim", "remove", "mark_sent", "postpone", "give_up"),
            *("mark_bounced", "mark_complained", "clean_up"),
        )
    },
    "PostgresAddressees.add": "a registration that waits is no user yet",
    "PostgresAddressees.make_link": "a link has changed nothing until it is used",
    "PostgresAddressees.clean_up": "what expired can change nothing any more",
    "PostgresAccounts.rehash": "the password is the same as before, so nothing happened to anybody",
    "PostgresSessions.rotate": "a refresh token and its successor are one session, which goes on",
    "PostgresSecondFactors.reseal": "the secret is the same as before, so nothing happened to anybody",
    "PostgresSecondSteps.add": "half a login: the whole one opens a session",
    "PostgresSecondSteps.take_try": "counts tries of half a login",
    "PostgresLoginFailures.settle": "counts attempts of whoever; what failed is counted by metrics",
    "PostgresLoginFailures.forget": "the other end of that count",
    "PostgresAnswers.first": "keeps what its effect came to, and that records itself",
    "PostgresBuckets.take": "counts requests; whoever asks too often is counted by metrics",
    "PostgresControlRows.move": "is about the cache, and about nobody",
    "PostgresControlRows.enable": "is about the cache, and about nobody",
}


def writing_methods(source: str) -> set[str]:
    """Return the public methods of adapters, as `Class.method`, that come to a transaction by any way."""
    classes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    return {f"{each.name}.{name}" for each in classes if each.name.startswith("Postgres") for name in _writing(each)}


def _writing(adapter: ast.ClassDef) -> set[str]:
    named = {each.name: _attributes(each) for each in adapter.body if isinstance(each, ast.FunctionDef)}
    writing = {name for name, attributes in named.items() if "transaction" in attributes}
    while more := {name for name, attributes in named.items() if attributes & writing} - writing:
        writing |= more
    return {name for name in writing if not name.startswith("_")}


def _attributes(method: ast.FunctionDef) -> set[str]:
    return {node.attr for node in ast.walk(method) if isinstance(node, ast.Attribute)}


def silent(database: Database, call: Callable[[Adapters], object], expected: list[str]) -> bool:
    """Return whether *call* left anything else in the trail than it should."""
    adapters = Adapters(
        *(PostgresUsers(lambda: database), PostgresAccounts(lambda: database), PostgresSessions(lambda: database)),
        *(PostgresLinks(lambda: database), PostgresOutbox(lambda: database), PostgresAddressees(lambda: database)),
        *(PostgresSecondFactors(lambda: database), PostgresSecondSteps(lambda: database)),
        PostgresOrders(lambda: database),
    )
    adapters.users.add(a_new_user("ada@example.com", password_hash="old"))
    adapters.sessions.add(a_session(1), AN_HOUR)
    call(adapters)
    events = PostgresTrail(lambda: database).page(Filters(), None, 100)
    return [event.action for event in events[::-1]] != ["user.registered", "session.opened", *expected]


def test_whatever_writes_is_recorded_or_excused() -> None:
    found = {name for path in LAYER.rglob("*.py") for name in writing_methods(path.read_text("utf-8"))}
    assert found == RECORDED.keys() | NOT_RECORDED.keys()
    assert not RECORDED.keys() & NOT_RECORDED.keys()


@pytest.mark.parametrize("reason", NOT_RECORDED.values(), ids=NOT_RECORDED)
def test_who_is_excused_has_a_reason(reason: str) -> None:
    assert len(reason) > 20


@pytest.fixture
def empty(emptied_database_url: str) -> Database:
    return Database(emptied_database_url, pool_max=1, idle_seconds=30)


@pytest.mark.integration
@pytest.mark.parametrize("name", RECORDED)
def test_what_writes_leaves_its_rows(empty: Database, name: str) -> None:
    assert not silent(empty, *RECORDED[name])
    empty.close()


@pytest.mark.integration
def test_a_write_that_forgets_its_row_is_found(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    mute = (
        f"UPDATE users SET name = %(name)s WHERE {statements.IN_ONE_OF_THESE_VERSIONS} RETURNING {statements.COLUMNS}"
    )
    monkeypatch.setattr(statements, "CHANGE", mute)
    assert silent(empty, *RECORDED["PostgresUsers.change"])
    empty.close()


def test_a_write_that_nobody_listed_is_found() -> None:
    planted = """
class PostgresBadges:
    def page(self): return self._database().fetch_all("SELECT")
    def add(self): return self._write("INSERT")
    def remove(self):
        def work(cursor): cursor.execute("DELETE")
        return self._database().transaction(work)
    def _write(self, statement): return self._database().transaction(statement)
"""
    assert writing_methods(planted) == {"PostgresBadges.add", "PostgresBadges.remove"}
