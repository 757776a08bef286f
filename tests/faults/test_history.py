"""What clients note can be read back, also if they died in the middle of it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.history import Notes, Outcome, What
from tests.faults.operations import FOREVER, Act, Sight, read_back
from tests.structure.project import ROOT

_DIES = """
import os, pathlib, signal, sys
from tests.faults.history import Notes, What

notes = Notes(pathlib.Path(sys.argv[1]), 7)
notes.read(3, 30, 1, 10, 20)
notes.begin(What.WRITE, 3, 31)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes(tmp_path / "5.notes", 5)


def test_what_was_noted_is_read_back(notes: Notes, tmp_path: Path) -> None:
    write = notes.begin(What.WRITE, 3, 31, required=1)
    notes.read(3, 30, 1, 10, 20)
    notes.read(3, 31, 2, 11, 22)
    notes.look(9, True, 12, 23)
    order = notes.begin(What.ORDER, 40, 400)
    notes.end(write, Outcome.OK, version=2, value=31, status=200)
    notes.end(order, Outcome.FAILED, status=503)
    notes.close()
    found = read_back(tmp_path)
    write_act, order_act = (act._replace(invoked=0, returned=1) for act in found.acts)
    assert write_act == Act(What.WRITE, 5, 3, 31, 1, 0, 1, Outcome.OK, 2, 31, 200)
    assert order_act == Act(What.ORDER, 5, 40, 400, 0, 0, 1, Outcome.FAILED, 0, 0, 503)
    assert list(found.reads) == [3]
    assert list(found.reads[3]) == [Sight(5, 10, 20, 1, 30), Sight(5, 11, 22, 2, 31)]
    assert list(found.looks[9]) == [Sight(5, 12, 23, 0, 1)]


def test_moments_are_in_order_and_of_the_clock_that_processes_share(notes: Notes, tmp_path: Path) -> None:
    notes.end(notes.begin(What.WRITE, 3, 31), Outcome.OK)
    other = Notes(tmp_path / "6.notes", 6)
    other.end(other.begin(What.LOGOUT, 9), Outcome.OK)
    first, second = read_back(tmp_path).acts
    assert (first.client, second.client) == (5, 6)
    assert first.invoked <= first.returned <= second.invoked <= second.returned


def test_reads_that_were_not_answered_are_not_seen(notes: Notes, tmp_path: Path) -> None:
    notes.missed(What.READ, 3, 503, 10, 20)
    notes.missed(What.LOOK, 9, 0, 10, 20)
    notes.close()
    found = read_back(tmp_path)
    assert (dict(found.reads), dict(found.looks)) == ({}, {})


def test_a_write_is_on_file_before_anything_can_happen_to_its_client(tmp_path: Path) -> None:
    file = tmp_path / "7.notes"
    died = subprocess.run([sys.executable, "-c", _DIES, file], cwd=ROOT, check=False, timeout=60)
    assert died.returncode == -signal.SIGKILL
    (act,) = read_back(tmp_path).acts
    assert (act.client, act.subject, act.value) == (7, 3, 31)
    assert (act.outcome, act.returned) == (Outcome.UNKNOWN, FOREVER)


@pytest.mark.parametrize("missing", range(1, 40))
def test_a_record_that_was_cut_short_is_as_if_it_had_not_been_begun(missing: int, notes: Notes, tmp_path: Path) -> None:
    write = notes.begin(What.WRITE, 3, 31)
    notes.end(write, Outcome.OK, version=2)
    notes.close()
    file = tmp_path / "5.notes"
    os.truncate(file, file.stat().st_size - missing)
    (act,) = read_back(tmp_path).acts
    assert (act.value, act.outcome) == (31, Outcome.UNKNOWN)


def test_a_file_without_a_whole_record_tells_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "1.notes").write_bytes(b"")
    (tmp_path / "2.notes").write_bytes(b"\x00" * 39)
    assert read_back(tmp_path).acts == []


def test_more_is_read_back_than_is_kept_in_memory_at_once(notes: Notes, tmp_path: Path) -> None:
    for number in range(2_500):
        notes.read(number % 2, number, 1, number, number + 1)
    notes.close()
    found = read_back(tmp_path)
    assert [list(found.reads[subject].value) for subject in (0, 1)] == [
        list(range(0, 2_500, 2)),
        list(range(1, 2_500, 2)),
    ]


def test_a_file_is_never_continued(notes: Notes, tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        Notes(tmp_path / "5.notes", 5)
