"""Who asks: everybody of the matrix, and the token that each of them shows."""

import time
from enum import Enum
from typing import NamedTuple

from roster.auth import tokens
from roster.auth.caller import Caller, Role
from roster.users.repository import NewValues

from tests import forge
from tests.builders import a_refresh_token, a_session_id
from tests.handlers.prepared import CHALLENGE
from tests.handlers.world import World


class Standing(Enum):
    """What a principal's token is worth at the moment of the request; one that ENDED was good once."""

    NOTHING = "nothing"
    ENDED = "ended"
    USER = "user"
    ADMIN = "admin"


class Principal(NamedTuple):
    """*user_id* is whose token it is, or was, *address* theirs; *authorization* None sends none."""

    name: str
    standing: Standing
    user_id: int
    authorization: str | None
    address: str = ""

    @property
    def reaches_handlers(self) -> bool:
        """Return whether there is anything behind the authorizer for it: some routes have none."""
        return self.authorization is None or self.standing is not Standing.NOTHING


class Cast:
    """The users of the world, and the principals."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.ada = world.ada.id
        self.bob = self._add("bob@roster.test")
        self.victim = self._add("victim@roster.test")
        self.admin = self._add("admin@roster.test", role="admin")
        self.other_admin = self._add("other-admin@roster.test", role="admin")
        self.erased = self._add("erased@roster.test")
        world.users.remove(self.erased)
        self.disabled = self._add("disabled@roster.test")
        self.disabled_admin = self._add("disabled-admin@roster.test", role="admin")
        for user_id in (self.disabled, self.disabled_admin):
            world.users.change(user_id, NewValues(status="disabled"))
        self.demoted = self._add("demoted@roster.test", role="admin")
        self.promoted = self._add("promoted@roster.test")
        world.users.change(self.demoted, NewValues(role="user"))
        world.users.change(self.promoted, NewValues(role="admin"))
        self.logged_out = self._add("logged-out@roster.test", role="admin")
        world.sessions.remove_all(self.logged_out)

    def principals(self) -> list[Principal]:
        """Return everybody, with the tokens that they have."""
        return [*self._known(), *self._no_longer_known(), *self._never_known()]

    def _known(self) -> list[Principal]:
        demoted, promoted = token_of(self.demoted, "admin"), token_of(self.promoted)
        return [
            Principal("anonymous", Standing.NOTHING, self.ada, None),
            Principal("A", Standing.USER, self.ada, token_of(self.ada), "ada@example.com"),
            Principal("B", Standing.USER, self.bob, token_of(self.bob), "bob@roster.test"),
            Principal("admin", Standing.ADMIN, self.admin, token_of(self.admin, "admin")),
            Principal("no admin any more", Standing.USER, self.demoted, demoted, "demoted@roster.test"),
            Principal("an admin by now", Standing.ADMIN, self.promoted, promoted),
        ]

    def _no_longer_known(self) -> list[Principal]:
        ended: list[tuple[str, int, Role]] = [
            ("erased", self.erased, "user"),
            ("erased, who was an admin", self.erased, "admin"),
            ("disabled", self.disabled, "user"),
            ("admin, disabled", self.disabled_admin, "admin"),
            ("admin, logged out", self.logged_out, "admin"),
        ]
        strange = token_of(self.admin, "admin", a_session_id(self.ada))
        return [
            *(Principal(name, Standing.ENDED, user_id, token_of(user_id, role)) for name, user_id, role in ended),
            Principal("admin in another's session", Standing.ENDED, self.admin, strange),
        ]

    def _never_known(self) -> list[Principal]:
        return [
            Principal("A, expired", Standing.NOTHING, self.ada, forged(self.ada, "user", seconds=-60)),
            Principal("admin, expired", Standing.NOTHING, self.admin, forged(self.admin, "admin", seconds=-60)),
            Principal(
                "admin, not yet",
                Standing.NOTHING,
                self.admin,
                forged(self.admin, "admin", issued=86_400, seconds=90_000),
            ),
            Principal("refresh token", Standing.NOTHING, self.ada, f"Bearer {a_refresh_token(self.ada)}"),
            Principal("challenge", Standing.NOTHING, self.ada, f"Bearer {CHALLENGE}"),
            Principal("refresh JWT", Standing.NOTHING, self.admin, forged(self.admin, "admin", kind="refresh+jwt")),
            Principal("challenge JWT", Standing.NOTHING, self.admin, forged(self.admin, "admin", kind="challenge+jwt")),
            Principal("ID token", Standing.NOTHING, self.admin, forged(self.admin, "admin", kind="JWT")),
        ]

    def _add(self, email: str, role: Role = "user") -> int:
        user = self._world.add(email, name=f"name of {email}")
        if role != "user":
            self._world.users.change(user.id, NewValues(role=role))
        return user.id


def token_of(user_id: int, role: Role = "user", session_id: str | None = None) -> str:
    """Return a header with a good token."""
    caller = Caller(user_id, role, session_id or a_session_id(user_id))
    return f"Bearer {tokens.issue(caller, key=forge.SIGNING_KEY, issuer=forge.ISSUER, life_seconds=3600)}"


def forged(user_id: int, role: Role, *, kind: str = tokens.TYPE, issued: int = -120, seconds: int = 3600) -> str:
    """Return a header with a token signed by our key, of another kind or time than it should be."""
    now = int(time.time())
    claims = forge.claims(sub=str(user_id), sid=a_session_id(user_id), role=role, iat=now + issued, exp=now + seconds)
    return f"Bearer {forge.signed(forge.header(typ=kind), claims)}"
