"""A race about sessions, which some open and end, and others look at."""

from pathlib import Path
from typing import NamedTuple

from tests.faults import population, racing
from tests.faults.checker import check
from tests.faults.findings import Finding, Kind, tally
from tests.faults.operations import History, read_back
from tests.faults.race_board import ASKED, Board
from tests.faults.racing import READERS, Conditions, Racers, Track
from tests.faults.registers import Truth

USERS = list(range(1, 25))


class Raced(NamedTuple):
    """What was found wrong, and how much was done: *asked* of the looks had to ask PostgreSQL."""

    findings: list[Finding]
    looks: int
    asked: int
    ends: int

    @property
    def told(self) -> str:
        outlived = tally(self.findings)[Kind.OUTLIVED]
        return f"{self.looks} looks ({self.asked} at PostgreSQL), {self.ends} ends acknowledged, {outlived} outlived"


def racers() -> Racers:
    return Racers("tests.faults.racer_of_sessions")


def run(waiting: Racers, conditions: Conditions, database_url: str, folder: Path) -> Raced:
    """Race, and judge what everybody noted."""
    population.add_users(database_url, len(USERS))
    disturbed = racing.race(waiting, conditions, Track(database_url, folder, USERS, USERS, one_writer=True))
    history = read_back(folder)
    truth = Truth({}, sessions=population.truth(database_url).sessions)
    return _counted(history, check(history, truth, disturbed), Board(folder / "board"))


def _counted(history: History, findings: list[Finding], board: Board) -> Raced:
    asked = sum(board.get(ASKED + client) for client in range(1, READERS + 1))
    ends = sum(act.is_acknowledged for act in history.acts)
    return Raced(findings, sum(map(len, history.looks.values())), asked, ends)
