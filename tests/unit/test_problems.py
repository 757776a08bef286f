"""Errors on the wire: every kind has a status, and all have one body."""

import http
import re
from collections.abc import Iterator

import pytest
from roster import errors
from roster.api import problems
from roster.errors import FieldProblem, RosterError


def kinds(root: type[RosterError] = RosterError) -> Iterator[type[RosterError]]:
    yield root
    for kind in root.__subclasses__():
        yield from kinds(kind)


def plain_kinds() -> list[type[RosterError]]:
    """Return the kinds that take field problems and nothing else."""
    return [kind for kind in kinds() if kind.__init__ is RosterError.__init__]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.MalformedRequestError, 400), (errors.UnauthenticatedError, 401), (errors.NotAllowedError, 403),
        (errors.MissingError, 404), (problems.RouteNotFoundError, 404), (problems.NotAcceptableError, 406),
        (errors.ConflictError, 409), (errors.StaleVersionError, 412), (problems.BodyTooLargeError, 413),
        (problems.UnsupportedMediaTypeError, 415), (errors.InvalidInputError, 422), (errors.UnavailableError, 503),
        (errors.OutcomeUnknownError, 503), (RosterError, 500),
    ],
)  # fmt: skip
def test_a_kind_of_error_has_its_status(kind: type[RosterError], status: int) -> None:
    assert problems.status_of(kind()) == status


def test_a_refused_method_is_answered_with_the_allowed_ones() -> None:
    error = problems.MethodNotAllowedError(("GET", "HEAD"))
    assert (problems.status_of(error), problems.headers_of(error)) == (405, {"Allow": "GET, HEAD"})


def test_an_unknown_caller_is_asked_for_a_bearer_token() -> None:
    assert problems.headers_of(errors.UnauthenticatedError()) == {"WWW-Authenticate": "Bearer"}


@pytest.mark.parametrize("kind", [errors.UnavailableError, errors.OutcomeUnknownError])
def test_what_may_help_later_says_when(kind: type[RosterError]) -> None:
    assert int(problems.headers_of(kind())["Retry-After"]) >= 1


def test_every_error_has_the_same_fields() -> None:
    for kind in plain_kinds():
        error = problems.envelope(kind(), "a request")["error"]
        assert error.keys() == {"status", "code", "message", "timestamp", "request_id", "details"}
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", error["timestamp"])
        assert (error["request_id"], error["details"]) == ("a request", [])


def test_every_error_says_something_and_has_a_plain_code() -> None:
    for kind in kinds():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", kind.code)
        assert re.fullmatch(r"[A-Z].*\.", kind.message)


def test_a_field_problem_is_listed_in_both_bodies() -> None:
    error = errors.InvalidInputError(FieldProblem("body.email", "email", "This is not an email address."))
    listed = [{"field": "body.email", "code": "email", "message": "This is not an email address."}]
    assert problems.envelope(error, "")["error"]["details"] == listed
    assert problems.problem_details(error, "")["errors"] == listed


def test_no_answer_lists_more_than_a_hundred_problems() -> None:
    error = errors.InvalidInputError(*[FieldProblem("body.a", "missing", "It is missing.")] * 5000)
    assert len(problems.envelope(error, "")["error"]["details"]) == 100
    assert len(problems.problem_details(error, "")["errors"]) == 100


def test_problem_details_are_what_rfc_9457_says_of_them() -> None:
    for kind in plain_kinds():
        problem = problems.problem_details(kind(), "0d5b7f6e-3c1a-4f0b-9e0e-6a3d8c2b1f47")
        assert (problem["type"], problem["detail"]) == ("about:blank", kind.message)
        assert problem["title"] == phrase(problem["status"])
        assert problem["instance"] == "urn:uuid:0d5b7f6e-3c1a-4f0b-9e0e-6a3d8c2b1f47"


@pytest.mark.parametrize("request_id", ["a b", "<x>", "ä", "\ud800", "\r\n", '"'])
def test_the_instance_of_a_problem_is_a_uri_whatever_the_request_is_called(request_id: str) -> None:
    instance = problems.problem_details(RosterError(), request_id)["instance"]
    assert re.fullmatch(r"urn:uuid:[A-Za-z0-9._~%-]+", instance)


def phrase(status: int) -> str:
    """Return what RFC 9110 calls a status; Python did so from 3.13 on."""
    renamed = {413: "Content Too Large", 422: "Unprocessable Content"}
    return renamed.get(status) or http.HTTPStatus(status).phrase
