"""Nobody sets what is not theirs: every column, in every spelling, in every body and query, is refused by name."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from roster.api import request
from roster.api.body import printable
from roster.auth.inputs import Input

from tests.envelope import assert_envelope
from tests.handlers import world as worlds
from tests.handlers.endpoints import ANSWERING, BY_STEM, WITH_BODY, Endpoint
from tests.handlers.world import ADMIN, World
from tests.security import input_models, spellings
from tests.security.doors import silence
from tests.security.matrix.runner import State
from tests.servers import Servers, execute

pytestmark = pytest.mark.integration

AT_A_TIME = 90  # an answer names 100 fields at most
VALUES = ("admin", 1, True, None, ["admin"], {"$set": {"role": "admin"}})
_COLUMNS = "SELECT DISTINCT column_name FROM information_schema.columns WHERE table_schema = 'public'"

every_model = pytest.mark.parametrize("model", input_models.all_of_them().values(), ids=lambda model: model.__name__)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    yield World(monkeypatch)
    worlds.forget()


@pytest.fixture(scope="module")
def names(servers: Servers) -> list[str]:
    """Return every spelling of every column that the migrated schema has."""
    columns = [str(column) for (column,) in execute(servers.postgres(18).emptied(), _COLUMNS)]
    assert {"role", "email_canonical", "hash"} <= set(columns)
    return spellings.of_all(columns)


def batches(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), AT_A_TIME):
        yield names[start : start + AT_A_TIME]


def named(response: dict[str, Any]) -> Counter[str]:
    details = assert_envelope(response, 422, "invalid_input")["details"]
    assert {detail["code"] for detail in details} == {"extra_forbidden"}
    return Counter(detail["field"] for detail in details)


@every_model
def test_a_model_refuses_each_name_that_is_no_field_of_it(model: type[Input], names: list[str]) -> None:
    assert input_models.takes_unknown(model, names) == []


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=lambda endpoint: endpoint.stem)
@pytest.mark.parametrize("as_admin", [False, True], ids=["as themself", "as an admin"])
def test_a_body_with_any_of_them_is_refused_by_name_and_changes_nothing(
    endpoint: Endpoint, as_admin: bool, names: list[str], world: World
) -> None:
    caller = ADMIN if as_admin and endpoint.caller else endpoint.caller
    own, state = input_models.of_handler(endpoint.stem, "body"), State(world)
    with silence():
        for number, batch in enumerate(batches([name for name in names if name not in own])):
            more = {name: VALUES[(number + place) % len(VALUES)] for place, name in enumerate(batch)}
            response = world.call(endpoint.stem, endpoint.event(caller=caller, body={**(endpoint.body or {}), **more}))
            assert named(response) == Counter(f"body.{printable(name)}" for name in batch)
    assert state.changed() == frozenset()


@pytest.mark.parametrize("endpoint", ANSWERING, ids=lambda endpoint: endpoint.stem)
def test_a_query_with_any_of_them_is_refused_by_name_and_changes_nothing(
    endpoint: Endpoint, names: list[str], world: World
) -> None:
    state = State(world)
    ask_with_queries(endpoint, names, world)
    assert state.changed() == frozenset()


def ask_with_queries(endpoint: Endpoint, names: list[str], world: World) -> None:
    own = input_models.of_handler(endpoint.stem, "query")
    with silence():
        for batch in batches([name for name in names if name not in own]):
            response = world.call(endpoint.stem, endpoint.event(query=dict.fromkeys(batch, "admin")))
            assert named(response) == Counter(f"query.{printable(name)}" for name in batch)


@pytest.mark.parametrize("model", input_models.bodies(), ids=lambda model: model.__name__)
def test_a_field_takes_values_of_its_own_type_and_no_other(model: type[Input]) -> None:
    assert input_models.takes_mistyped(model) == []


def test_there_are_enough_names(names: list[str]) -> None:
    assert len(names) > 500
    assert {"emailCanonical", "EMAIL-CANONICAL", "user[role]", "rоlе", "rolе", "role\u200b", " role"} <= set(names)


class Ignoring(Input, extra="ignore"):
    name: str


class Lax(Input, strict=False):
    number: int = 0
    flag: bool = False


def test_a_model_that_ignores_what_it_does_not_know_is_found(names: list[str]) -> None:
    assert "role" in input_models.takes_unknown(Ignoring, names)


def test_an_endpoint_that_looks_at_no_query_is_found(
    names: list[str], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request, "refuse_query", lambda event: None)
    with pytest.raises(AssertionError):
        ask_with_queries(BY_STEM["get_user"], names, world)


def test_a_model_that_converts_is_found() -> None:
    found = input_models.takes_mistyped(Lax)
    assert set(found) == {
        "number: '1'",
        "number: True",
        "number: False",
        "number: 1.0",
        "flag: 0",
        "flag: 1",
        "flag: 1.0",
        "flag: '1'",
        "flag: 'true'",
    }
