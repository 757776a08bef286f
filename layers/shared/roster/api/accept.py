"""Which media type a client wants (RFC 9110, section 12.5.1)."""

import re
from collections.abc import Sequence
from typing import NamedTuple

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
JSON_TYPES = (JSON, PROBLEM_JSON)

# A string that never ends reaches to the end. Each character is looked at once: no two parts begin alike.
_TEXT = r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)'
_MEMBER = re.compile(rf'(?:[^",]|{_TEXT})++', re.DOTALL)
_PARAMETER = re.compile(rf'(?:[^";]|{_TEXT})++', re.DOTALL)
_RANGE = re.compile(r"([\w!#$&^.+-]+)/([\w!#$&^.+-]+|\*)|\*/\*", re.ASCII)
_WEIGHT = re.compile(r"0?\.\d{1,9}|0(?:\.\d{0,9})?|1(?:\.0{0,9})?", re.ASCII)


class Liking(NamedTuple):
    """How much a client wants a media type, from 0 (not at all) to 1, and how exactly it named it."""

    weight: float
    exactness: int


_NOT_AT_ALL = Liking(0.0, 0)


def preferred(header: str | None, offered: Sequence[str]) -> str | None:
    """
    Return which of the media types on offer the client wants most, None if it takes none of them.

    Of two that it wants alike it gets the one that it names more exactly, else the one that is offered first.
    Without a header, or with an empty one, it takes anything. What cannot be read in a header is passed over, and
    a header in which nothing can be read takes nothing. Our types differ in no parameters: those are ignored.
    """
    members = _MEMBER.findall(header or "")
    if not "".join(members).strip(" \t"):
        return offered[0]
    ranges = [found for member in members if (found := _read(member))]
    likings = {media_type: _liking(ranges, media_type) for media_type in offered}
    best = max(offered, key=lambda media_type: likings[media_type])
    return best if likings[best].weight else None


def _read(member: str) -> tuple[str, float] | None:
    """Return a media range and its weight; None if that is neither."""
    name, *parameters = (part.strip(" \t") for part in _PARAMETER.findall(member))
    # What old Java sends by itself ends in `*; q=.2`.
    media_range = "*/*" if name == "*" else name.lower()
    weight = next((text[2:] for text in parameters if text[:2].lower() == "q="), "1")
    return (media_range, float(weight)) if _RANGE.fullmatch(media_range) and _WEIGHT.fullmatch(weight) else None


def _liking(ranges: Sequence[tuple[str, float]], media_type: str) -> Liking:
    """The most exact range that fits decides (section 12.5.1), of two equally exact ones the higher weight."""
    group = media_type.partition("/")[0]
    exactness = {media_type: 3, f"{group}/*": 2, "*/*": 1}
    fitting = [(exactness[name], weight) for name, weight in ranges if name in exactness]
    if not fitting:
        return _NOT_AT_ALL
    found, weight = max(fitting)
    return Liking(weight, found)
