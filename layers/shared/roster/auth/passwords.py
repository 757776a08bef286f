"""Passwords: what is allowed (NIST SP 800-63B-4) and how they are kept (Argon2id)."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LENGTH_MAX = 256

# OWASP's first choice for Argon2id: 46 MiB, one pass, one lane.
_HASHER = PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1)


def length(password: str) -> int:
    """Return the length that the bounds are about, in code points; any characters are welcome."""
    return len(_normalized(password))


def hashed(password: str) -> str:
    """Return the hash to keep: about 30 ms of CPU and 46 MiB while it lasts."""
    return _HASHER.hash(_normalized(password))


def matches(password: str, password_hash: str | None) -> bool:
    """
    Return whether *password* is the one behind *password_hash*.

    The work is the same where there is no hash, so that an unknown account takes as long as a known one.
    """
    try:
        return _HASHER.verify(password_hash or _hash_of_nothing(), _normalized(password)) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Return whether the hash was made with other parameters than `hashed` uses now."""
    return _HASHER.check_needs_rehash(password_hash)


def prepare() -> None:
    """Make what the first call would otherwise have to make."""
    _hash_of_nothing()


@cache
def _hash_of_nothing() -> str:
    return _HASHER.hash("")


def _normalized(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
