"""A campaign of half a minute: nothing is found, and the nemesis has really been there."""

import pytest

from tests.faults import campaign, nemesis
from tests.faults.campaign import Plan, Verdict
from tests.faults.findings import Kind
from tests.faults.history import Outcome, What
from tools import pgbouncer

pytestmark = [pytest.mark.integration, pytest.mark.slow]

SEED = 1
# Some of each kind: Redis and PostgreSQL go, fail over, are out of reach; environments die.
STRUCK = (
    "Redis refuses connections",
    "Redis is out of reach of one writer",
    "PostgreSQL is away",
    "PostgreSQL fails over to its synchronous standby",
    "connections are cut at COMMIT, before or after",
    "environments are killed at COMMIT, before or after",
)


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> Verdict:
    if pgbouncer.found() is None:
        pytest.skip(pgbouncer.MISSING)
    faults = [each._replace(seconds=2.5) for each in nemesis.ALL if each.what in STRUCK]
    return campaign.run(Plan(15, SEED, tmp_path_factory.mktemp("campaign"), pace=0.25), print, faults)


def test_nothing_is_found(verdict: Verdict) -> None:
    promised = [each for each in verdict.findings if each.kind != Kind.NON_MONOTONE_WHILE_DISTURBED]
    assert promised == []
    assert verdict.wrong == []
    assert verdict.troubles == []


def test_every_fault_was_made_and_all_worked_again(verdict: Verdict) -> None:
    assert {each.what for each in verdict.struck} == set(STRUCK)
    assert all(each.recovered_seconds is not None for each in verdict.struck)


def test_the_faults_were_felt(verdict: Verdict) -> None:
    away = next(each for each in verdict.struck if each.what == "PostgreSQL is away")
    assert verdict.counted["unavailable"] > 0
    assert verdict.counted["unknown"] + verdict.counted["deaths"] > 0
    assert away.began < away.ended


def test_enough_was_done_to_judge_by(verdict: Verdict) -> None:
    acts = [act for act in verdict.history.acts if act.outcome == Outcome.OK]
    assert {act.what for act in acts} == {What.WRITE, What.ORDER, What.LOGOUT}
    assert verdict.counted["reads"] > 1000
    assert verdict.counted["looks"] > 50
    assert len(acts) > 200
