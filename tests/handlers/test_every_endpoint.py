"""What holds for all endpoints: who may call, what they accept, and what they answer when something is away."""

from typing import Any

import pytest
from roster.errors import OutcomeUnknownError

from tests.envelope import PROBLEM_JSON, assert_answer, assert_any_envelope, assert_envelope
from tests.functions import STEMS
from tests.handlers.endpoints import (
    ABOUT_A_USER,
    ABOUT_ONESELF,
    ANSWERING,
    ANSWERING_JSON,
    ENDPOINTS,
    REACHING_STORES,
    WITH_CALLER,
    Endpoint,
)
from tests.handlers.world import STRANGER, World

NO_IDS = ["0", "-1", "abc", "1.5", "１", "01", "+1", " 1", "1e3", str(2**63), "1" + "0" * 30, "null", "ME", "%31"]

every_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.stem)
every_endpoint_in_json = pytest.mark.parametrize("endpoint", ANSWERING_JSON, ids=lambda endpoint: endpoint.stem)
every_answering_endpoint = pytest.mark.parametrize("endpoint", ANSWERING, ids=lambda endpoint: endpoint.stem)
every_endpoint_with_stores = pytest.mark.parametrize("endpoint", REACHING_STORES, ids=lambda endpoint: endpoint.stem)
every_endpoint_with_a_caller = pytest.mark.parametrize("endpoint", WITH_CALLER, ids=lambda endpoint: endpoint.stem)
every_endpoint_about_a_user = pytest.mark.parametrize("endpoint", ABOUT_A_USER, ids=lambda endpoint: endpoint.stem)


def without_time(response: dict[str, Any]) -> dict[str, Any]:
    error = assert_answer(response, response["statusCode"])["error"]
    return response | {"body": {name: value for name, value in error.items() if name != "timestamp"}}


def test_no_endpoint_is_left_out() -> None:
    assert (
        sorted(
            [endpoint.stem for endpoint in ENDPOINTS]
            + [
                "authorize_request",
                "deploy_migrations",
                "make_keys",
                "migrate_database",
                "record_bounces",
                "rotate_signing_key",
                "send_mails",
            ]
        )
        == STEMS
    )


@every_endpoint
def test_a_good_request_is_answered(endpoint: Endpoint, world: World) -> None:
    assert_answer(world.call(endpoint.stem, endpoint.event()), endpoint.status)


@every_endpoint_with_a_caller
@pytest.mark.parametrize(
    "context", [None, {}, {"sub": "1"}, {"role": "admin", "sid": "s"}, {"sub": "abc", "role": "user", "sid": "s"}]
)
def test_without_a_caller_it_is_401(endpoint: Endpoint, context: Any, world: World) -> None:
    event = endpoint.event(caller=None)
    event["requestContext"]["authorizer"] = context
    response = world.call(endpoint.stem, event)
    assert_envelope(response, 401, "invalid_token")
    assert response["headers"]["WWW-Authenticate"] == "Bearer"
    assert world.tables.calls == ["users.add"]


@every_endpoint_about_a_user
def test_a_stranger_gets_the_same_answer_for_an_existing_and_a_missing_user(endpoint: Endpoint, world: World) -> None:
    world.tables.calls.clear()
    existing = world.call(endpoint.stem, endpoint.event(caller=STRANGER))
    other = endpoint._replace(path=endpoint.path.replace("/1", "/999"))
    missing = world.call(endpoint.stem, other.event(caller=STRANGER))
    assert_envelope(existing, 403, "not_allowed")
    assert without_time(existing) == without_time(missing)
    assert world.tables.calls == ["standings.find"] * 2


@every_endpoint_about_a_user
@pytest.mark.parametrize("text", NO_IDS)
def test_what_is_no_id_is_a_missing_user(endpoint: Endpoint, text: str, world: World) -> None:
    event = endpoint.event() | {"pathParameters": {"user_id": text}}
    assert_envelope(world.call(endpoint.stem, event), 404, "user_not_found")


@every_endpoint_about_a_user
def test_an_empty_id_is_a_missing_user(endpoint: Endpoint, world: World) -> None:
    for parameters in (None, {}, {"user_id": ""}, {"user_id": None}):
        response = world.call(endpoint.stem, endpoint.event() | {"pathParameters": parameters})
        assert_envelope(response, 404, "user_not_found")


