"""One old read among very many is found, in a time that grows as they do (`make faults` has millions)."""

import os
import sys
import time
from pathlib import Path
from random import Random

import pytest

from tests.faults.checker import check
from tests.faults.findings import Kind
from tests.faults.history import Notes, Outcome, What
from tests.faults.operations import read_back
from tests.faults.registers import Truth

READS = int(os.environ.get("READS", "100_000"))
READS_A_WRITE, USERS = 50, 200


def test_one_old_read_among_very_many_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    truth = live(Notes(tmp_path / "1.notes", 1))
    started = time.monotonic()
    history = read_back(tmp_path)
    between = time.monotonic()
    (finding,) = check(history, truth)
    ended = time.monotonic()
    assert finding.kind == Kind.STALE
    with capsys.disabled():
        told = f"{READS:,} reads, {len(history.acts):,} writes: read back in {between - started:.1f} s"
        sys.stderr.write(f"\n  {told}, judged in {ended - between:.1f} s\n")


def live(notes: Notes) -> Truth:
    """Write and read, one at a time, and read something old at last."""
    chance, rows = Random(1), dict[int, tuple[int, int]]()
    for user in range(USERS):
        write(notes, rows, user, user + 1)
    for number in range(READS // READS_A_WRITE):
        write(notes, rows, chance.randrange(USERS), USERS + 1 + number)
        for _ in range(READS_A_WRITE):
            user = chance.randrange(USERS)
            now = time.monotonic_ns()
            notes.read(user, rows[user][1], rows[user][0], now, now + 1)
    now = time.monotonic_ns()
    notes.read(3, 4, 1, now, now + 1)
    notes.close()
    return Truth(rows)


def write(notes: Notes, rows: dict[int, tuple[int, int]], user: int, value: int) -> None:
    number = notes.begin(What.WRITE, user, value)
    rows[user] = (rows.get(user, (0, 0))[0] + 1, value)
    notes.end(number, Outcome.OK, *rows[user], status=200)
