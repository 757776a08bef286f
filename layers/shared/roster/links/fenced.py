"""Links whose effect on a user is noticed at once."""

from typing import TYPE_CHECKING

from roster.links.models import Owner
from roster.links.repository import Links
from roster.users import entries
from roster.users.fenced import keys_of

if TYPE_CHECKING:
    from roster.infrastructure.fenced_cache import FencedCache


class FencedLinks(Links):
    """Implements `Links` on *links*; what uses one returns when nobody is answered from before it any more."""

    def __init__(self, links: Links, fence: "FencedCache") -> None:
        self._links = links
        self._fence = fence

    def find_reset(self, token_hash: bytes) -> Owner | None:
        return self._links.find_reset(token_hash)

    def find_verification(self, token_hash: bytes) -> Owner | None:
        return self._links.find_verification(token_hash)

    def reset_password(self, token_hash: bytes, user_id: int, password_hash: str) -> None:
        # It calls the address verified, and ends the sessions.
        self._fence.change(keys_of(user_id), lambda: self._links.reset_password(token_hash, user_id, password_hash))

    def verify_email(self, token_hash: bytes, user_id: int) -> None:
        self._fence.change([entries.key_of(user_id)], lambda: self._links.verify_email(token_hash, user_id))

    def register(self, token_hash: bytes) -> int:
        user_id = self._links.register(token_hash)
        self._fence.changed([entries.key_of(user_id)])
        return user_id
