"""Cuts off the end of shared libraries what no loader reads: symbols for debuggers, and the table of sections."""

import struct
from pathlib import Path
from typing import NamedTuple

_WORTH_IT_BYTES = 4096


class Header(NamedTuple):
    """What the header of a 64-bit little-endian ELF file says (the names are those of elf.h)."""

    machine: int
    e_phoff: int
    e_phentsize: int
    e_phnum: int


def header(content: bytes) -> Header:
    """Raises ValueError for what is no such file."""
    if content[:6] != b"\x7fELF\x02\x01" or len(content) < 64:
        raise ValueError("That is no 64-bit little-endian ELF file.")
    (machine,) = struct.unpack_from("<H", content, 18)
    (e_phoff,) = struct.unpack_from("<Q", content, 32)
    e_phentsize, e_phnum = struct.unpack_from("<HH", content, 54)
    return Header(machine, e_phoff, e_phentsize, e_phnum)


def loaded_bytes(content: bytes) -> int:
    """Return up to where a loader reads: the header, the table of segments, and every segment."""
    said = header(content)
    ends = [64, said.e_phoff + said.e_phentsize * said.e_phnum]
    for number in range(said.e_phnum):
        start = said.e_phoff + said.e_phentsize * number
        offset, size = (struct.unpack_from("<Q", content, start + at)[0] for at in (8, 32))
        ends.append(offset + size)
    return max(ends)


def shortened(content: bytes) -> bytes:
    """Return the library without its end, where that is worth it; its segments stay as they are, byte for byte."""
    end = loaded_bytes(content)
    if len(content) - end < _WORTH_IT_BYTES:
        return content
    kept = bytearray(content[:end])
    struct.pack_into("<Q", kept, 40, 0)  # e_shoff
    struct.pack_into("<HH", kept, 60, 0, 0)  # e_shnum, e_shstrndx
    return bytes(kept)


def shorten_all(site: Path) -> None:
    for path in libraries(site):
        content = path.read_bytes()
        shorter = shortened(content)
        if len(shorter) < len(content):
            path.unlink()  # uv may have linked it to its cache
            path.write_bytes(shorter)


def libraries(site: Path) -> list[Path]:
    return sorted([*site.rglob("*.so"), *site.rglob("*.so.*")])
