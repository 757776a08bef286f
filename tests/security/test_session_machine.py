"""Logins, refreshes, reuse, logouts, new passwords, disabled users, lost roles, time: in any order, as in the model."""

import contextlib
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from roster.auth.statements import IS_ACTIVE
from roster.errors import RosterError
from roster.infrastructure.database import Database
from roster.sessions import statements

from tests import environment
from tests.security.doors import silence
from tests.security.progress import IN_FULL, ticker
from tests.security.session_machine import SessionMachine
from tests.servers import Servers

pytestmark = pytest.mark.integration

RUNS, STEPS = (500, 50) if IN_FULL else (20, 25)


@pytest.fixture
def machine(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[SessionMachine]]:
    environment.set_up(monkeypatch)
    url = servers.postgres(18).emptied()
    with contextlib.closing(Database(url, pool_max=1, idle_seconds=30)) as database, silence():
        SessionMachine.database = database
        yield SessionMachine


def run(machine: type[SessionMachine], runs: int, *phases: Phase) -> None:
    chosen = settings(
        max_examples=runs,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        derandomize=not IN_FULL,
        phases=phases or tuple(Phase),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    run_state_machine_as_test(machine, settings=chosen)


def test_the_real_sessions_do_what_the_model_does(
    machine: type[SessionMachine], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "run", 0)
    monkeypatch.setattr(machine, "tick", ticker("runs of sessions", RUNS, capsys))
    run(machine, RUNS)


FAULTS = {
    "a logout that ends nothing": ("REMOVE", statements.REMOVE + " AND false"),
    "access after the end of idling": ("FIND_STANDING", statements.FIND_STANDING.replace("AND idle_until > now()", "")),
    "reuse that is always forgiven": ("FIND_USED", statements.FIND_USED.replace("%(grace_seconds)s", "1e6")),
    "reuse that is never forgiven": ("FIND_USED", statements.FIND_USED.replace("%(grace_seconds)s", "-1")),
    "sessions of the disabled": ("ADD", statements.ADD.replace(f"AND {IS_ACTIVE}", "")),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str, machine: type[SessionMachine], monkeypatch: pytest.MonkeyPatch) -> None:
    name, statement = FAULTS[fault]
    assert getattr(statements, name) != statement
    monkeypatch.setattr(statements, name, statement)
    with pytest.raises((AssertionError, RosterError)):
        run(machine, 100, Phase.generate)
