"""Users remembered behind the fence, and ids that are nobody's: never older than an acknowledged write."""

from typing import TYPE_CHECKING

from roster.infrastructure import observability
from roster.infrastructure.fence_answers import Bypass, Hit, Miss
from roster.infrastructure.versions import Versions
from roster.users import entries
from roster.users.listing import Listing, Slice
from roster.users.models import User
from roster.users.repository import NewUser, NewValues, Users

if TYPE_CHECKING:
    from roster.infrastructure.fenced_cache import FencedCache

# Nobody can announce the making of a user, whose id is not known before: should who made them die before taking back
# that there is no such user, that is over soon.
MISSING_SECONDS = 60


class CachedUsers(Users):
    """Implements `Users` by remembering what *users* found; who changes them goes through `FencedUsers`."""

    def __init__(self, users: Users, fence: "FencedCache") -> None:
        self._users = users
        self._fence = fence

    def find(self, user_id: int) -> User | None:
        outcome = self._fence.read(entries.key_of(user_id))
        if isinstance(outcome, Hit):
            entry = entries.decoded(outcome.value, user_id)
            if entry is not None:
                observability.count("CacheHits")
                return entry.user
            observability.count("CacheEntryRefused")
            outcome = self._fence.read(entries.key_of(user_id), anew=True)
        observability.count("CacheSkips" if isinstance(outcome, Bypass) else "CacheMisses")
        with self._fence.asking(outcome):
            user = self._users.find(user_id)
        if isinstance(outcome, Miss):
            life_seconds = MISSING_SECONDS if user is None else None
            self._fence.fill(outcome, entries.encoded(user_id, user), life_seconds)
        return user

    def page(self, listing: Listing) -> Slice:
        return self._users.page(listing)

    def add(self, new: NewUser) -> User:
        return self._users.add(new)

    def change(self, user_id: int, values: NewValues, versions: Versions = None) -> User:
        return self._users.change(user_id, values, versions)

    def remove(self, user_id: int, versions: Versions = None) -> None:
        self._users.remove(user_id, versions)
