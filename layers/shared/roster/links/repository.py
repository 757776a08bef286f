"""The port to the links that were mailed, and what using one may fail with."""

from typing import Protocol

from roster.errors import MalformedRequestError
from roster.links.models import Owner


class InvalidLinkError(MalformedRequestError):
    """One answer for a link that was used, has expired, was never made, or whose user or address is gone."""

    code = "invalid_link"
    message = "This link does not work, or no longer. Ask for a new one."


class Links(Protocol):
    """
    Tokens by their SHA-256; each is good for one thing, once, while its user is active and has its address.

    Looking does not use a token. Of many who use one at once one succeeds, and all of what it does happens or nothing.
    """

    def find_reset(self, token_hash: bytes) -> Owner | None:
        """Return whose password the token can set; a link from before the last change of it sets none."""

    def find_verification(self, token_hash: bytes) -> Owner | None:
        """Return whose address the token verifies."""

    def reset_password(self, token_hash: bytes, user_id: int, password_hash: str) -> None:
        """
        Set the password, end all sessions and all other such links of the user, and call the address verified.

        Raises:
            InvalidLinkError: If the token is not good, or not for that user.
        """

    def verify_email(self, token_hash: bytes, user_id: int) -> None:
        """
        Call the address verified.

        Raises:
            InvalidLinkError: If the token is not good, or not for that user.
        """

    def register(self, token_hash: bytes) -> int:
        """
        Make the user of a registration, with a verified address; others that wait for that address are forgotten.

        Raises:
            InvalidLinkError: If the token is not good, or somebody else has the address by now.
        """
