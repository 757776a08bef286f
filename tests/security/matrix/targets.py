"""Whom or what a request is about: each way to fill in the parameters of a path."""

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from tests.builders import a_session_id
from tests.handlers.prepared import order_of
from tests.security.matrix.cast import Cast, Principal

MISSING_ID = 999


class Kind(Enum):
    """How a target stands to the principal."""

    NONE = "none"
    OWN = "own"
    FOREIGN = "foreign"
    MISSING = "missing"
    ERASED = "erased"
    MALFORMED = "malformed"


class Target(NamedTuple):
    """
    *spelled* writes it into the path; *user_id* is whom it means, None if nobody.

    It *is_absent* if there is nothing for anyone who may look there.
    """

    name: str
    kind: Kind
    spelled: Callable[[Principal], str]
    user_id: Callable[[Principal], int | None]
    is_absent: bool = False


NOTHING = Target("", Kind.NONE, lambda _: "", lambda _: None)


def of_path(path: str, cast: Cast) -> list[Target]:
    """Return every target that a path of the template can have."""
    if "{session_id}" in path:
        return sessions(cast)
    if "{file}" in path:
        return files()
    if "{order_id}" in path:
        return orders(cast)
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
        Target("erased", Kind.ERASED, lambda _: str(cast.erased), lambda _: cast.erased),
        nobody("a word", Kind.MALFORMED, "abc"),
        nobody("a leading zero", Kind.MALFORMED, "01"),
        nobody("too large", Kind.MALFORMED, str(2**63)),
        nobody("NUL", Kind.MALFORMED, "%00"),
    ]


def orders(cast: Cast) -> list[Target]:
    """Return each user with their own order, and what is amiss only with the order."""
    own, foreign = users(cast)[0], users(cast)[3]
    return [
        *(_with_order(user, lambda who, user=user: order_of(user.user_id(who) or cast.victim)) for user in users(cast)),
        _with_order(own, lambda _: order_of(cast.victim), "another's order")._replace(is_absent=True),
        _with_order(own, lambda _: MISSING_ID, "a missing order")._replace(is_absent=True),
        _with_order(foreign, lambda who: order_of(who.user_id), "one's own order")._replace(is_absent=True),
        _with_order(foreign, lambda _: MISSING_ID, "a missing order")._replace(is_absent=True),
        *(
            _with_order(own, lambda _, text=text: text, text)._replace(kind=Kind.MALFORMED)
            for text in ("abc", "0", "%00")
        ),
    ]


def _with_order(user: Target, order: Callable[..., object], name: str = "") -> Target:
    """Return the target of a path that names that user, and an order."""
    return user._replace(
        name=f"{user.name}, {name}" if name else user.name,
        spelled=lambda who: f"{user.spelled(who)}/orders/{order(who)}",
    )


def _percent_encoded(user_id: int) -> str:
    return "".join(f"%{ord(digit):x}" for digit in str(user_id))
