"""Recovery codes: for who has lost the authenticator. Shown once, kept as hashes, each good for one use."""

import hashlib
import secrets
import unicodedata

COUNT = 10
# Crockford's base32: no letter looks like a digit. 16 of them are 80 bits, beyond trying out even without a slow hash.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 16
_GROUP = 4
_LOOKALIKES = str.maketrans("OIL", "011")
# Dashes and blanks of every script, and what is invisible.
_BETWEEN = ("Pd", "Zs", "Cc", "Cf")


def make() -> list[str]:
    """Return a new set, as it is shown: `7QK2-M0XD-…`."""
    return [_grouped("".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))) for _ in range(COUNT)]


def hashed(user_id: int, code: str) -> bytes:
    """Return what is kept of a user's code, however it is typed."""
    plain = normalized(code).translate(_LOOKALIKES)
    return hashlib.sha256(f"{user_id}:{plain}".encode()).digest()


def normalized(code: str) -> str:
    """Return any code, a TOTP code too, without what people put between its characters, and in capitals."""
    text = unicodedata.normalize("NFKC", code).upper()
    return "".join(character for character in text if unicodedata.category(character) not in _BETWEEN)


def _grouped(code: str) -> str:
    return "-".join(code[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))
