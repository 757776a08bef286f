"""What the good requests of some endpoints find, beyond Ada who is logged in: second factors, half a login, orders."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Final

from roster.infrastructure import sealing
from roster.infrastructure.sealed import Sealed
from roster.second_factors import recovery_codes, totp
from roster.second_steps.repository import NewStep

from tests.builders import an_order
from tests.fake_tables import FactorRow
from tests.sealing_keys import KEYS
from tests.second_factors import NOON

if TYPE_CHECKING:
    from tests.handlers.world import World

SECRET: Final = b"canary-authenticator"
SECRET_TEXT: Final = base64.b32encode(SECRET).decode()
STEP: Final = int(NOON // totp.STEP_SECONDS)
CODE: Final = totp.code_at(SECRET, STEP)
RECOVERY_CODE: Final = "CANA-RYRE-C0VE-RY99"
CHALLENGE: Final = "canary-challenge-canary-challenge-canary-12"


def prepare(world: "World", stem: str) -> None:
    """Bring about what the good request of that endpoint needs, behind the handlers' backs."""
    before = list(world.tables.calls)
    for row in world.tables.rows.values():
        row.factor = None
    world.tables.orders.clear()
    if stem in _PREPARATIONS:
        _PREPARATIONS[stem](world)
    world.tables.calls[:] = before


def everybody_enrolled(world: "World") -> None:
    for user_id, row in world.tables.rows.items():
        row.factor = FactorRow(_sealed(user_id))


def everybody_confirmed(world: "World") -> None:
    for user_id in world.tables.rows:
        with_second_factor(world, user_id)


def with_second_factor(world: "World", user_id: int) -> None:
    row = world.tables.rows[user_id]
    hashes = {recovery_codes.hashed(user_id, RECOVERY_CODE)}
    row.factor = FactorRow(_sealed(user_id), row.user.created_at, STEP - 1, hashes)


def ada_half_logged_in(world: "World") -> None:
    everybody_confirmed(world)
    token_hash = hashlib.sha256(CHALLENGE.encode()).digest()
    world.steps.add(NewStep(token_hash, 1, world.tables.rows[1].password_changed_at))


def order_of(user_id: int) -> int:
    """Return the id of the one order of that user."""
    return 70 + user_id


def everybody_ordered(world: "World") -> None:
    """Let everybody have a pending order, erased users too."""
    for user_id in range(1, world.tables.last_id + 1):
        order = an_order(id=order_of(user_id), user_id=user_id)
        world.tables.orders[order.id] = order


@cache
def _sealed(user_id: int) -> Sealed:
    return sealing.read(KEYS).seal(SECRET, f"second factor of user {user_id}")


_PREPARATIONS: Mapping[str, Callable[["World"], None]] = {
    "change_order": everybody_ordered,
    "confirm_totp": everybody_enrolled,
    "disable_totp": everybody_confirmed,
    "get_order": everybody_ordered,
    "get_totp": everybody_confirmed,
    "list_orders": everybody_ordered,
    "log_in_totp": ada_half_logged_in,
    "remove_totp": everybody_confirmed,
    "renew_recovery_codes": everybody_confirmed,
}
