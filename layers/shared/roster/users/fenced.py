"""Users whose every write is noticed at once: the row that is remembered, and what it lets them do."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from roster.idempotency.models import Answer, IdempotencyKey, Item, Kind
from roster.idempotency.repository import FirstAnswers
from roster.infrastructure.versions import Versions
from roster.sessions import cached as standings
from roster.users import entries
from roster.users.listing import Listing, Slice
from roster.users.models import User
from roster.users.repository import NewUser, NewValues, Users

if TYPE_CHECKING:
    from roster.infrastructure.fenced_cache import FencedCache


class FencedUsers(Users):
    """Implements `Users` on *users*; what writes returns when nobody is answered from before it any more."""

    def __init__(self, users: Users, fence: "FencedCache") -> None:
        self._users = users
        self._fence = fence

    def find(self, user_id: int) -> User | None:
        return self._users.find(user_id)

    def page(self, listing: Listing) -> Slice:
        return self._users.page(listing)

    def add(self, new: NewUser) -> User:
        user = self._users.add(new)
        self._fence.changed([entries.key_of(user.id)])
        return user

    def change(self, user_id: int, values: NewValues, versions: Versions = None) -> User:
        is_about_standing = values.role is not None or values.status is not None
        keys = keys_of(user_id) if is_about_standing else [entries.key_of(user_id)]
        return self._fence.change(keys, lambda: self._users.change(user_id, values, versions))

    def remove(self, user_id: int, versions: Versions = None) -> None:
        self._fence.change(keys_of(user_id), lambda: self._users.remove(user_id, versions))


class FencedAnswers(FirstAnswers):
    """
    Implements `FirstAnswers` on *answers*, for effects that make users.

    Only after the transaction of both is committed it is known who was made; and once more with each replay, since
    who gave the first answer may have died before that.
    """

    def __init__(self, answers: FirstAnswers, fence: "FencedCache") -> None:
        self._answers = answers
        self._fence = fence

    def first(self, key: IdempotencyKey, kind: Kind[Item], effect: Callable[[], Item]) -> Answer[Item]:
        answer = self._answers.first(key, kind, effect)
        user_id = kind.subject_of(answer.item)
        if user_id is not None:
            self._fence.changed([entries.key_of(user_id)])
        return answer


def keys_of(user_id: int) -> list[str]:
    """Return the keys of what is remembered of a user: the row, and the standing."""
    return [entries.key_of(user_id), standings.key_of(user_id)]
