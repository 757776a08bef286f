"""Users and accounts."""

from collections.abc import Callable
from contextlib import suppress

from roster.auth import address
from roster.errors import StaleVersionError
from roster.users.repository import NewUser, NewValues

from benchmarks.plans import sample
from benchmarks.plans.adapters import Adapters
from benchmarks.plans.sample import ADMIN_ID, HEAVY_ID, MEDIUM_ID, ORDINARY_ID

_NEW = NewUser(address.parse("somebody.new@example.com"), "Somebody New", "user", "a hash")
_OLD_HASH = sample.password_hash(ORDINARY_ID)


def _change_stale(on: Adapters) -> None:
    with suppress(StaleVersionError):
        on.users.change(ORDINARY_ID, NewValues(name="Augusta"), frozenset({99}))


CASES: dict[str, Callable[[Adapters], object]] = {
    "a user": lambda on: on.users.find(ORDINARY_ID),
    "a new user": lambda on: on.users.add(_NEW),
    "a user's new name": lambda on: on.users.change(ORDINARY_ID, NewValues(name="Augusta"), frozenset({1, 2, 3})),
    "a user's new address": lambda on: on.users.change(ORDINARY_ID, NewValues(address=_NEW.address)),
    "a change of an old version": _change_stale,
    "a user is disabled": lambda on: on.users.change(HEAVY_ID, NewValues(status="disabled")),
    "an admin is demoted": lambda on: on.users.change(ADMIN_ID, NewValues(role="user")),
    "a user is erased": lambda on: on.users.remove(ORDINARY_ID),
    "a user with many events is erased": lambda on: on.users.remove(MEDIUM_ID),
    "an account by address": lambda on: on.accounts.find_by_address(sample.email(ORDINARY_ID)),
    "an account by an unknown address": lambda on: on.accounts.find_by_address("user3x@example.com"),
    "an account by an address after the last": lambda on: on.accounts.find_by_address("zoe@example.com"),
    "an account by id": lambda on: on.accounts.find(ORDINARY_ID),
    "a new password": lambda on: on.accounts.change_password(ORDINARY_ID, _OLD_HASH, "a new hash"),
    "a hash with new parameters": lambda on: on.accounts.rehash(ORDINARY_ID, _OLD_HASH, "a new hash"),
}
