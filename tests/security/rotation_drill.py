"""A week of rotations under load: who signs, who verifies, who forges, and who dies halfway, drawn by chance."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from roster.auth import tokens
from roster.errors import UnauthenticatedError
from roster.infrastructure import keys
from roster.infrastructure.published_keys import LEAD_SECONDS, OVERLAP_SECONDS
from roster.infrastructure.secret_values import MAX_AGE_SECONDS
from roster.signing_keys.models import RotationError

from tests.builders import a_caller
from tests.fake_secrets_manager import Killed
from tests.handlers.world import World
from tests.rotating import ISSUER, SIGNING, STEPS, Deployment
from tests.security.rotation_environments import Environment

ENVIRONMENTS = 8
# While something changes, and while nothing does.
TICK_SECONDS_MAX, QUIET_TICK_SECONDS_MAX = 60, 600
# Secrets Manager is away for no longer than leaves others, who keep a set for twice five minutes, within the lead.
AWAY_SECONDS_MAX = LEAD_SECONDS - 2 * MAX_AGE_SECONDS - 2 * TICK_SECONDS_MAX
LIFE_SECONDS, SESSIONS = 86_400, 5


@dataclass
class Outcome:
    """What the drill found wrong, and how much it did."""

    refused: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    rotations: int = 0
    killed: int = 0
    delayed: int = 0
    calls: int = 0
    fetches: int = 0

    @property
    def is_wrong(self) -> bool:
        return bool(self.refused or self.accepted)


class Drill:
    """Moves the clock, and at each tick lets somebody do something."""

    def __init__(self, deployment: Deployment, world: World, seed: int) -> None:
        self.deployment = deployment
        self.random = random.Random(seed)
        self.environments = [Environment(deployment, world) for _ in range(ENVIRONMENTS)]
        self.outcome = Outcome()
        self._good: list[tuple[float, str]] = []
        self._refresh_tokens: list[str] = []
        self._set_of_others, self._set_since = "", 0.0
        self._rotation, self._rotate_at, self._back_at = "", 0.0, 0.0
        self._superseded_at: list[float] = []

    def run(self, rotations: int, *, until_wrong: bool = False) -> Outcome:
        """Go on until so many rotations are over, or the first thing is wrong."""
        doings = [
            self._log_in,
            self._refresh,
            self._call,
            self._call,
            self._call_others,
            self._forge,
            self._use_retired,
        ]
        while self.outcome.rotations < rotations and not (until_wrong and self.outcome.is_wrong):
            self.deployment.now += self.random.uniform(
                1, TICK_SECONDS_MAX if self._is_busy() else QUIET_TICK_SECONDS_MAX
            )
            self._let_secrets_manager_come_and_go()
            self._rotate()
            self.random.choice(doings)()
        self.outcome.fetches = sum(each.fetches for each in self.environments)
        return self.outcome

    def _is_busy(self) -> bool:
        is_new = bool(self._superseded_at) and self.deployment.now - self._superseded_at[-1] < LEAD_SECONDS
        return is_new or bool(self._rotation) or self.deployment.now < self._back_at

    def _any(self) -> Environment:
        return self.random.choice(self.environments)

    def _log_in(self) -> None:
        if len(self._refresh_tokens) < SESSIONS:
            self._keep(self._any().log_in())

    def _refresh(self) -> None:
        if self._refresh_tokens:
            used = self._refresh_tokens.pop(self.random.randrange(len(self._refresh_tokens)))
            self._keep(self._any().refresh(used))

    def _keep(self, granted: dict[str, Any]) -> None:
        self._good.append((self.deployment.now, granted["access_token"]))
        self._refresh_tokens.append(granted["refresh_token"])

    def _call(self) -> None:
        """Call with the newest token, or with any that is not about to expire."""
        oldest = self.deployment.now - LIFE_SECONDS + 60
        self._good = [each for each in self._good if each[0] > oldest]
        for since, token in self._good[-1:] + self.random.choices(self._good, k=bool(self._good)):
            self.outcome.calls += 1
            if not self._any().lets_in(token):
                self.outcome.refused.append(f"a token of {self.deployment.now - since:.0f} s ago")

    def _call_others(self) -> None:
        """Verify as others do, who keep the published set for as long as they may."""
        if self.deployment.now - self._set_since >= MAX_AGE_SECONDS:
            self._set_of_others, self._set_since = self._any().jwk_set(), self.deployment.now
        known = keys.read_public_keys(self._set_of_others)
        for since, token in self._good[-1:]:
            try:
                tokens.verify(token, keys=known, issuer=ISSUER)
            except UnauthenticatedError:
                self.outcome.refused.append(f"elsewhere, a token of {self.deployment.now - since:.0f} s ago")

    def _forge(self) -> None:
        """Send many unknown key ids to one environment, within a second."""
        forger, environment = keys.read_signing_key(keys.generate().private), self._any()
        for number in range(3):
            if environment.lets_in(self._signed(forger._replace(key_id=f"forged-{number}"))):
                self.outcome.accepted.append("a forged key")

    def _use_retired(self) -> None:
        """Sign something new with a key whose time is over."""
        at_least = OVERLAP_SECONDS + MAX_AGE_SECONDS + AWAY_SECONDS_MAX + TICK_SECONDS_MAX
        arn = self.deployment.arns[SIGNING]
        values = list(self.deployment.client.values[arn].values())
        retired = [
            values[number] for number, at in enumerate(self._superseded_at) if self.deployment.now - at > at_least
        ]
        if retired and self._any().lets_in(self._signed(keys.read_signing_key(self.random.choice(retired)))):
            self.outcome.accepted.append("a retired key")

    def _signed(self, key: keys.SigningKey) -> str:
        return tokens.issue(a_caller(), key=key, issuer=ISSUER, life_seconds=3600)

    def _let_secrets_manager_come_and_go(self) -> None:
        """Cut off half of them, who were in use until then: who slept through a rotation could know nothing of it."""
        if self.deployment.now >= self._back_at:
            for each in self.environments:
                each.is_away = False
            if self.random.random() < 0.02:
                self._back_at = self.deployment.now + self.random.uniform(1, AWAY_SECONDS_MAX)
                for each in self.random.sample(self.environments, ENVIRONMENTS // 2):
                    each.jwk_set()
                    each.is_away = True

    def _rotate(self) -> None:
        """Rotate every few hours, and die on the way every other time, to be run again some minutes later."""
        if self.deployment.now < self._rotate_at:
            return
        self._rotation = self._rotation or self.deployment.begin()
        self._rotate_at = self.deployment.now + self.random.uniform(60, 600)
        try:
            with self._mortality():
                self._take_all_steps()
        except Killed:
            self.outcome.killed += 1
        except RotationError:
            self.outcome.delayed += 1
        else:
            self._end_of_rotation()

    @contextmanager
    def _mortality(self) -> Iterator[None]:
        client, deadly = self.deployment.client, len(self.deployment.client.calls) + self.random.randrange(54)

        def kill(number: int) -> None:
            if number == deadly:
                raise Killed

        client.before = kill
        try:
            yield
        finally:
            client.before = lambda number: None

    def _take_all_steps(self) -> None:
        for step in STEPS:
            self.deployment.rotation.take(step, self._rotation)

    def _end_of_rotation(self) -> None:
        self.outcome.rotations += 1
        self._rotation, self._rotate_at = "", self.deployment.now + self.random.uniform(LEAD_SECONDS, 24 * LEAD_SECONDS)
        self._superseded_at.append(self.deployment.now)
