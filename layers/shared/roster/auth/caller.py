"""Who is calling, as the authorizer found out."""

from typing import Literal, NamedTuple

Role = Literal["user", "admin"]

ID_MAX = 2**63 - 1  # PostgreSQL's bigint
_ID_DIGITS_MAX = 19


def parse_id(text: str) -> int | None:
    """Return the id of a user or an order that *text* spells in its one way, None if it spells none."""
    is_plain = text.isascii() and text.isdigit() and text[0] != "0" and len(text) <= _ID_DIGITS_MAX
    return int(text) if is_plain and int(text) <= ID_MAX else None


class Caller(NamedTuple):
    """The user behind the access token, and the login that it came from."""

    user_id: int
    role: Role
    session_id: str

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"

    def may_see(self, user_id: int) -> bool:
        """Return whether the caller may see and change that user: themself, or anyone for an admin."""
        return self.user_id == user_id or self.is_admin
