"""The port to the orders, and what it may fail with."""

from typing import NamedTuple, Protocol

from roster.errors import ConflictError, MissingError
from roster.infrastructure.versions import Versions
from roster.orders.models import Filters, Order, OrderItem, OrderStatus, OrderSummary, Place


class OrderNotFoundError(MissingError):
    code = "order_not_found"
    message = "There is no such order."


class IllegalTransitionError(ConflictError):
    code = "illegal_transition"
    message = "An order in this status cannot go to that one."


class NewOrder(NamedTuple):
    user_id: int
    currency: str
    items: list[OrderItem]


class Orders(Protocol):
    """The orders, those of erased users included."""

    def find(self, user_id: int, order_id: int) -> Order | None:
        """Return that order, if it is of that user."""

    def page(self, user_id: int, filters: Filters, after: Place | None, limit: int) -> list[OrderSummary]:
        """Return at most *limit* orders of that user, newest first, from behind *after* on: keyset pagination."""

    def knows(self, user_id: int) -> bool:
        """Return whether there is, or ever was, a user with that id."""

    def add(self, new: NewOrder) -> Order:
        """
        Add an order with its items, all or nothing; of who orders and who erases the user, one is first.

        Raises:
            UserNotFoundError: If there is no such living user.
        """

    def change(self, user_id: int, order_id: int, status: OrderStatus, versions: Versions = None) -> Order:
        """
        Move an order to *status* and return it with the next version; of many who move it at once one wins.

        Raises:
            OrderNotFoundError: If that user has no such order.
            StaleVersionError: If its version is none of *versions*.
            IllegalTransitionError: If *status* cannot be reached from where it is.
        """
