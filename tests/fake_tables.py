"""The rows behind FakeUsers and FakeAccounts, shared by them as two repositories share one database."""

import threading
from dataclasses import dataclass, field

from roster.audit.models import AuditEvent
from roster.errors import StaleVersionError, UnavailableError
from roster.users.models import User
from roster.users.repository import EmailTakenError, LastAdminError, UserNotFoundError, Versions


@dataclass(slots=True)
class Row:
    """A living user as the tables hold them."""

    user: User
    canonical: str
    password_hash: str


@dataclass(slots=True)
class FakeTables:
    """
    The living users by id.

    *is_away* makes every call fail; *fault*, if set, is raised instead; *calls* names the calls made so far.
    """

    rows: dict[int, Row] = field(default_factory=dict)
    last_id: int = 0
    is_away: bool = False
    fault: Exception | None = None
    calls: list[str] = field(default_factory=list)
    events: list[AuditEvent] = field(default_factory=list)
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
        if versions is not None and row.user.version not in versions:
            raise StaleVersionError
        return row

    def require_free(self, canonical: str, user_id: int) -> None:
        """Refuse an address that anyone but *user_id* has."""
        if any(row.canonical == canonical and row.user.id != user_id for row in self.rows.values()):
            raise EmailTakenError

    def require_another_admin(self, user_id: int) -> None:
        """Refuse that *user_id* ceases to be an active admin while there is no other."""
        users = [row.user for row in self.rows.values()]
        if [user.id for user in users if user.role == "admin" and user.status == "active"] == [user_id]:
            raise LastAdminError
