"""What refusing a bad token costs at each door, against taking a good one and against PyJWT alone."""

import statistics
import sys
import time
from collections.abc import Callable, Mapping
from itertools import groupby

import jwt
import pytest

from benchmarks import table
from tests import forge
from tests.handlers.world import World
from tests.security import attacks, doors

ROUNDS = 25
Milliseconds = list[float]


def main() -> None:
    with pytest.MonkeyPatch.context() as patch:
        World(patch)
        patch.setenv("REGISTRATION", "closed")
        rows = [_row("PyJWT alone: a good token", {"": forge.signed()}, (_pyjwt, _pyjwt))]
        rows += [_row("a good token", {"": forge.signed()}, tuple(doors.DOORS.values()))]
        made = attacks.all_of_them()
        for group, names in groupby(made, key=lambda name: name.partition(":")[0]):
            print(f"\r{group:30}", end="", file=sys.stderr, flush=True)
            rows.append(_row(group, {name: made[name] for name in names}, tuple(doors.DOORS.values())))
    print(file=sys.stderr)
    table.show(
        f"CPU in ms of one token, median of {ROUNDS}; Python {sys.version.split()[0]}",
        ["tokens", "how many", *(f"{name}{of}" for name in doors.DOORS for of in ("", ", its slowest"))],
        rows,
    )


def _row(title: str, tokens: Mapping[str, str], places: tuple[Callable[[str], object], ...]) -> list[str]:
    cells = []
    for place in places:
        medians = [statistics.median(_cpu_milliseconds(place, token)) for token in tokens.values()]
        cells += [f"{statistics.median(medians):.3f}", f"{max(medians):.3f}"]
    return [title, str(len(tokens)), *cells]


def _cpu_milliseconds(place: Callable[[str], object], token: str) -> Milliseconds:
    samples = []
    with doors.silence():
        place(token)  # warm, uncounted
        for _ in range(ROUNDS):
            started = time.process_time_ns()
            place(token)
            samples.append((time.process_time_ns() - started) / 1e6)
    return samples


def _pyjwt(token: str) -> object:
    key = forge.PUBLIC_KEYS[forge.SIGNING_KEY.key_id]
    return jwt.decode(token, key, algorithms=["ES256"], issuer=forge.ISSUER, audience="roster")


if __name__ == "__main__":
    main()
