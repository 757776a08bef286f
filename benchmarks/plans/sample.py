"""Rows that are known to be loaded, computed as `rows.py` does, for the cases to ask for."""

import hashlib

ORDINARY = 3005
"""A number from which follow a user like most, their second factor, a login that waits, and a link to reset."""

ORDINARY_ID, UNVERIFIED_ID = 5 * ORDINARY, 5 * (ORDINARY - 2)
RESET, VERIFICATION, REGISTRATION = ORDINARY, ORDINARY - 2, ORDINARY - 1
"""The numbers of links."""

REGISTRATION_ID = REGISTRATION // 2

HEAVIEST_ID, HEAVY_ID, MEDIUM_ID = 1000, 2000, 3000
"""Who has a tenth of the orders and of the events; a hundredth of the orders, and as many sessions as one may have."""

ADMIN_ID = 1


def hashed(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def session_id(number: int) -> str:
    digest = hashlib.md5(f"session {number}".encode(), usedforsecurity=False).hexdigest()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:]))


def email(user_id: int) -> str:
    return f"user{user_id}@example.com"


def password_hash(user_id: int) -> str:
    return f"hash of user {user_id}" + "." * 80
