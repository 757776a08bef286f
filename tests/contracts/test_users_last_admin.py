"""The contract of `Users`: an active admin is always left."""

from collections.abc import Callable

import pytest
from roster.users.listing import Listing
from roster.users.models import User
from roster.users.repository import LastAdminError, NewValues, Users

from tests.builders import a_new_user
from tests.racing import race

ADMINS = 8
ENDS: dict[str, Callable[[Users, int], object]] = {
    "demoted": lambda users, admin_id: users.change(admin_id, NewValues(role="user")),
    "disabled": lambda users, admin_id: users.change(admin_id, NewValues(status="disabled")),
    "erased": lambda users, admin_id: users.remove(admin_id),
}
every_end = pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)


def an_admin_of(users: Users, name: str) -> User:
    return users.add(a_new_user(email=f"{name}@example.com", role="admin"))


@every_end
def test_the_last_admin_stays_as_they_are(users: Users, end: Callable[[Users, int], object]) -> None:
    admin = an_admin_of(users, "ada")
    users.add(a_new_user(email="bob@example.com"))
    with pytest.raises(LastAdminError):
        end(users, admin.id)
    assert users.find(admin.id) == admin


@every_end
def test_an_admin_who_is_disabled_does_not_count(users: Users, end: Callable[[Users, int], object]) -> None:
    admin, other = an_admin_of(users, "ada"), an_admin_of(users, "bob")
    users.change(other.id, NewValues(status="disabled"))
    with pytest.raises(LastAdminError):
        end(users, admin.id)
    users.change(other.id, NewValues(role="user"))


@every_end
def test_an_admin_may_go_while_there_is_another(users: Users, end: Callable[[Users, int], object]) -> None:
    admin, _ = an_admin_of(users, "ada"), an_admin_of(users, "bob")
    end(users, admin.id)
    found = users.find(admin.id)
    assert found is None or (found.role, found.status) != ("admin", "active")


def test_the_last_admin_may_change_their_name_and_keep_the_role(users: Users) -> None:
    admin = an_admin_of(users, "ada")
    assert users.change(admin.id, NewValues(name="Countess", role="admin", status="active")).name == "Countess"


def test_anyone_else_may_go_whatever_the_admins_do(users: Users) -> None:
    an_admin_of(users, "ada")
    user = users.add(a_new_user(email="bob@example.com"))
    users.change(user.id, NewValues(role="user", status="disabled"))
    users.remove(user.id)
    assert users.find(user.id) is None


@every_end
def test_of_admins_who_all_go_at_once_one_stays(users: Users, end: Callable[[Users, int], object]) -> None:
    ids = [an_admin_of(users, f"admin{number}").id for number in range(ADMINS)]

    def go(number: int) -> bool:
        try:
            end(users, ids[number])
        except LastAdminError:
            return False
        return True

    assert sorted(race(ADMINS, go)) == [False] + [True] * (ADMINS - 1)
    living = [user for user in users.page(Listing(100)).users if (user.role, user.status) == ("admin", "active")]
    assert len(living) == 1
