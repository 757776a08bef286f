"""A race about users, whom some change and others read."""

from pathlib import Path
from typing import NamedTuple

from tests.faults import population, racing
from tests.faults.checker import check
from tests.faults.findings import Finding
from tests.faults.operations import History, read_back
from tests.faults.racing import READERS, WRITERS, Conditions, Racers, Track

USERS = list(range(1, 9))


class Raced(NamedTuple):
    history: History
    findings: list[Finding]


def racers() -> Racers:
    return Racers("tests.faults.racer_of_users")


def run(waiting: Racers, conditions: Conditions, database_url: str, folder: Path) -> Raced:
    """Race, and judge what everybody noted."""
    population.add_users(database_url, len(USERS))
    population.note_registrations(folder, len(USERS))
    clients = range(1, READERS + WRITERS + 1)
    disturbed = racing.race(waiting, conditions, Track(database_url, folder, USERS, clients))
    history = read_back(folder)
    return Raced(history, check(history, population.truth(database_url), disturbed))
