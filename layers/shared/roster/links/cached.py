"""Links that leave no older entry of a user in the cache."""

from typing import TYPE_CHECKING

from roster.links.models import Owner
from roster.links.repository import Links
from roster.users import cached

if TYPE_CHECKING:
    from roster.infrastructure.cache import Cache


class CachedLinks(Links):
    """Implements `Links` on *links*, and forgets each user whom one of them changed."""

    def __init__(self, links: Links, cache: "Cache") -> None:
        self._links = links
        self._cache = cache

    def find_reset(self, token_hash: bytes) -> Owner | None:
        return self._links.find_reset(token_hash)

    def find_verification(self, token_hash: bytes) -> Owner | None:
        return self._links.find_verification(token_hash)

    def reset_password(self, token_hash: bytes, user_id: int, password_hash: str) -> None:
        try:
            self._links.reset_password(token_hash, user_id, password_hash)
        finally:
            cached.forget(self._cache, user_id)

    def verify_email(self, token_hash: bytes, user_id: int) -> None:
        try:
            self._links.verify_email(token_hash, user_id)
        finally:
            cached.forget(self._cache, user_id)

    def register(self, token_hash: bytes) -> int:
        return self._links.register(token_hash)
