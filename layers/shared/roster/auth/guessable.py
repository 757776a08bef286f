"""Passwords that anyone would try first: common ones, patterns, and what is known of the user."""

from itertools import takewhile

from roster.auth import common_passwords
from roster.auth.folding import folded
from roster.errors import FieldProblem, InvalidInputError

_PATTERN_LENGTH_MAX = 12
# What fingers do on a keyboard, and children with the alphabet; each may be walked in both directions, and on and on.
_WALKS = (
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
)


def is_common(password: str) -> bool:
    """
    Return whether the whole of it is on the list or a simple pattern, in upper or lower case.

    What it contains does not count (NIST SP 800-63B-4, section 3.1.1.2).
    """
    text = folded(password)
    return _repeats(text) or _walks(text) or common_passwords.contains(text)


def refuse_own(password: str, email: str, name: str, *, field: str) -> None:
    """
    Refuse a password that is, but for case and blanks, the user's address, its local part or their name.

    Raises:
        InvalidInputError: Names *field*.
    """
    known = (email, email.rpartition("@")[0], name)
    if _without_blanks(password) in map(_without_blanks, known):
        raise InvalidInputError(FieldProblem(field, "too_common", "Your name or address is too easy to guess."))


def _repeats(text: str) -> bool:
    """Return whether a short pattern, once and at least half again, makes up the text: `123456789012345`."""
    lengths = takewhile(lambda length: 2 * len(text) >= 3 * length, range(1, _PATTERN_LENGTH_MAX + 1))
    return any(text[length:] == text[:-length] for length in lengths)


def _walks(text: str) -> bool:
    times = len(text) // min(map(len, _WALKS)) + 2
    return any(text in walk * times or text[::-1] in walk * times for walk in _WALKS)


def _without_blanks(text: str) -> str:
    return "".join(folded(text).split())
