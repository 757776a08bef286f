"""The subjects by which the document is ordered."""

from collections.abc import Iterable
from typing import NamedTuple


class Tag(NamedTuple):
    """A subject, and how the paths begin or end that are about it."""

    name: str
    description: str
    starts: str
    ends: str = ""


# The first that fits.
_TAGS = (
    Tag("second factors", "Codes of an authenticator besides the password (RFC 6238).", "/api/auth/totp"),
    Tag("second factors", "", "/api/users/", "/totp"),
    Tag("sessions", "Where a user is logged in.", "/api/auth/sessions"),
    Tag("sessions", "", "/api/users/", "/sessions"),
    Tag("links", "Passwords and addresses by links in mails.", "/api/auth/password-reset"),
    Tag("links", "", "/api/auth/verify-email"),
    Tag("logging in", "From a password to tokens, and back out.", "/api/auth/"),
    Tag("orders", "What users have ordered.", "/api/users/", "/orders"),
    Tag("orders", "", "/api/users/", "/orders/{order_id}"),
    Tag("users", "Accounts.", "/api/users"),
    Tag("audit", "Who changed what.", "/api/audit"),
    Tag("tokens", "What verifiers of access tokens need.", "/.well-known/"),
    Tag("operations", "Health, and this document.", "/api/"),
)


def of_path(path: str) -> str:
    return next(tag.name for tag in _TAGS if path.startswith(tag.starts) and path.endswith(tag.ends))


def described(names: Iterable[str]) -> list[dict[str, str]]:
    """Return the tags with these names, each once, in the order of the names."""
    words = {tag.name: tag.description for tag in _TAGS if tag.description}
    return [{"name": name, "description": words[name]} for name in dict.fromkeys(names)]
