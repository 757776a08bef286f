"""Events with random pieces in random places: nothing raises, input causes no 5xx, answers stay in the contract."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.handlers.endpoints import ENDPOINTS, Endpoint
from tests.handlers.test_odd_events import FIELDS, assert_answered
from tests.handlers.world import World

EXAMPLES_EACH = 40

NAMES = st.sampled_from(
    ["accept", "Content-Type", "authorization", "If-Match", "if-none-match", "limit", "cursor", "user_id", "email",
     "name", "password", "role", "status", "current_password", "new_password", "sub", "sid", "authorizer", "path", ""]
)  # fmt: skip
TEXTS = st.text(max_size=20) | st.sampled_from(
    ["me", "1", "-1", "admin", "user", "application/json", "*/*", "*", '"1-1"', "Bearer a.b.c", "{}", "[]", "e30=",
     "\ud800", "ada@example.com", "a lighthouse at noon", "é" * 40, "9" * 400, "NaN", "\0"]
)  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | TEXTS, inner, max_size=3), max_leaves=8
)
QUERIES = st.dictionaries(NAMES | TEXTS, st.lists(TEXTS, min_size=1, max_size=3), max_size=3)
BODIES = st.dictionaries(NAMES, VALUES, max_size=5) | st.binary(max_size=40) | TEXTS


def events(endpoint: Endpoint) -> st.SearchStrategy[dict[str, Any]]:
    """Return good requests in which some things are not: a body, a query, headers, or any fields of the event."""
    built = st.fixed_dictionaries(
        {}, optional={"body": BODIES, "query": QUERIES, "headers": st.dictionaries(NAMES, TEXTS, max_size=3)}
    ).map(lambda changes: endpoint.event(**changes))
    spoilt = st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=2)
    return st.builds(lambda event, fields: event | fields, built, spoilt)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.stem)
def test_no_event_leaves_the_contract(endpoint: Endpoint, world: World, capsys: pytest.CaptureFixture[str]) -> None:
    @settings(max_examples=EXAMPLES_EACH, deadline=None, suppress_health_check=list(HealthCheck))
    @given(events(endpoint))
    def answered(event: dict[str, Any]) -> None:
        assert_answered(world.call(endpoint.stem, event))

    answered()
    assert '"fault"' not in capsys.readouterr().out
