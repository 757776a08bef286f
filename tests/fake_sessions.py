"""In-memory sessions; tests/contracts holds them to what PostgreSQL does."""

from dataclasses import replace
from datetime import timedelta

from roster.audit.models import Action
from roster.auth.caller import Role
from roster.sessions.models import Session
from roster.sessions.repository import (
    GRACE_SECONDS,
    SESSIONS_MAX,
    Lifetime,
    NewSession,
    Reused,
    Rotated,
    Rotation,
    Sessions,
    Standing,
    StandingsByUser,
)

from tests import fake_trail as trail
from tests.fake_tables import FakeTables, SessionRow, now


class FakeSessions(Sessions):
    """Implements `Sessions` in memory."""

    def __init__(self, tables: FakeTables | None = None, grace_seconds: float = GRACE_SECONDS) -> None:
        self.tables = tables or FakeTables()
        self.grace_seconds = grace_seconds

    def add(self, new: NewSession, lifetime: Lifetime) -> Role | None:
        with self.tables.called("sessions.add"):
            row = self.tables.rows.get(new.user_id)
            if row is None or not self.tables.is_active(new.user_id):
                return None
            if new.password_changed_at not in (None, row.password_changed_at):
                return None
            session = _opened(new, lifetime)
            self.tables.sessions[new.id] = SessionRow(session, new.user_id, new.token_hash)
            trail.record(self.tables, "session.opened", new.user_id, after={"session_id": new.id})
            for oldest in self._of(new.user_id)[SESSIONS_MAX:]:
                self._end(oldest.id, "session.ended")
            return row.user.role

    def rotate(self, rotation: Rotation, lifetime: Lifetime) -> Rotated | Reused | None:
        with self.tables.called("sessions.rotate"):
            for row in self.tables.sessions.values():
                knows = rotation.old_hash == row.token_hash or rotation.old_hash in row.used
                if knows and self.tables.is_active(row.user_id) and row.session.idle_until > now():
                    return self._rotated(row, rotation, lifetime)
            return None

    def all_of(self, user_id: int) -> list[Session]:
        with self.tables.called("sessions.all_of"):
            return [session for session in self._of(user_id) if session.idle_until > now()]

    def remove(self, user_id: int, session_id: str) -> bool:
        with self.tables.called("sessions.remove"):
            row = self.tables.sessions.get(session_id)
            if row is None or row.user_id != user_id or row.session.idle_until <= now():
                return False
            self._end(session_id, "session.ended")
            return True

    def remove_reused(self, user_id: int, session_id: str) -> None:
        with self.tables.called("sessions.remove_reused"):
            if session_id in self.tables.sessions:
                self._end(session_id, "session.reuse_detected")

    def remove_all(self, user_id: int) -> int:
        with self.tables.called("sessions.remove_all"):
            return trail.end_sessions(self.tables, user_id)

    def _end(self, session_id: str, action: Action) -> None:
        row = self.tables.sessions.pop(session_id)
        if row.session.idle_until > now():
            trail.record(self.tables, action, row.user_id, {"session_id": session_id})

    def _of(self, user_id: int) -> list[Session]:
        own = [row.session for row in reversed(self.tables.sessions.values()) if row.user_id == user_id]
        return sorted(own, key=lambda session: session.refreshed_at, reverse=True)

    def _rotated(self, row: SessionRow, rotation: Rotation, lifetime: Lifetime) -> Rotated | Reused:
        session, role = row.session, self.tables.rows[row.user_id].user.role
        if rotation.old_hash != row.token_hash:
            seed, used_at = row.used[rotation.old_hash]
            is_in_grace = used_at > now() - timedelta(seconds=self.grace_seconds)
            return Rotated(session.id, row.user_id, role, seed) if is_in_grace else Reused(session.id, row.user_id)
        row.used[rotation.old_hash] = rotation.seed, now()
        row.token_hash = rotation.new_hash
        time = now()
        idle_until = min(time + timedelta(seconds=lifetime.idle_seconds), session.expires_at)
        row.session = replace(session, refreshed_at=time, idle_until=idle_until, **rotation.client._asdict())
        return Rotated(session.id, row.user_id, role, rotation.seed)


class FakeStandings(StandingsByUser):
    """Implements `StandingsByUser` in memory."""

    def __init__(self, tables: FakeTables) -> None:
        self.tables = tables

    def find(self, user_id: int, session_id: str) -> Role | None:
        with self.tables.called("standings.find"):
            row = self.tables.sessions.get(session_id)
            if row is None or row.user_id != user_id or row.session.idle_until <= now():
                return None
            return self.tables.rows[user_id].user.role if self.tables.is_active(user_id) else None

    def of(self, user_id: int) -> Standing | None:
        with self.tables.called("standings.of"):
            if not self.tables.is_active(user_id):
                return None
            own = [row.session for row in self.tables.sessions.values() if row.user_id == user_id]
            ends = {session.id: session.idle_until.timestamp() for session in own if session.idle_until > now()}
            return Standing(self.tables.rows[user_id].user.role, ends)


def _opened(new: NewSession, lifetime: Lifetime) -> Session:
    time = now()
    end = time + timedelta(seconds=lifetime.total_seconds)
    idle_until = min(time + timedelta(seconds=lifetime.idle_seconds), end)
    return Session(new.id, time, time, idle_until, end, new.client.source_ip, new.client.user_agent)
