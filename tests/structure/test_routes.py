"""Routes: who answers which method of which path, and who may call it."""

import re
from typing import Any

import pytest
from roster.api import policy, routes

from tests.structure import project
from tests.structure.project import Route

EVERYWHERE = ["/", "/{proxy+}"]
# What API Gateway means by ANY, less OPTIONS, which answers CORS.
METHODS = {"DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"}


def own_routes() -> list[Route]:
    return [route for route in project.routes() if route.function != project.REFUSING]


def refused_methods(path: str) -> list[str]:
    return sorted(route.method for route in refused_routes() if route.path == path)


def refused_routes() -> list[Route]:
    return project.routes_of(project.REFUSING)


def public_labels() -> set[str]:
    return {route.label for route in own_routes() if policy.is_public(policy.who_may(route.method, route.path))}


def test_the_table_behind_404_and_405_is_the_templates() -> None:
    methods: dict[str, list[str]] = {}
    for route in own_routes():
        methods.setdefault(route.path, []).append(route.method)
    assert {path: tuple(sorted(each)) for path, each in methods.items()} == routes.METHODS


def test_no_route_has_two_functions() -> None:
    labels = [route.label for route in project.routes()]
    assert sorted(set(labels)) == sorted(labels)


@pytest.mark.parametrize("path", routes.METHODS)
def test_the_methods_that_a_path_does_not_answer_are_refused_by_a_function_of_ours(path: str) -> None:
    assert refused_methods(path) == sorted(METHODS - set(routes.METHODS[path]))


@pytest.mark.parametrize("path", EVERYWHERE)
def test_unknown_paths_are_refused_by_a_function_of_ours(path: str) -> None:
    assert refused_methods(path) == ["ANY"]


def test_what_is_refused_stands_in_the_apis_document_and_nothing_else_does() -> None:
    assert project.stated_routes() == refused_routes()
    assert {route.authorizer for route in refused_routes()} == {"NONE"}


def test_nothing_is_refused_that_nobody_answers() -> None:
    assert {route.path for route in refused_routes()} == {*routes.METHODS, *EVERYWHERE}


def test_head_works_where_get_does_by_the_same_function() -> None:
    gets = {(route.function, route.path) for route in own_routes() if route.method == "GET"}
    heads = {(route.function, route.path) for route in own_routes() if route.method == "HEAD"}
    assert gets == heads


def test_every_route_has_a_row_in_the_policy_and_every_row_is_a_route() -> None:
    assert {route.label for route in own_routes() if route.method != "HEAD"} == policy.rows()


def test_every_route_wants_a_token_except_those_that_the_policy_calls_public() -> None:
    assert {route.label for route in own_routes() if route.authorizer == "NONE"} == public_labels()
    assert {route.authorizer for route in own_routes()} == {None, "NONE"}


def test_a_route_that_nobody_decided_about_is_for_no_one() -> None:
    with pytest.raises(KeyError):
        policy.who_may("GET", "/api/users/{user_id}/badge")


def test_the_default_authorizer_is_our_function() -> None:
    auth = project.api()["Auth"]
    function = auth["Authorizers"][auth["DefaultAuthorizer"]]["FunctionArn"]
    assert function["Fn::Sub"].endswith(":${AWS::AccountId}:function:${AuthorizeRequestFunction}:live")
    assert auth["AddDefaultAuthorizerToCorsPreflight"] is False


def test_how_long_a_verdict_is_cached_is_written_down() -> None:
    assert isinstance(identity()["ReauthorizeEvery"], int)
    assert identity()["Header"] == "Authorization"


@pytest.mark.parametrize(
    "header",
    [
        "Bearer eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "bearer a.b.c",
        "BEARER  a-b.c_d.e",
    ],
)
def test_what_looks_like_a_token_reaches_the_authorizer(header: str) -> None:
    assert re.search(identity()["ValidationExpression"], header)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "a.b.c",
        "Basic YTpi",
        "Bearer a.b",
        "Bearer a.b.",
        "Bearer a.b.c.d",
        "Bearer a.b.c d",
        "Bearer a.b.c=",
        "Bearer a.b.ç",
        "xBearer a.b.c",
        "Bearer\ta.b.c",
    ],
)
def test_what_does_not_look_like_a_token_reaches_no_function(header: str) -> None:
    assert not re.search(identity()["ValidationExpression"], header)


def identity() -> dict[str, Any]:
    (authorizer,) = project.api()["Auth"]["Authorizers"].values()
    return dict(authorizer["Identity"])