@pytest.mark.parametrize("endpoint", ABOUT_ONESELF, ids=lambda endpoint: endpoint.stem)
def test_me_is_the_caller(endpoint: Endpoint, world: World) -> None:
    mine = endpoint._replace(path=endpoint.path.replace("/1", "/me"))
    assert_answer(world.call(endpoint.stem, mine.event()), endpoint.status)


@every_answering_endpoint
@pytest.mark.parametrize(
    "query", [{"is_admin": "true"}, {"version": "1"}, {"": "x"}, {"Limit": "1"}, {"a\r\nb": "s3cret"}]
)
def test_a_parameter_that_nobody_knows_is_refused(endpoint: Endpoint, query: dict[str, str], world: World) -> None:
    response = world.call(endpoint.stem, endpoint.event(query=query))
    name = next(iter(query)).replace("\r\n", "??")
    assert_envelope(response, 422, "invalid_input", f"query.{name}")
    assert "s3cret" not in response["body"]


@every_endpoint_in_json
@pytest.mark.parametrize(
    "accept", ["text/html", "application/xml", "image/*", "text/*;q=0.5", "nonsense", "application/json-seq"]
)
def test_a_client_that_takes_no_json_is_refused(endpoint: Endpoint, accept: str, world: World) -> None:
    assert_envelope(world.call(endpoint.stem, endpoint.event(headers={"Accept": accept})), 406, "not_acceptable")


@every_endpoint_in_json
@pytest.mark.parametrize(
    "accept", ["", "*/*", "application/json", "APPLICATION/*", "text/html, */*;q=0.1", PROBLEM_JSON]
)
def test_a_client_that_takes_json_is_served(endpoint: Endpoint, accept: str, world: World) -> None:
    response = world.call(endpoint.stem, endpoint.event(headers={"aCCept": accept}))
    assert response["statusCode"] == endpoint.status


@every_answering_endpoint
def test_a_client_that_prefers_problem_json_gets_it(endpoint: Endpoint, world: World) -> None:
    event = endpoint.event(headers={"Accept": f"{PROBLEM_JSON}, */*;q=0.1"}, query={"x": "1"})
    response = world.call(endpoint.stem, event)
    assert_any_envelope(response)
    problem = assert_answer(response, 422)
    assert (problem["code"], problem["errors"][0]["field"]) == ("invalid_input", "query.x")


@every_endpoint_with_stores
def test_a_database_that_is_away_is_503_and_says_when_to_try_again(endpoint: Endpoint, world: World) -> None:
    world.fail()
    response = world.call(endpoint.stem, endpoint.event())
    assert assert_answer(response, 503)["error"]["code"] in ("unavailable", "unhealthy")
    assert response["headers"]["Retry-After"] == "1"
    world.tables.fault = None
    assert_answer(world.call(endpoint.stem, endpoint.event()), endpoint.status)


@every_answering_endpoint
def test_without_the_cache_everything_is_as_before(endpoint: Endpoint, world: World) -> None:
    world.cache.is_away = True
    assert_answer(world.call(endpoint.stem, endpoint.event()), endpoint.status)


@pytest.mark.parametrize(
    "endpoint", [each for each in REACHING_STORES if each.method != "GET"], ids=lambda each: each.stem
)
def test_a_write_with_an_unknown_outcome_says_so(endpoint: Endpoint, world: World) -> None:
    world.fail(OutcomeUnknownError())
    assert_envelope(world.call(endpoint.stem, endpoint.event()), 503, "outcome_unknown")


@every_endpoint_with_stores
def test_a_bug_is_500_and_leaks_nothing(
    endpoint: Endpoint, world: World, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    world.fail(RuntimeError("canary: SELECT hash FROM user_passwords, ada@example.com"))
    response = world.call(endpoint.stem, endpoint.event())
    assert_envelope(response, 500, "internal_error")
    output = capsys.readouterr()
    told = response["body"] + str(response["headers"]) + output.out + output.err + caplog.text
    assert not [secret for secret in ("canary", "SELECT", "ada@example.com") if secret in told]
    assert '"RuntimeError"' in output.out
