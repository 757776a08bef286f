"""The rules about users: who may do what to whom."""

from collections.abc import Callable

import pytest
from roster.auth.caller import Caller
from roster.errors import InvalidInputError, NotAllowedError, RosterError, StaleVersionError, UnauthenticatedError
from roster.users.listing import Listing
from roster.users.models import Changes, User
from roster.users.repository import EmailTakenError, UserNotFoundError
from roster.users.service import UserService

from tests.builders import a_caller, a_new_user, an_admin
from tests.fakes import FakeUsers

Act = Callable[[UserService, int, Caller], object]

ACTS: dict[str, Act] = {
    "get": lambda service, user_id, caller: service.get(user_id, caller),
    "change": lambda service, user_id, caller: service.change(user_id, Changes(name="Bob"), None, caller),
    "change nothing": lambda service, user_id, caller: service.change(user_id, Changes(), None, caller),
    "remove": lambda service, user_id, caller: service.remove(user_id, None, caller),
}


@pytest.fixture
def users() -> FakeUsers:
    return FakeUsers()


@pytest.fixture
def ada(users: FakeUsers) -> User:
    return users.add(a_new_user())


@pytest.fixture
def service(users: FakeUsers) -> UserService:
    return UserService(users)


@pytest.mark.parametrize("act", ACTS)
def test_a_user_and_an_admin_may(act: str, service: UserService, users: FakeUsers) -> None:
    for caller in (a_caller, lambda _: an_admin()):
        user = users.add(a_new_user(f"{len(users.tables.calls)}@example.com"))
        ACTS[act](service, user.id, caller(user.id))


@pytest.mark.parametrize("act", ACTS)
def test_a_stranger_is_refused_and_cannot_tell_whether_the_user_exists(
    act: str, ada: User, service: UserService, users: FakeUsers
) -> None:
    users.tables.calls.clear()
    errors = []
    for user_id in (ada.id, 999):
        with pytest.raises(NotAllowedError) as refusal:
            ACTS[act](service, user_id, a_caller(user_id=ada.id + 1))
        errors.append((type(refusal.value), refusal.value.args, refusal.value.problems))
    assert errors[0] == errors[1]
    assert users.tables.calls == []


@pytest.mark.parametrize("act", ACTS)
def test_an_admin_is_told_that_a_user_is_missing(act: str, service: UserService) -> None:
    with pytest.raises(UserNotFoundError):
        ACTS[act](service, 999, an_admin())


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("caller", [a_caller(user_id=999), an_admin(user_id=999)])
def test_a_token_that_outlived_its_user_speaks_for_nobody(act: str, caller: Caller, service: UserService) -> None:
    with pytest.raises(UnauthenticatedError):
        ACTS[act](service, 999, caller)


def test_only_an_admin_may_list(ada: User, service: UserService, users: FakeUsers) -> None:
    assert service.list(Listing(10), an_admin()).users == [ada]
    users.tables.calls.clear()
    with pytest.raises(NotAllowedError):
        service.list(Listing(10), a_caller(user_id=ada.id))
    assert users.tables.calls == []


@pytest.mark.parametrize(("count", "pages"), [(0, [0]), (1, [1]), (2, [2]), (3, [2, 1]), (4, [2, 2]), (5, [2, 2, 1])])
def test_pages_hold_everyone_once_and_the_last_one_says_so(
    count: int, pages: list[int], service: UserService, users: FakeUsers
) -> None:
    for number in range(count):
        users.add(a_new_user(f"{number}@example.com"))
    seen, sizes, after = [], [], None
    while True:
        part = service.list(Listing(2, after=after), an_admin())
        seen += [user.id for user in part.users]
        sizes.append(len(part.users))
        if part.last is None:
            break
        after = part.last
    assert (seen, sizes) == (list(range(1, count + 1)), pages)


def test_only_named_fields_change(ada: User, service: UserService) -> None:
    changed = service.change(ada.id, Changes(email="ADA@new.example"), None, a_caller(ada.id))
    assert (changed.email, changed.name, changed.role, changed.status) == (
        "ADA@new.example",
        ada.name,
        "user",
        "active",
    )
    assert changed.version == ada.version + 1


def test_naming_nothing_changes_nothing(ada: User, service: UserService, users: FakeUsers) -> None:
    assert service.change(ada.id, Changes(), None, a_caller(ada.id)) == ada
    assert "users.change" not in users.tables.calls


@pytest.mark.parametrize("changes", [Changes(name="Bob"), Changes()])
def test_a_version_that_was_not_named_is_stale(changes: Changes, ada: User, service: UserService) -> None:
    for versions in (set[int](), {2}):
        with pytest.raises(StaleVersionError):
            service.change(ada.id, changes, versions, a_caller(ada.id))
    assert service.change(ada.id, changes, {1, 7}, a_caller(ada.id))


def test_a_stale_removal_removes_nothing(ada: User, service: UserService) -> None:
    with pytest.raises(StaleVersionError):
        service.remove(ada.id, {2}, a_caller(ada.id))
    assert service.get(ada.id, a_caller(ada.id)) == ada


@pytest.mark.parametrize("changes", [Changes(role="admin"), Changes(role="user"), Changes(status="active")])
def test_role_and_status_are_for_admins_to_set(changes: Changes, ada: User, service: UserService) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        service.change(ada.id, changes, None, a_caller(ada.id))
    assert [problem.code for problem in refusal.value.problems] == ["extra_forbidden"]
    assert service.change(ada.id, changes, None, an_admin())


def test_both_forbidden_fields_are_named(ada: User, service: UserService) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        service.change(ada.id, Changes(role="admin", status="active"), None, a_caller(ada.id))
    assert [problem.field for problem in refusal.value.problems] == ["body.role", "body.status"]


def test_an_address_is_compared_without_regard_to_case(ada: User, service: UserService, users: FakeUsers) -> None:
    bob = users.add(a_new_user("bob@example.com"))
    with pytest.raises(EmailTakenError):
        service.change(bob.id, Changes(email="ADA@EXAMPLE.COM"), None, a_caller(bob.id))


@pytest.mark.parametrize("act", ACTS)
def test_a_database_that_is_away_is_not_hidden(act: str, ada: User, service: UserService, users: FakeUsers) -> None:
    users.tables.is_away = True
    with pytest.raises(RosterError, match="unavailable"):
        ACTS[act](service, ada.id, an_admin())
