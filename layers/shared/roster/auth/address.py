"""E-mail addresses: what is one, and which two are the same."""

import hashlib
import re
import unicodedata
from typing import NamedTuple

from roster.auth.folding import folded

LENGTH_MAX = 254  # RFC 5321, section 4.5.3.1.3, less the angle brackets
_LOCAL_LENGTH_MAX = 64  # RFC 5321, section 4.5.3.1.1

# A dot-atom (RFC 5322, section 3.2.3), with the letters, marks and digits of every script (RFC 6532).
_ATOM_CHARACTERS = frozenset("_!#$%&'*+/=?^`{|}~-")
_ATOM_CATEGORIES = frozenset("LMN")
_ASCII_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"({_ASCII_LABEL}\.)+(?!\d+$){_ASCII_LABEL}")


class NotAnAddressError(ValueError):
    """The text is not an e-mail address."""


class Address(NamedTuple):
    """An address as its owner typed it, and the identity that it stands for."""

    typed: str
    canonical: str

    @property
    def deliverable(self) -> str:
        """Return the form to send mail to: its domain in ASCII, the case of its local part as typed."""
        local_part = unicodedata.normalize("NFKC", self.typed).rpartition("@")[0]
        return f"{local_part}@{self.canonical.rpartition('@')[2]}"


def parse(text: str) -> Address:
    """
    Read an address; two with the same canonical form belong to the same user.

    That form is trimmed, NFKC, case-folded, and its domain in ASCII (IDNA 2008 with UTS 46).

    Raises:
        NotAnAddressError: If it is none.
    """
    typed = text.strip()
    local_part, _, domain = folded(typed).rpartition("@")
    ascii_domain = _ascii_domain(domain)
    canonical = f"{local_part}@{ascii_domain}"
    if not (_is_local_part(local_part) and _DOMAIN.fullmatch(ascii_domain)):
        raise NotAnAddressError
    if max(len(typed.encode()), len(canonical.encode())) > LENGTH_MAX:
        raise NotAnAddressError
    return Address(typed, canonical)


def fingerprint(canonical: str) -> bytes:
    """Return what stands for an account where its address is not to be kept: SHA-256 of the canonical form."""
    return hashlib.sha256(canonical.encode()).digest()


def _is_local_part(text: str) -> bool:
    return all(map(_is_atom, text.split("."))) and len(text.encode()) <= _LOCAL_LENGTH_MAX


def _is_atom(text: str) -> bool:
    return bool(text) and all(
        character in _ATOM_CHARACTERS or unicodedata.category(character)[0] in _ATOM_CATEGORIES for character in text
    )


def _ascii_domain(domain: str) -> str:
    """Return the ASCII form, or the empty string if there is none."""
    if domain.isascii():
        return domain
    import idna  # noqa: PLC0415 (its tables are large, and most domains are ASCII)

    try:
        return idna.encode(domain, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        return ""
