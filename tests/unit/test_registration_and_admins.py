"""How users come to be: by registering, and the first admin by whoever operates the deployment."""

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from roster.auth import passwords
from roster.auth.address import NotAnAddressError
from roster.auth.caller import Caller
from roster.auth.repository import BLOCK_SECONDS
from roster.errors import NotAllowedError
from roster.infrastructure import settings
from roster.users.admins import Admins
from roster.users.registration import Mode, Registrations
from roster.users.repository import EmailTakenError, NewValues

from tests.builders import PASSWORD, a_caller, a_new_user, an_admin
from tests.fake_answers import FakeAnswers
from tests.fake_links import FakeAddressees
from tests.fake_outbox import MailTables
from tests.fakes import FakeAccounts, FakeLoginFailures, FakeUsers


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def users() -> FakeUsers:
    return FakeUsers()


@pytest.fixture
def accounts(users: FakeUsers) -> FakeAccounts:
    return FakeAccounts(users.tables)


@pytest.fixture
def admins(users: FakeUsers, accounts: FakeAccounts) -> Admins:
    return Admins(users, accounts, FakeLoginFailures(users.tables))


def registering(users: FakeUsers, mode: Mode, hash_password: Callable[[str], str] = str.upper) -> Registrations:
    return Registrations(
        users, FakeAddressees(MailTables(users.tables)), FakeAnswers(users.tables), hash_password, mode
    )


@pytest.mark.parametrize("caller", [None, a_caller(), an_admin()])
def test_anyone_may_register_where_that_is_open(caller: Caller | None, users: FakeUsers) -> None:
    user, is_replayed = registering(users, "open").add("Ada@Example.com", "Ada", PASSWORD, caller)
    assert user is not None
    assert not is_replayed
    assert (user.id, user.email, user.name, user.role, user.status) == (1, "Ada@Example.com", "Ada", "user", "active")
    assert not user.email_verified


def test_only_the_hash_of_a_password_is_kept(users: FakeUsers) -> None:
    registering(users, "open", lambda password: f"{len(password)} characters").add("a@b.co", "A", PASSWORD, None)
    assert users.tables.rows[1].password_hash == "20 characters"


@pytest.mark.parametrize("caller", [None, a_caller()])
def test_where_it_is_closed_others_are_refused_before_anything_is_hashed(
    caller: Caller | None, users: FakeUsers
) -> None:
    def never(password: str) -> str:
        pytest.fail("hashed a password for nothing")

    with pytest.raises(NotAllowedError):
        registering(users, "closed", never).add("ada@example.com", "Ada", PASSWORD, caller)
    assert users.tables.calls == []


def test_where_it_is_closed_an_admin_adds_users(users: FakeUsers) -> None:
    added = registering(users, "closed").add("ada@example.com", "Ada", PASSWORD, an_admin()).item
    assert added is not None
    assert added.role == "user"


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@EXAMPLE.COM", "ａｄａ@example.com"])
def test_a_taken_address_is_refused(email: str, users: FakeUsers) -> None:
    users.add(a_new_user())
    with pytest.raises(EmailTakenError):
        registering(users, "open").add(email, "Ada", PASSWORD, None)


@pytest.mark.parametrize("caller", [None, a_caller()])
@pytest.mark.parametrize("email", ["ada@example.com", "bob@example.com"])
def test_where_addresses_are_verified_nobody_learns_whether_one_is_taken(
    caller: Caller | None, email: str, users: FakeUsers
) -> None:
    users.add(a_new_user("ada@example.com"))
    hashed: list[str] = []

    def hash_password(password: str) -> str:
        hashed.append(password)
        return "a hash"

    assert registering(users, "verified", hash_password).add(email, "Ada", PASSWORD, caller) == (None, False)
    assert users.tables.calls == ["users.add", "pending_registrations.add"]
    assert hashed == [PASSWORD]


def test_where_addresses_are_verified_an_admin_adds_users_at_once(users: FakeUsers) -> None:
    assert registering(users, "verified").add("ada@example.com", "Ada", PASSWORD, an_admin()).item
    with pytest.raises(EmailTakenError):
        registering(users, "verified").add("ada@example.com", "Ada", PASSWORD, an_admin())


@pytest.mark.parametrize("reset", [True, False])
def test_a_first_admin_is_made_with_a_password_that_works(reset: bool, admins: Admins, users: FakeUsers) -> None:
    admin = admins.ensure("Root@Example.com", "Root", reset_password=reset)
    row = users.tables.rows[admin.id]
    assert (row.user.role, row.user.status, admin.email) == ("admin", "active", "Root@Example.com")
    assert admin.password is not None
    assert passwords.matches(admin.password, row.password_hash)
    assert passwords.length(admin.password) >= settings.password_length_min()


def test_two_made_passwords_differ(admins: Admins) -> None:
    one, other = (admins.ensure(f"{name}@example.com", "A", reset_password=False) for name in "ab")
    assert one.password != other.password


@pytest.mark.parametrize(
    "changes", [NewValues(), NewValues(status="disabled"), NewValues(role="admin", status="disabled")]
)
def test_an_existing_user_is_promoted_and_keeps_name_and_password(
    changes: NewValues, admins: Admins, users: FakeUsers
) -> None:
    users.add(a_new_user(name="Ada", password_hash="her own"))
    users.change(1, changes)
    admin = admins.ensure("ADA@example.com", "Root", reset_password=False)
    row = users.tables.rows[1]
    assert (row.user.role, row.user.status, row.user.name, row.password_hash) == ("admin", "active", "Ada", "her own")
    assert admin.password is None


def test_an_active_admin_is_left_alone(admins: Admins, users: FakeUsers) -> None:
    first = admins.ensure("root@example.com", "Root", reset_password=False)
    before = users.find(first.id)
    assert admins.ensure("root@example.com", "Root", reset_password=False).password is None
    assert users.find(first.id) == before


def test_a_forgotten_password_is_replaced(admins: Admins, users: FakeUsers) -> None:
    first = admins.ensure("root@example.com", "Root", reset_password=False)
    again = admins.ensure("root@example.com", "Root", reset_password=True)
    kept = users.tables.rows[1].password_hash
    assert first.password is not None
    assert again.password is not None
    assert passwords.matches(again.password, kept)
    assert not passwords.matches(first.password, kept)


def test_a_replaced_password_is_good_at_once(users: FakeUsers, accounts: FakeAccounts) -> None:
    failures = FakeLoginFailures(users.tables)
    for _ in BLOCK_SECONDS:
        failures.settle("root@example.com", is_right=False)
    admins = Admins(users, accounts, failures)
    admins.ensure("root@example.com", "Root", reset_password=True)
    assert not failures.settle("root@example.com", is_right=True), "a first password replaces none"
    admins.ensure("Root@Example.com", "Root", reset_password=True)
    assert failures.settle("root@example.com", is_right=True)


def test_what_is_no_address_makes_no_admin(admins: Admins, users: FakeUsers) -> None:
    with pytest.raises(NotAnAddressError):
        admins.ensure("root", "Root", reset_password=False)
    assert users.tables.rows == {}
