"""Who a link was made for."""

from typing import NamedTuple


class Owner(NamedTuple):
    """
    The user behind a link; *user_id* is None while that is a registration.

    *has_second_factor* is told of those who may set a password.
    """

    user_id: int | None
    email: str
    name: str
    has_second_factor: bool = False
