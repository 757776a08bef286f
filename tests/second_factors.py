"""Second factors for tests: a sealer, a clock that stands still, and what an authenticator would show."""

import base64
from collections.abc import Callable
from typing import Final

from roster.auth.repository import LoginFailures
from roster.infrastructure import sealing
from roster.infrastructure.sealing import Sealer
from roster.second_factors import totp
from roster.second_factors.codes import Codes

from tests.fake_second_factors import FakeSecondFactors
from tests.fake_tables import FakeTables
from tests.fakes import FakeLoginFailures
from tests.sealing_keys import KEYS

NOON: Final = 1_795_348_800.0


class Clock:
    """Shows *now_seconds* until somebody moves it."""

    def __init__(self) -> None:
        self.now_seconds = NOON

    def __call__(self) -> float:
        return self.now_seconds


class Authenticator:
    """Shows the codes of one secret, by a clock of its own."""

    def __init__(self, secret: str, clock: Callable[[], float]) -> None:
        self._secret = base64.b32decode(secret)
        self._clock = clock

    def code(self, steps_ahead: int = 0) -> str:
        return totp.code_at(self._secret, int(self._clock() // totp.STEP_SECONDS) + steps_ahead)

    def wrong_code(self) -> str:
        """Return a code that is none of those around now."""
        around = {self.code(steps) for steps in range(-3, 4)}
        return next(code for code in map("{:06d}".format, range(10)) if code not in around)


def codes_on(
    tables: FakeTables, clock: Clock, failures: LoginFailures | None = None, sealer: Sealer | None = None
) -> Codes:
    sealer = sealer or sealing.read(KEYS)
    return Codes(FakeSecondFactors(tables), failures or FakeLoginFailures(tables), sealer, clock)
