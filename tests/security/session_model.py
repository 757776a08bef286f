"""What sessions are by their contract, without a database: the model that the real ones are compared with."""

from dataclasses import dataclass, field

# Far enough apart that the time that a test takes makes no difference.
GRACE, IDLE, TOTAL = 60.0, 3600.0, 10_000.0


@dataclass
class Used:
    """A refresh token that was used, and what came of it."""

    at: float
    successor: str


@dataclass
class ModelSession:
    """A login; *token* is the one that is good now."""

    user: int
    token: str
    opened_at: float
    refreshed_at: float
    used: dict[str, Used] = field(default_factory=dict)

    def lives_at(self, time: float) -> bool:
        return time < self.refreshed_at + IDLE and time < self.opened_at + TOTAL


class Model:
    """Sessions by id, and users by number; *now* is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.sessions: dict[str, ModelSession] = {}
        self.disabled: set[int] = set()
        self.admins: set[int] = set()

    def open(self, user: int, session_id: str, token: str) -> None:
        self.sessions[session_id] = ModelSession(user, token, self.now, self.now)

    def living(self, user: int) -> set[str]:
        """Return the ids of the user's sessions."""
        own = {key for key, session in self.sessions.items() if session.user == user and session.lives_at(self.now)}
        return set() if user in self.disabled else own

    def role(self, user: int, session_id: str) -> str | None:
        """Return with which role an access token of that session lets its user in, None if it does not."""
        if session_id not in self.living(user):
            return None
        return "admin" if user in self.admins else "user"

    def session_of(self, token: str) -> str | None:
        """Return the session that lives and has or had that refresh token."""
        for key, session in self.sessions.items():
            if (token == session.token or token in session.used) and key in self.living(session.user):
                return key
        return None

    def is_good(self, token: str) -> bool:
        key = self.session_of(token)
        return key is not None and self.sessions[key].token == token

    def repeated(self, token: str) -> str | None:
        """Return the successor that a repeated use within the grace is answered with."""
        key = self.session_of(token)
        used = self.sessions[key].used.get(token) if key else None
        return used.successor if used and self.now < used.at + GRACE else None

    def rotate(self, token: str, successor: str) -> None:
        session = self.sessions[self.session_of(token) or ""]
        session.used[token] = Used(self.now, successor)
        session.token, session.refreshed_at = successor, self.now

    def end(self, *session_ids: str) -> None:
        for session_id in session_ids:
            self.sessions.pop(session_id, None)

    def end_all(self, user: int) -> None:
        self.end(*[key for key, session in self.sessions.items() if session.user == user])
