"""Users whose lost rights are noticed at once."""

from roster.auth.standing import StandingChange
from roster.infrastructure.versions import Versions
from roster.users.listing import Listing, Slice
from roster.users.models import User
from roster.users.repository import NewUser, NewValues, Users


class FencedUsers(Users):
    """Implements `Users` on *users*, and has what changes somebody's standing done by *change_standing*."""

    def __init__(self, users: Users, change_standing: StandingChange) -> None:
        self._users = users
        self._change_standing = change_standing

    def find(self, user_id: int) -> User | None:
        return self._users.find(user_id)

    def page(self, listing: Listing) -> Slice:
        return self._users.page(listing)

    def add(self, new: NewUser) -> User:
        return self._users.add(new)

    def change(self, user_id: int, values: NewValues, versions: Versions = None) -> User:
        def change() -> User:
            return self._users.change(user_id, values, versions)

        is_about_standing = values.role is not None or values.status is not None
        return self._change_standing(user_id, change) if is_about_standing else change()

    def remove(self, user_id: int, versions: Versions = None) -> None:
        self._change_standing(user_id, lambda: self._users.remove(user_id, versions))
