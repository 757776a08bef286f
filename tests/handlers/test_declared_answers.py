"""
The answers that the OpenAPI document declares are those that handlers give: none is missing, none is made up.

Whether one is made up shows when all tests of handlers have run: the session's end asks (`tests/declared.py`).
"""

import json
from typing import Any

import pytest

from tests import declared
from tests.builders import an_event
from tests.handlers import recorder
from tests.handlers.endpoints import BY_STEM
from tests.handlers.recorder import Sight
from tests.handlers.world import ADA, World


def get_user(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    event = an_event(path="/api/users/1", caller=ADA)
    return event, world.call("get_user", event)


def changed(response: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return response | {"body": json.dumps(json.loads(response["body"]) | fields)}


def without(response: dict[str, Any], name: str) -> dict[str, Any]:
    body = json.loads(response["body"])
    return response | {"body": json.dumps({field: value for field, value in body.items() if field != name})}


@pytest.mark.parametrize("endpoint", BY_STEM.values(), ids=lambda endpoint: endpoint.stem)
def test_every_endpoint_declares_what_its_good_request_is_answered(endpoint: Any) -> None:
    if endpoint.stem != "refuse_route":
        assert Sight(endpoint.stem, endpoint.status) in recorder.declared()


def test_an_undeclared_status_is_found(world: World) -> None:
    event, response = get_user(world)
    with pytest.raises(AssertionError, match="get_user answered 418: "):
        recorder.observe("get_user", event, response | {"statusCode": 418})


def test_an_undeclared_code_is_found(world: World) -> None:
    event = an_event(path="/api/users/1")
    response = world.call("get_user", event)
    error = json.loads(response["body"])["error"] | {"code": "wrong_credentials"}
    with pytest.raises(AssertionError, match="get_user answered 401 wrong_credentials: "):
        recorder.observe("get_user", event, changed(response, error=error))


def test_a_field_that_is_not_declared_is_found(world: World) -> None:
    event, response = get_user(world)
    with pytest.raises(AssertionError, match="version"):
        recorder.observe("get_user", event, changed(response, version=1))


@pytest.mark.parametrize("name", ["id", "email", "created_at"])
def test_a_field_that_is_gone_is_found(name: str, world: World) -> None:
    event, response = get_user(world)
    with pytest.raises(AssertionError, match=f'"{name}" is a required property'):
        recorder.observe("get_user", event, without(response, name))


@pytest.mark.parametrize(
    "fields", [{"id": "1"}, {"role": "owner"}, {"created_at": "2026-11-22T12:00:00Z"}, {"name": None}]
)
def test_a_value_of_another_kind_is_found(fields: dict[str, Any], world: World) -> None:
    event, response = get_user(world)
    with pytest.raises(AssertionError, match="does not know"):
        recorder.observe("get_user", event, changed(response, **fields))


def test_a_header_that_is_not_declared_is_found(world: World) -> None:
    event, response = get_user(world)
    with pytest.raises(AssertionError, match="with Location: "):
        recorder.observe("get_user", event, response | {"headers": response["headers"] | {"Location": "/"}})


def test_an_answer_that_nobody_gives_is_found() -> None:
    unseen = Sight("get_user", 404, "user_not_found")
    assert recorder.unseen(recorder.declared() - {unseen}) == [unseen]


def test_what_only_the_gateway_says_is_expected_of_no_function() -> None:
    assert recorder.unseen(recorder.declared() - {Sight("get_user", 504, "timeout")}) == []


class Run:
    """A run of pytest, as far as this is about it; a worker has an output for the one that started it."""

    def __init__(self, *, is_worker: bool = False) -> None:
        self.stash, self.config = pytest.Stash(), self
        if is_worker:
            self.workeroutput: dict[str, Any] = {}


def test_what_several_workers_saw_is_put_together_and_what_is_missing_is_told() -> None:
    all_of_them, missing = recorder.declared(), Sight("get_user", 404, "user_not_found")
    run, workers = Run(), [Run(is_worker=True), Run(is_worker=True)]
    for number, worker in enumerate(workers):
        declared.note(worker, {each for each in all_of_them - {missing} if hash(each) % 2 == number})
        worker.stash, worker.config = run.stash, run
        declared.pytest_testnodedown(worker)
    assert declared.unseen(run) == [tuple(missing)]


def test_nothing_is_told_where_only_some_tests_of_handlers_ran() -> None:
    assert declared.unseen(Run()) == []
