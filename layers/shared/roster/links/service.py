"""The rules of links: asking for one, and using it."""

import hashlib
import re
from collections.abc import Callable

from roster.auth import address, guessable, password_length
from roster.auth.caller import Caller
from roster.links.repository import InvalidLinkError, Links
from roster.mail.repository import Outbox

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class LinkService:
    """Asks for links and uses them."""

    def __init__(self, links: Links, outbox: Outbox, hash_password: Callable[[str], str]) -> None:
        self._links = links
        self._outbox = outbox
        self._hash_password = hash_password

    def request_reset(self, email: str) -> None:
        """Ask for a link to a new password; nobody learns here whether anyone has that address."""
        self._outbox.add_reset(address.parse(email).canonical)

    def request_verification(self, caller: Caller) -> None:
        """Ask for a link that verifies the caller's address; none is sent if it is verified."""
        self._outbox.add_verification(caller.user_id)

    def reset_password(self, token: str, password: str) -> None:
        """
        Set the password of the user whom the link was sent to, and log them out everywhere.

        Raises:
            InvalidLinkError: If the link is not good. No password is hashed then.
            InvalidInputError: If the password is the user's own address or name, or shorter than it has to be for them;
                the link stays good.
        """
        token_hash = _hash(token)
        owner = self._links.find_reset(token_hash)
        if owner is None or owner.user_id is None:
            raise InvalidLinkError
        password_length.refuse_short(password, has_second_factor=owner.has_second_factor, field="body.new_password")
        guessable.refuse_own(password, owner.email, owner.name, field="body.new_password")
        self._links.reset_password(token_hash, owner.user_id, self._hash_password(password))

    def verify_email(self, token: str) -> None:
        """
        Call the address that the link was sent to verified; for a registration this makes the user.

        Raises:
            InvalidLinkError: If the link is not good.
        """
        token_hash = _hash(token)
        owner = self._links.find_verification(token_hash)
        if owner is None:
            raise InvalidLinkError
        if owner.user_id is None:
            self._links.register(token_hash)
        else:
            self._links.verify_email(token_hash, owner.user_id)


def _hash(token: str) -> bytes:
    if not _TOKEN.fullmatch(token):
        raise InvalidLinkError
    return hashlib.sha256(token.encode()).digest()
