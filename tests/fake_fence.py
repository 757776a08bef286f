"""The fence in memory: a clock that tests turn, a Redis that knows its scripts only, and the control row."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from roster.infrastructure import fence_scripts
from roster.infrastructure.cache_control import Control, ControlRow, ControlRows
from roster.infrastructure.fenced_cache import FencedCache
from roster.infrastructure.scripts import Call, ScriptRunner
from roster.infrastructure.write_barrier import WriteBarrier

E = 1.0

Keys = tuple[str, str, str]


class FakeClock:
    """Stands still but for `pass_by` and `sleep`; the monotonic half can be stopped, as in a frozen environment."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0
        self.frozen_seconds = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.seconds - self.frozen_seconds

    def time(self) -> float:
        return self.seconds

    def sleep(self, seconds: float, /) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def pass_by(self, seconds: float, *, is_frozen: bool = False) -> None:
        self.seconds += seconds
        self.frozen_seconds += seconds if is_frozen else 0.0


@dataclass
class FakeFenceRedis(ScriptRunner):
    """
    Does in Python what the scripts of the fence do in Redis; *is_away* and *server_id* are for tests to change.

    *ran* has the names of the scripts that were run, *touched* has them with the key that each was about.
    """

    clock: FakeClock
    server_id: str = "aaaa"
    is_away: bool = False
    values: dict[str, tuple[bytes, float]] = field(default_factory=dict)
    intents: dict[str, dict[str, float]] = field(default_factory=dict)
    ran: list[str] = field(default_factory=list)
    touched: list[tuple[str, str]] = field(default_factory=list)
    reconnects: int = 0

    def run(self, *calls: Call) -> tuple[object | None, ...]:
        return tuple(None if self.is_away else self._answer(call) for call in calls)

    insist = run

    def reconnect(self) -> None:
        self.reconnects += 1

    def restart(self, server_id: str) -> None:
        """Come back as another server that holds nothing."""
        self.server_id = server_id
        self.values, self.intents = {}, {}

    def _answer(self, call: Call) -> object:
        name = _NAMES[call.script.sha]
        self.ran.append(name)
        self.touched += [(name, key.rsplit(":", 2)[0]) for key in call.keys[:1]]
        answer: object = getattr(self, f"_{name}")(call.keys, call.arguments)
        return answer

    def _identify(self, *_: object) -> bytes:
        return self.server_id.encode()

    def _get(self, keys: Keys, arguments: Any) -> list[bytes]:
        (value, lease, intents), (server_id, token, life_ms, anew, bytes_max) = keys, arguments
        if server_id != self.server_id:
            return [b"other server", self.server_id.encode()]
        if self._is_being_written(intents):
            return [b"being written"]
        if anew == "1":
            self.values.pop(value, None)
        kept = self._living(value)
        if kept is not None and len(kept) <= bytes_max:
            return [b"hit", kept]
        found = b"miss" if kept is None else b"odd"
        self.values.pop(value, None)
        if self._living(lease) is not None:
            return [found, b""]
        self.values[lease] = (token.encode(), self.clock.seconds + life_ms / 1000)
        return [found, token.encode()]

    def _fill(self, keys: Keys, arguments: Any) -> int:
        (value, lease, intents), (server_id, token, lease_ms, life_ms, new) = keys, arguments
        is_ours = self._living(lease) == token.encode()
        if server_id != self.server_id or self._is_being_written(intents) or not is_ours:
            return 0
        _, ends = self.values.pop(lease)
        self.values[value] = (new, ends + (life_ms - lease_ms) / 1000)
        return 1

    def _give_back(self, keys: Keys, arguments: Any) -> int:
        is_ours = self._living(keys[1]) == arguments[0].encode()
        if is_ours:
            self._forget(keys[1])
        return int(is_ours)

    def _begin(self, keys: Keys, arguments: Any) -> bytes:
        token, life_ms = arguments
        self.intents.setdefault(keys[2], {})[token] = self.clock.seconds + life_ms / 1000
        self._forget(*keys[:2])
        return self.server_id.encode()

    def _end(self, keys: Keys, arguments: Any) -> bytes:
        self.intents.get(keys[2], {}).pop(arguments[0], None)
        self._forget(*keys[:2])
        return self.server_id.encode()

    def _is_being_written(self, w: str) -> bool:
        return any(ends > self.clock.seconds for ends in self.intents.get(w, {}).values())

    def _forget(self, *keys: str) -> None:
        for key in keys:
            self.values.pop(key, None)

    def _living(self, key: str) -> bytes | None:
        value, ends = self.values.get(key, (None, 0.0))
        return value if ends > self.clock.seconds else None


_NAMES = {
    fence_scripts.IDENTIFY.sha: "identify",
    **{getattr(fence_scripts, f"_{name.upper()}").sha: name for name in ("get", "fill", "give_back", "begin", "end")},
}


class FakeControlRows(ControlRows):
    """Implements `ControlRows` in memory; *error*, if set, is raised by every call."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._epochs = itertools.count(1)
        self._changed_at = 0.0
        self._moves: list[float] = []
        self._off_until = 0.0
        self.row = ControlRow(0, is_enabled=False, server_id=None, age_seconds=0.0, is_barred=False)
        self.reads = 0
        self.error: Exception | None = None

    def read(self) -> ControlRow:
        self.reads += 1
        if self.error:
            raise self.error
        now = self._clock.seconds
        return self.row._replace(age_seconds=now - self._changed_at, is_barred=self._off_until > now)

    def move(self, epoch: int, server_id: str | None) -> bool:
        if epoch != self.row.epoch or not self.row.is_enabled:
            return False
        now = self._clock.seconds
        self._moves = [*(move for move in self._moves if move > now - 600), now]
        if len(self._moves) > 2:
            self._off_until = now + 300
        self._changed_at = now
        self._set(server_id or self.row.server_id, is_enabled=server_id is not None and len(self._moves) <= 2)
        return True

    def enable(self, epoch: int, server_id: str) -> bool:
        if epoch != self.row.epoch or self.row.is_enabled:
            return False
        self._set(server_id, is_enabled=True)
        return True

    def _set(self, server_id: str | None, *, is_enabled: bool) -> None:
        self.row = self.row._replace(epoch=next(self._epochs), server_id=server_id, is_enabled=is_enabled)


class FakeEnvironment:
    """An execution environment: its own idea of the control row, on a Redis and a row that others share."""

    def __init__(self, rows: ControlRows, redis: ScriptRunner, clock: FakeClock) -> None:
        self.control = Control(rows, redis, E, clock)
        barrier = WriteBarrier(redis, self.control, clock)
        self.cache = FencedCache(redis, self.control, barrier, life_seconds=3600, clock=clock)
