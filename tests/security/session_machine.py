"""Whatever happens to sessions, in any order: the real service does what the model does."""

from collections.abc import Callable
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from roster.auth.caller import Caller
from roster.auth.client import Client
from roster.auth.postgres import PostgresAccounts
from roster.auth.repository import WrongCredentialsError
from roster.infrastructure.database import Database
from roster.sessions.grants import Grants
from roster.sessions.postgres import PostgresSessions, PostgresStandings
from roster.sessions.repository import InvalidRefreshTokenError, Lifetime, SessionNotFoundError
from roster.sessions.service import SessionService
from roster.users.postgres import PostgresUsers
from roster.users.repository import NewValues

from tests.builders import a_new_user
from tests.security import session_model
from tests.security.session_model import Model, ModelSession

HERE = Client("203.0.113.7", "a browser")
USERS = 2
_AGED = """
    UPDATE sessions SET created_at = created_at - d, refreshed_at = refreshed_at - d,
        idle_until = idle_until - d, expires_at = expires_at - d
    FROM (SELECT %s * interval '1 second' AS d) AS by
"""
_USED_AGED = "UPDATE used_refresh_tokens SET used_at = used_at - %s * interval '1 second'"

number = st.integers(0, USERS - 1)
place = st.integers(0, 1000)


class SessionMachine(RuleBasedStateMachine):
    """*database* is set by the test; users are new in each run."""

    database: ClassVar[Database]
    run: ClassVar[int] = 0
    tick: ClassVar[Callable[[int], None]] = lambda _: None

    def __init__(self) -> None:
        super().__init__()
        type(self).run += 1
        type(self).tick(self.run)
        self.model, self.tokens, self.hashes = Model(), list[str](), ["first"] * USERS
        self.users, self.accounts = PostgresUsers(self._opened), PostgresAccounts(self._opened)
        self.sessions = PostgresSessions(self._opened, session_model.GRACE)
        self.standings = PostgresStandings(self._opened)
        lifetime = Lifetime(int(session_model.IDLE), int(session_model.TOTAL))
        self.grants = Grants(self.sessions, lambda caller: (caller.session_id, 60), lifetime)
        self.service = SessionService(self.sessions)
        self.users.add(a_new_user(f"admin-{self.run}@roster.test", role="admin"))
        added = [a_new_user(f"{self.run}-{user}@roster.test", password_hash="first") for user in range(USERS)]
        self.ids = [self.users.add(new).id for new in added]

    @initialize()
    def begin(self) -> None:
        """Let there be something to end, to repeat and to steal."""
        for user in (0, 0, 1):
            self.log_in(user)
        for which in range(3):
            self.refresh_as_clients_do(which)

    @rule(user=number)
    def log_in(self, user: int) -> None:
        account = self.accounts.find(self.ids[user])
        assert account is not None
        if user in self.model.disabled:
            self._refused(WrongCredentialsError, lambda: self.grants.open(account.user_id, HERE, None))
            return
        grant = self.grants.open(account.user_id, HERE, account.password_changed_at)
        self.model.open(user, grant.caller.session_id, grant.refresh_token)
        self.tokens.append(grant.refresh_token)

    @rule(which=st.lists(place, min_size=1, max_size=4), seconds=st.sampled_from([0, 0, 20, 100, 100, 3000, 3700]))
    def try_tokens(self, which: list[int], seconds: int) -> None:
        """Use tokens that were given out at some time, or that never were, a while later."""
        self._wait(seconds)
        known = [*self.tokens, "rt_" + "A" * 43, "rt_", ""]
        for each in which:
            self._refresh(known[each % len(known)])

    @precondition(lambda self: self.model.sessions)
    @rule(which=place)
    def refresh_as_clients_do(self, which: int) -> None:
        self._refresh(self._session(which)[1].token)

    def _refresh(self, token: str) -> None:
        if self.model.is_good(token):
            successor = self.grants.refresh(token, HERE).refresh_token
            self.model.rotate(token, successor)
            self.tokens.append(successor)
        elif self.model.repeated(token):
            assert self.grants.refresh(token, HERE).refresh_token == self.model.repeated(token)
        else:
            ended = self.model.session_of(token)
            self._refused(InvalidRefreshTokenError, lambda: self.grants.refresh(token, HERE))
            self.model.end(*([ended] if ended else []))

    @precondition(lambda self: self.model.sessions)
    @rule(which=place, how=st.sampled_from(["log out", "log out everywhere", "one", "somebody else's"]))
    def end(self, which: int, how: str) -> None:
        session_id, session = self._session(which)
        own, other = (Caller(self.ids[user], "user", session_id) for user in (session.user, 1 - session.user))
        if how.startswith("log out"):
            self.service.log_out(own, everywhere=how.endswith("everywhere"))
            self.model.end(*(self.model.living(session.user) if how.endswith("everywhere") else {session_id}))
        elif how == "one" and session_id in self.model.living(session.user):
            self.service.end(session_id, own)
            self.model.end(session_id)
        else:
            self._refused(SessionNotFoundError, lambda: self.service.end(session_id, other))

    @rule(user=number)
    def change_password(self, user: int) -> None:
        new = f"{self.hashes[user]}, changed"
        assert self.accounts.change_password(self.ids[user], self.hashes[user], new)
        self.hashes[user] = new
        self.model.end_all(user)

    @rule(user=number, what=st.sampled_from(["status", "role"]))
    def administer(self, user: int, what: str) -> None:
        """Disable or enable somebody, or give or take a role."""
        if what == "role":
            self.model.admins ^= {user}
            self.users.change(self.ids[user], NewValues(role="admin" if user in self.model.admins else "user"))
        else:
            self.model.disabled ^= {user}
            is_disabled = user in self.model.disabled
            self.users.change(self.ids[user], NewValues(status="disabled" if is_disabled else "active"))
            self.model.end_all(user)

    @invariant()
    def the_same_sessions_live(self) -> None:
        for user, user_id in enumerate(self.ids):
            listed = {session.id for session in self.sessions.all_of(user_id)}
            assert listed == self.model.living(user)

    @invariant()
    def the_same_tokens_are_let_in_with_the_same_roles(self) -> None:
        for session_id, session in self.model.sessions.items():
            found = self.standings.find(self.ids[session.user], session_id)
            assert found == self.model.role(session.user, session_id)
            assert self.standings.find(self.ids[1 - session.user], session_id) is None

    def _wait(self, seconds: int) -> None:
        self.model.now += seconds
        for statement in (_AGED, _USED_AGED) if seconds else ():
            self.database.transaction(lambda cursor, text=statement: cursor.execute(text, (seconds,)))  # type: ignore[misc]

    def _opened(self) -> Database:
        return self.database

    def _session(self, which: int) -> tuple[str, ModelSession]:
        return list(self.model.sessions.items())[which % len(self.model.sessions)]

    def _refused(self, error: type[Exception], act: Callable[[], object]) -> None:
        try:
            act()
        except error:
            return
        raise AssertionError(f"no {error.__name__}")
