"""Text without regard to case, as identities and guesses are compared."""

import unicodedata

_NAME_LENGTH = 200  # one letter can fold to 18, and an index has no room for all of them


def folded(text: str) -> str:
    """Return the form in which two texts are the same to us: NFKC, case-folded, and NFKC again."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def folded_name(name: str) -> str:
    """Return what a name is sorted and searched by, or the beginning of one: 200 folded characters at most."""
    return folded(name)[:_NAME_LENGTH]
