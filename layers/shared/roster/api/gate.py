"""What stands between a request and its handler: who comes, and whether they are let in."""

from collections.abc import Callable
from typing import NamedTuple

from roster.auth.caller import Caller


class Visit(NamedTuple):
    """
    A request for *route* (`GET /api/users/{user_id}`).

    *caller* is who the access token speaks for, if any, and *user_id* whom the path names.
    """

    route: str
    source_ip: str
    caller: Caller | None
    user_id: int | None = None


class Admission(NamedTuple):
    """The caller as they are now, which may differ from what the token says."""

    caller: Caller | None


Gate = Callable[[Visit], Admission]
"""Lets a visit in, or raises a `RosterError`."""


def open_gate(visit: Visit) -> Admission:
    """Let everyone in as who they say they are."""
    return Admission(visit.caller)
