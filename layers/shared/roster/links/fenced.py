"""Links whose new password is noticed at once."""

from roster.auth.standing import StandingChange
from roster.links.models import Owner
from roster.links.repository import Links


class FencedLinks(Links):
    """Implements `Links` on *links*, and has what ends sessions done by *change_standing*."""

    def __init__(self, links: Links, change_standing: StandingChange) -> None:
        self._links = links
        self._change_standing = change_standing

    def find_reset(self, token_hash: bytes) -> Owner | None:
        return self._links.find_reset(token_hash)

    def find_verification(self, token_hash: bytes) -> Owner | None:
        return self._links.find_verification(token_hash)

    def reset_password(self, token_hash: bytes, user_id: int, password_hash: str) -> None:
        self._change_standing(user_id, lambda: self._links.reset_password(token_hash, user_id, password_hash))

    def verify_email(self, token_hash: bytes, user_id: int) -> None:
        self._links.verify_email(token_hash, user_id)

    def register(self, token_hash: bytes) -> int:
        return self._links.register(token_hash)
