"""The rows behind FakeUsers and FakeAccounts, shared by them as two repositories share one database."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from roster.audit.models import AuditEvent
from roster.errors import UnavailableError
from roster.infrastructure import versions as row_versions
from roster.infrastructure.sealed import Sealed
from roster.infrastructure.versions import Versions
from roster.orders.models import Order
from roster.sessions.models import Session
from roster.users.models import User
from roster.users.repository import EmailTakenError, LastAdminError, UserNotFoundError

_TIMES = ("created_at", "refreshed_at", "idle_until", "expires_at")


@dataclass(slots=True)
class FactorRow:
    """A second factor as the tables hold it, with its recovery codes."""

    secret: Sealed
    confirmed_at: datetime | None = None
    last_step: int | None = None
    code_hashes: set[bytes] = field(default_factory=set)


@dataclass(slots=True)
class Row:
    """A living user as the tables hold them."""

    user: User
    canonical: str
    password_hash: str
    password_changed_at: datetime
    factor: FactorRow | None = None

    @property
    def has_second_factor(self) -> bool:
        return self.factor is not None and self.factor.confirmed_at is not None


@dataclass(slots=True)
class SessionRow:
    """A session as the tables hold it; *used* has, by hash, the seed and the time of each refresh token before."""

    session: Session
    user_id: int
    token_hash: bytes
    used: dict[bytes, tuple[bytes, datetime]] = field(default_factory=dict)


@dataclass(slots=True)
class FakeTables:
    """
    The living users, the sessions, and the orders, by id.

    *is_away* makes every call fail; *fault*, if set, is raised instead; *calls* names the calls made so far,
    *on_erase* are called with the id of each user who is erased.
    """

    rows: dict[int, Row] = field(default_factory=dict)
    sessions: dict[str, SessionRow] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)
    last_id: int = 0
    is_away: bool = False
    fault: Exception | None = None
    calls: list[str] = field(default_factory=list)
    events: list[AuditEvent] = field(default_factory=list)
    on_erase: list[Callable[[int], None]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def called(self, name: str) -> threading.RLock:
        """Record a call and return the lock to hold during it."""
        self.calls.append(name)
        if self.fault is not None:
            raise self.fault
        if self.is_away:
            raise UnavailableError
        return self.lock

    def expected(self, user_id: int, versions: Versions) -> Row:
        """Return the row of that user, if it is in one of *versions*."""
        row = self.rows.get(user_id)
        if row is None:
            raise UserNotFoundError
        row_versions.require(row.user.version, versions)
        return row

    def end_sessions(self, user_id: int) -> int:
        """Remove the sessions of a user; return how many lived."""
        ended = [key for key, row in self.sessions.items() if row.user_id == user_id]
        lived = [self.sessions.pop(key).session.idle_until > now() for key in ended]
        return sum(lived)

    def age_sessions(self, seconds: float) -> None:
        """Let all that happened to sessions have happened so many seconds earlier."""
        for row in self.sessions.values():
            earlier = {name: getattr(row.session, name) - timedelta(seconds=seconds) for name in _TIMES}
            row.session = replace(row.session, **earlier)
            row.used = {key: (seed, at - timedelta(seconds=seconds)) for key, (seed, at) in row.used.items()}

    def is_active(self, user_id: int) -> bool:
        row = self.rows.get(user_id)
        return row is not None and row.user.status == "active"

    def require_free(self, canonical: str, user_id: int) -> None:
        """Refuse an address that anyone but *user_id* has."""
        if any(row.canonical == canonical and row.user.id != user_id for row in self.rows.values()):
            raise EmailTakenError

    def require_another_admin(self, user_id: int) -> None:
        """Refuse that *user_id* ceases to be an active admin while there is no other."""
        users = [row.user for row in self.rows.values()]
        if [user.id for user in users if user.role == "admin" and user.status == "active"] == [user_id]:
            raise LastAdminError


def now() -> datetime:
    """Return the time as a `timestamptz(3)` keeps it."""
    time = datetime.now(UTC)
    return time.replace(microsecond=time.microsecond // 1000 * 1000)
