"""Versions of rows, which grow by one with each change: those that a change may meet."""

from collections.abc import Set

from roster.errors import StaleVersionError

Versions = Set[int] | None
"""The versions that a change may meet; None for any."""

MEETS = "(%(versions)s::bigint[] IS NULL OR version = ANY (%(versions)s::bigint[]))"
"""SQL for rows that a change may meet; `as_parameter` makes its parameter."""


def as_parameter(versions: Versions) -> list[int] | None:
    return None if versions is None else sorted(versions)


def require(version: int, versions: Versions) -> None:
    """
    Refuse a version that a change may not meet.

    Raises:
        StaleVersionError: If it is none of *versions*.
    """
    if versions is not None and version not in versions:
        raise StaleVersionError
