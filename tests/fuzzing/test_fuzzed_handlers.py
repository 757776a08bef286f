"""Events that are good but for some respects, at every handler of the API: all are answered within the contract."""

import os
import sys
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzzing.campaign import Campaign
from tests.handlers import world as worlds
from tests.handlers.endpoints import ENDPOINTS, Endpoint

EVENTS = 1_000_000 if os.environ.get("FULL") else 100_000
EACH_IN_A_HURRY, BATCH = 100, 100

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
POOLS = st.lists(VALUES, max_size=8)

every_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.stem)


@pytest.fixture
def campaign(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> Any:
    yield Campaign(endpoint, monkeypatch)
    worlds.forget()


def fuzz(campaign: Campaign, batches: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Let Hypothesis choose the seed of each batch, and some of the odd values."""

    @settings(
        max_examples=batches,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**64), POOLS)
    def answered(seed: int, pool: list[Any]) -> None:
        found = campaign.run(seed, BATCH, pool)
        assert found is None, str(found)
        assert '"fault"' not in capsys.readouterr().out

    answered()


@every_endpoint
def test_no_event_leaves_the_contract(
    endpoint: Endpoint, campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    fuzz(campaign, EACH_IN_A_HURRY // BATCH, capsys)


@pytest.mark.slow
@every_endpoint
def test_none_of_a_hundred_thousand_leaves_it(
    endpoint: Endpoint, campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    batches = EVENTS // len(ENDPOINTS) // BATCH + 1
    fuzz(campaign, batches, capsys)
    with capsys.disabled():
        done = (ENDPOINTS.index(endpoint) + 1) * batches * BATCH
        sys.stderr.write(f"  {done:,} of {len(ENDPOINTS) * batches * BATCH:,} events, {endpoint.stem}\n")
