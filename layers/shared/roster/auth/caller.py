"""Who is calling, as the authorizer found out."""

from typing import Literal, NamedTuple

Role = Literal["user", "admin"]


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
