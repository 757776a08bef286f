"""Faults that others have shipped, each with the judge and the variant that give it away."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from roster.auth import tokens
from roster.auth.caller import Caller
from roster.errors import NotAllowedError
from roster.orders.service import OrderService
from roster.second_factors.service import SecondFactorService
from roster.users import service
from roster.users.repository import UserNotFoundError
from roster.users.service import UserService

from tests.fake_orders import FakeOrders
from tests.fake_sessions import FakeStandings
from tests.security import weakened
from tests.security.matrix import judges
from tests.security.matrix.runner import Outcome
from tests.security.matrix.variants import PLAIN

Plant = Callable[[pytest.MonkeyPatch], None]
Judge = Callable[[Iterable[Outcome]], list[str]]


def _everybody_sees_everybody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Caller, "may_see", lambda self, user_id: True)


def _everybody_lists(patch: pytest.MonkeyPatch) -> None:
    whole = UserService.list
    admin = Caller(0, "admin", "")
    patch.setattr(UserService, "list", lambda self, listing, caller: whole(self, listing, admin))


def _everybody_sets_roles(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(service, "_require_may_change", lambda caller, changes: None)


def _looks_before_it_asks(patch: pytest.MonkeyPatch) -> None:
    whole = UserService.get

    def get(self: Any, user_id: int, caller: Caller) -> Any:
        if self._users.find(user_id) is None:
            raise UserNotFoundError
        return whole(self, user_id, caller)

    patch.setattr(UserService, "get", get)


def _acts_before_it_asks(patch: pytest.MonkeyPatch) -> None:
    def remove(self: Any, user_id: int, versions: Any, caller: Caller) -> None:
        self._users.remove(user_id, versions)
        if not caller.may_see(user_id):
            raise NotAllowedError

    patch.setattr(UserService, "remove", remove)


def _believes_the_token(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(FakeStandings, "find", lambda self, user_id, session_id: "user")


def _keeps_the_role_of_the_token(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Caller, "_replace", lambda self, **current: self)


def _everybody_disarms_everybody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SecondFactorService, "remove", lambda self, user_id, caller: self._factors.remove(user_id) or None)


def _orders_of_everybody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(FakeOrders, "find", lambda self, user_id, order_id: self.tables.orders.get(order_id))


def _everybody_moves_orders(patch: pytest.MonkeyPatch) -> None:
    whole = OrderService.change

    def change(self: Any, user_id: int, order_id: int, status: Any, versions: Any, caller: Caller) -> Any:
        return whole(self, user_id, order_id, status, versions, caller._replace(role="admin"))

    patch.setattr(OrderService, "change", change)


def _verifies(fault: str) -> Plant:
    return lambda patch: patch.setattr(tokens, "verify", weakened.WEAKENED[fault][0])


FAULTS: dict[str, tuple[Plant, Judge, str]] = {
    "no check of the owner": (_everybody_sees_everybody, judges.wrong_statuses, PLAIN.name),
    "no check of the owner, seen": (_everybody_sees_everybody, judges.disclosures, PLAIN.name),
    "everybody lists": (_everybody_lists, judges.disclosures, PLAIN.name),
    "everybody sets roles": (_everybody_sets_roles, judges.wrong_statuses, "with a role"),
    "404 for a missing user": (_looks_before_it_asks, judges.distinguishable, PLAIN.name),
    "done, then refused": (_acts_before_it_asks, judges.wrong_changes, PLAIN.name),
    "ended sessions": (_believes_the_token, judges.wrong_statuses, PLAIN.name),
    "roles that were taken": (_keeps_the_role_of_the_token, judges.wrong_statuses, PLAIN.name),
    "anybody removes second factors": (_everybody_disarms_everybody, judges.wrong_statuses, PLAIN.name),
    "orders found by their id alone": (_orders_of_everybody, judges.wrong_statuses, PLAIN.name),
    "everybody moves orders on": (_everybody_moves_orders, judges.wrong_statuses, "to paid"),
    "expired tokens": (_verifies("no expiry"), judges.wrong_statuses, PLAIN.name),
    "tokens of every type": (_verifies("PyJWT alone"), judges.wrong_statuses, PLAIN.name),
}
