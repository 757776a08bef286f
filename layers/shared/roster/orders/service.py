"""The rules about orders: who may order what for whom, and who may move an order on."""

from roster.auth.caller import Caller
from roster.errors import NotAllowedError
from roster.idempotency.models import NO_KEY, Answer, IdempotencyKey, Kind
from roster.idempotency.repository import FirstAnswers
from roster.infrastructure import versions as row_versions
from roster.infrastructure.versions import Versions
from roster.orders.models import Filters, Order, OrderItem, OrderStatus, Place, Slice
from roster.orders.repository import NewOrder, OrderNotFoundError, Orders
from roster.users import access
from roster.users.repository import UserNotFoundError

_ORDERED = Kind[Order](Order, lambda order: order.user_id)


class OrderService:
    """Takes orders, shows them and moves them on, for callers."""

    def __init__(self, orders: Orders, answers: FirstAnswers) -> None:
        self._orders = orders
        self._answers = answers

    def add(
        self, user_id: int, currency: str, items: list[OrderItem], caller: Caller, key: IdempotencyKey = NO_KEY
    ) -> Answer[Order]:
        """
        Order something for a user who is there, once for each key.

        Raises:
            NotAllowedError: Also when there is no such user, so that ids cannot be probed.
            UserNotFoundError: If an admin names someone who does not exist, or not any more.
            UnauthenticatedError: If the caller's own account is gone.
            RequestInFlightError: If the same request is being worked on.
        """
        access.require_may_see(caller, user_id)
        new = NewOrder(user_id, currency, items)
        try:
            return self._answers.first(key, _ORDERED, lambda: self._orders.add(new))
        except UserNotFoundError:
            raise access.missing(user_id, caller) from None

    def get(self, user_id: int, order_id: int, caller: Caller) -> Order:
        """
        Return the order; an admin sees those of erased users, too.

        Raises:
            NotAllowedError: Also when there is no such user or order, so that ids cannot be probed.
            UserNotFoundError: If an admin names someone who never existed.
            OrderNotFoundError: If that user has no such order, whoever else has.
        """
        access.require_may_see(caller, user_id)
        order = self._orders.find(user_id, order_id)
        if order is None:
            raise self._missing(user_id, caller)
        return order

    def list(self, user_id: int, filters: Filters, after: Place | None, limit: int, caller: Caller) -> Slice:
        """
        Return at most *limit* orders of the user, newest first, from behind *after* on.

        Raises:
            NotAllowedError, UserNotFoundError: As `get`.
        """
        access.require_may_see(caller, user_id)
        found = self._orders.page(user_id, filters, after, limit + 1)
        if not found and not self._orders.knows(user_id):
            raise access.missing(user_id, caller)
        orders = found[:limit]
        return Slice(orders, Place(orders[-1].created_at, orders[-1].id) if len(found) > limit else None)

    def change(
        self, user_id: int, order_id: int, status: OrderStatus | None, versions: Versions, caller: Caller
    ) -> Order:
        """
        Move the order to *status*; None changes nothing. Who is no admin may cancel, and nothing else.

        Raises:
            NotAllowedError, UserNotFoundError, OrderNotFoundError: As `get`.
            StaleVersionError: If the order's version is none of *versions*.
            IllegalTransitionError: If *status* cannot be reached from where it is, or is where it is.
        """
        access.require_may_see(caller, user_id)
        if status is None:
            return self._unchanged(user_id, order_id, versions, caller)
        if status != "cancelled" and not caller.is_admin:
            raise NotAllowedError
        try:
            return self._orders.change(user_id, order_id, status, versions)
        except OrderNotFoundError:
            raise self._missing(user_id, caller) from None

    def _unchanged(self, user_id: int, order_id: int, versions: Versions, caller: Caller) -> Order:
        order = self.get(user_id, order_id, caller)
        row_versions.require(order.version, versions)
        return order

    def _missing(self, user_id: int, caller: Caller) -> Exception:
        return OrderNotFoundError() if self._orders.knows(user_id) else access.missing(user_id, caller)
