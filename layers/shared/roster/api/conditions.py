"""Conditional requests (RFC 9110, section 13): entity tags made from a row's version."""

import re

from roster.errors import MalformedRequestError

_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
# Empty elements are allowed (RFC 9110, section 5.6.1.2). Each blank and comma can match in one way only.
_LIST = re.compile(rf"\s*\*\s*|[\s,]*{_TAG}(?:\s*,[\s,]*{_TAG})*[\s,]*")


class MalformedConditionError(MalformedRequestError):
    code = "malformed_condition"
    message = "If-Match and If-None-Match take entity tags in double quotes, or *."


def etag(identity: int, version: int) -> str:
    """Return the strong tag of a version; the id is part of it because `me` is another user for each caller."""
    return f'"{identity}-{version}"'


def matches_none(header: str | None, tag: str) -> bool:
    """Return whether an If-None-Match header lets the answer through; compares weakly."""
    return header is None or not ("*" in _tags(header) or tag in {found.removeprefix("W/") for found in _tags(header)})


def matches(header: str | None, tag: str) -> bool:
    """Return whether an If-Match header lets the answer through; compares strongly."""
    return header is None or bool({"*", tag} & set(_tags(header)))


def no_version(header: str) -> frozenset[int]:
    """Return what an If-None-Match header allows a write to meet: nothing, as it is for making what is not there."""
    _tags(header)
    return frozenset()


def versions(header: str | None, identity: int) -> frozenset[int] | None:
    """Return the versions that an If-Match header allows, None for any; compares strongly."""
    if header is None:
        return None
    tags = _tags(header)
    return None if "*" in tags else frozenset(version for tag in tags for version in _version(tag, identity))


def _tags(header: str) -> list[str]:
    if not _LIST.fullmatch(header):
        raise MalformedConditionError
    return ["*"] if header.strip() == "*" else re.findall(_TAG, header)


def _version(tag: str, identity: int) -> list[int]:
    found = re.fullmatch(rf'"{identity}-([1-9][0-9]{{0,17}})"', tag)
    return [int(found[1])] if found else []
