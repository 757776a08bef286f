"""What a handler can return besides a plain model: the answer's shape, without any HTTP words."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, Protocol, TypeGuard, TypeVar

from roster.users.models import User

if TYPE_CHECKING:
    from roster.sessions.grants import Grant

Item = TypeVar("Item")


class Versioned(Protocol):
    """One thing that changes: *id* and *version* make its ETag."""

    @property
    def id(self) -> int: ...
    @property
    def version(self) -> int: ...


def is_versioned(result: object) -> TypeGuard[Versioned]:
    """Return whether it is one; `isinstance` of a protocol is twenty times the work, and every answer needs it."""
    return hasattr(result, "id") and hasattr(result, "version")


@dataclass(frozen=True, slots=True)
class Created(Generic[Item]):
    """*item* was made, now or by the same request before, and is found under *name* below the path of the request."""

    item: Item
    name: str
    is_replayed: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """It will be seen to, or the same request before was; the answer tells nothing of how."""

    status: Literal["accepted"] = "accepted"
    is_replayed: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """A part of a list; *next_cursor* asks for the next part, None at the end."""

    items: list[Item]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Cacheable(Generic[Item]):
    """*item* is the same for everybody, who may keep it for a while."""

    item: Item
    max_age_seconds: int


@dataclass(frozen=True, slots=True)
class Document:
    """A file that goes out as it is, and what kind of text it is."""

    text: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Written:
    """JSON that was written before anybody asked for it."""

    text: str


@dataclass(frozen=True, slots=True)
class Unhealthy:
    """*report* tells which vital part is down."""

    report: object


@dataclass(frozen=True, slots=True)
class Login:
    """The answer to a login or a refresh (RFC 6749, section 5.1); *expires_in* in seconds."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    refresh_token: str
    user: User

    @classmethod
    def of(cls, grant: "Grant", user: User) -> "Login":
        return cls(grant.access_token, "Bearer", grant.expires_in, grant.refresh_token, user)
