"""The list of common passwords: a Bloom filter in a file, which tools/build_common_passwords.py makes."""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("common_passwords.bin")
BITS = 2**20
HASHES = 20
_POSITION_BYTES = 3


def contains(folded: str) -> bool:
    """
    Return whether the list has that password, case-folded; it says so wrongly of one in a million others at most.

    The first call reads the file.
    """
    bits = _bits()
    return all(bits[position // 8] >> position % 8 & 1 for position in positions(folded))


def positions(folded: str) -> Iterator[int]:
    """Return the bits that stand for a password: 20 numbers out of one BLAKE2b digest."""
    digest = hashlib.blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=HASHES * _POSITION_BYTES).digest()
    for start in range(0, len(digest), _POSITION_BYTES):
        yield int.from_bytes(digest[start : start + _POSITION_BYTES], "big") % BITS


@cache
def _bits() -> bytes:
    return FILE.read_bytes()
