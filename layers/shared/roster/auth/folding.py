"""Text without regard to case, as identities and guesses are compared."""

import unicodedata


def folded(text: str) -> str:
    """Return the form in which two texts are the same to us: NFKC, case-folded, and NFKC again."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
