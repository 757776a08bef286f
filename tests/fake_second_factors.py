"""In-memory stand-ins for second factors and the logins that wait for one."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from roster.audit.models import Action
from roster.infrastructure.sealed import Sealed
from roster.second_factors.repository import Factor, Proof, SecondFactors
from roster.second_steps.repository import LIFE_SECONDS, TRIES, InvalidChallengeError, NewStep, SecondSteps, Waiting

from tests.fake_tables import FactorRow, FakeTables, Row
from tests.fake_trail import record


class FakeSecondFactors(SecondFactors):
    """Implements `SecondFactors` in memory."""

    def __init__(self, tables: FakeTables | None = None) -> None:
        self.tables = tables or FakeTables()

    def find(self, user_id: int) -> Factor | None:
        with self.tables.called("second_factors.find"):
            row = self._row(user_id)
            return _factor(user_id, row) if row else None

    def enrol(self, user_id: int, secret: Sealed) -> bool:
        with self.tables.called("second_factors.enrol"):
            user = self.tables.rows.get(user_id)
            if user is None or (user.factor is not None and user.factor.confirmed_at is not None):
                return False
            user.factor = FactorRow(secret)
            record(self.tables, "second_factor.enrolled", user_id)
            return True

    def confirm(self, factor: Factor, step: int, code_hashes: Sequence[bytes]) -> bool:
        with self.tables.called("second_factors.confirm"):
            row = self._row(factor.user_id)
            if row is None or row.secret.data != factor.secret.data or row.confirmed_at is not None:
                return False
            row.confirmed_at, row.last_step, row.code_hashes = _now(), step, set(code_hashes)
            record(self.tables, "second_factor.confirmed", factor.user_id)
            return True

    def renew_codes(self, user_id: int, proof: Proof, code_hashes: Sequence[bytes]) -> bool:
        with self.tables.called("second_factors.renew_codes"):
            row = self._row(user_id)
            if row is None or not uses(self.tables, user_id, proof):
                return False
            row.code_hashes = set(code_hashes)
            record(self.tables, "recovery_codes.renewed", user_id)
            return True

    def disable(self, user_id: int, proof: Proof) -> bool:
        with self.tables.called("second_factors.disable"):
            if not uses(self.tables, user_id, proof):
                return False
            self._remove(user_id, "second_factor.disabled")
            return True

    def remove(self, user_id: int) -> bool:
        with self.tables.called("second_factors.remove"):
            if self._row(user_id) is None:
                return False
            self._remove(user_id, "second_factor.removed")
            return True

    def reseal(self, factor: Factor, secret: Sealed) -> bool:
        with self.tables.called("second_factors.reseal"):
            row = self._row(factor.user_id)
            if row is None or row.secret.data != factor.secret.data:
                return False
            row.secret = secret
            return True

    def _row(self, user_id: int) -> FactorRow | None:
        user = self.tables.rows.get(user_id)
        return user.factor if user else None

    def _remove(self, user_id: int, action: Action) -> None:
        self.tables.rows[user_id].factor = None
        record(self.tables, action, user_id)


@dataclass
class _Step:
    new: NewStep
    user: Row
    factor: FactorRow
    ends_at: float
    tries_left: int = TRIES


class FakeSecondSteps(SecondSteps):
    """Implements `SecondSteps` in memory."""

    def __init__(self, tables: FakeTables | None = None, life_seconds: float = LIFE_SECONDS) -> None:
        self.tables = tables or FakeTables()
        self.life_seconds = life_seconds
        self._steps: dict[bytes, _Step] = {}

    def add(self, new: NewStep) -> None:
        with self.tables.called("second_steps.add"):
            user = self.tables.rows.get(new.user_id)
            if user and user.factor and user.factor.confirmed_at:
                ends_at = time.monotonic() + self.life_seconds
                self._steps[new.token_hash] = _Step(new, user, user.factor, ends_at)

    def take_try(self, token_hash: bytes) -> Waiting | None:
        with self.tables.called("second_steps.take_try"):
            step = self._living(token_hash)
            if step is None or step.tries_left == 0 or not self._may_log_in(step):
                return None
            step.tries_left -= 1
            return Waiting(step.new.password_changed_at, _factor(step.new.user_id, step.factor))

    def finish(self, token_hash: bytes, user_id: int, proof: Proof) -> bool:
        with self.tables.called("second_steps.finish"):
            user = self.tables.rows.get(user_id)
            if user is None or user.factor is None or not is_good(user.factor, proof):
                return False
            step = self._living(token_hash)
            if step is None or step.new.user_id != user_id:
                raise InvalidChallengeError
            del self._steps[token_hash]
            return uses(self.tables, user_id, proof)

    def _living(self, token_hash: bytes) -> _Step | None:
        step = self._steps.get(token_hash)
        is_living = step is not None and time.monotonic() < step.ends_at and step.user.factor is step.factor
        return step if is_living else None

    def _may_log_in(self, step: _Step) -> bool:
        is_same_user = self.tables.rows.get(step.new.user_id) is step.user
        is_same_password = step.user.password_changed_at == step.new.password_changed_at
        return is_same_user and is_same_password and step.user.user.status == "active"


def is_good(row: FactorRow, proof: Proof) -> bool:
    if proof.step is not None:
        return row.last_step is not None and row.last_step < proof.step
    return proof.code_hash in row.code_hashes


def uses(tables: FakeTables, user_id: int, proof: Proof) -> bool:
    """Use up *proof*, if it is good."""
    user = tables.rows.get(user_id)
    if user is None or user.factor is None or not is_good(user.factor, proof):
        return False
    if proof.step is not None:
        user.factor.last_step = proof.step
    else:
        user.factor.code_hashes -= {proof.code_hash or b""}
        record(tables, "recovery_code.used", user_id)
    return True


def _factor(user_id: int, row: FactorRow) -> Factor:
    return Factor(user_id, row.secret, row.confirmed_at, len(row.code_hashes))


def _now() -> datetime:
    """Return the time as a `timestamptz(3)` keeps it."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
