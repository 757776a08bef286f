"""Whom or what a request is about: each way to fill in the parameters of a path."""

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from tests.builders import a_session_id
from tests.security.matrix.cast import Cast, Principal

MISSING_ID = 999


class Kind(Enum):
    """How a target stands to the principal."""

    NONE = "none"
    OWN = "own"
    FOREIGN = "foreign"
    MISSING = "missing"
    MALFORMED = "malformed"


class Target(NamedTuple):
    """*spelled* writes it into the path; *user_id* is whom it means, None if nobody."""

    name: str
    kind: Kind
    spelled: Callable[[Principal], str]
    user_id: Callable[[Principal], int | None]


NOTHING = Target("", Kind.NONE, lambda _: "", lambda _: None)


def of_path(path: str, cast: Cast) -> list[Target]:
    """Return every target that a path of the template can have."""
    if "{session_id}" in path:
        return sessions(cast)
    if "{file}" in path:
        return files()
    return users(cast) if "{user_id}" in path else [NOTHING]


def sessions(cast: Cast) -> list[Target]:
    def other(name: str, kind: Kind, text: str) -> Target:
        return Target(name, kind, lambda _: text, lambda _: None)

    return [
        Target("own", Kind.OWN, lambda who: a_session_id(who.user_id), lambda who: who.user_id),
        other("another's", Kind.FOREIGN, a_session_id(cast.victim)),
        other("an admin's", Kind.FOREIGN, a_session_id(cast.other_admin)),
        other("missing", Kind.MISSING, a_session_id(999)),
        other("an erased user's", Kind.MISSING, a_session_id(cast.erased)),
        other("a word", Kind.MALFORMED, "me"),
        other("in capitals", Kind.MALFORMED, a_session_id(cast.ada).upper()),
        other("too long", Kind.MALFORMED, a_session_id(cast.ada) + "0"),
    ]


def files() -> list[Target]:
    def named(name: str, kind: Kind = Kind.MALFORMED) -> Target:
        return Target(name, kind, lambda _: name, lambda _: None)

    return [named("init.js", Kind.NONE), named("app.py"), named("..%2fget_docs%2fpage.html"), named("%2fetc%2fpasswd")]


def users(cast: Cast) -> list[Target]:
    def other(name: str, user_id: int) -> Target:
        return Target(name, Kind.FOREIGN, lambda _: str(user_id), lambda _: user_id)

    def nobody(name: str, kind: Kind, text: str) -> Target:
        return Target(name, kind, lambda _: text, lambda _: None)

    return [
        Target("own", Kind.OWN, lambda who: str(who.user_id), lambda who: who.user_id),
        Target("me", Kind.OWN, lambda _: "me", lambda who: who.user_id),
        Target("own, encoded", Kind.OWN, lambda who: _percent_encoded(who.user_id), lambda who: who.user_id),
        other("another's", cast.victim),
        other("an admin's", cast.other_admin),
        nobody("missing", Kind.MISSING, str(MISSING_ID)),
        nobody("erased", Kind.MISSING, str(cast.erased)),
        nobody("a word", Kind.MALFORMED, "abc"),
        nobody("a leading zero", Kind.MALFORMED, "01"),
        nobody("too large", Kind.MALFORMED, str(2**63)),
        nobody("NUL", Kind.MALFORMED, "%00"),
    ]


def _percent_encoded(user_id: int) -> str:
    return "".join(f"%{ord(digit):x}" for digit in str(user_id))
