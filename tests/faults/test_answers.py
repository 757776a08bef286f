"""What of an answer is outside of the contract is seen, and what became of a write is told apart."""

import json
from typing import Any

import pytest
from roster.api import responses
from roster.errors import OutcomeUnknownError, RosterError, StaleVersionError, UnavailableError

from tests.builders import a_user, an_event
from tests.faults import answers
from tests.faults.answers import Response, WrongAnswerError
from tests.faults.history import Outcome

EVENT = an_event()


def good(**values: Any) -> Response:
    return responses.of_result(a_user(id=7, name="N42", version=3, **values), EVENT)


def error(error: RosterError) -> Response:
    return responses.of_error(error, EVENT)


def test_a_good_answer_says_version_and_value() -> None:
    answers.check(good(), (200,))
    assert answers.user_in(good(), 7) == (3, 42)


@pytest.mark.parametrize("response", [good(), {**good(), "headers": {}}])
def test_an_answer_about_somebody_else_or_without_a_version_is_wrong(response: Response) -> None:
    user = 8 if response["headers"] else 7
    with pytest.raises(WrongAnswerError):
        answers.user_in(response, user)


def test_unavailable_may_always_come_and_other_statuses_only_where_they_should() -> None:
    answers.check(error(UnavailableError()), (200,))
    answers.check(error(StaleVersionError()), (200, 412))
    with pytest.raises(WrongAnswerError, match="status 412"):
        answers.check(error(StaleVersionError()), (200,))
    with pytest.raises(WrongAnswerError, match="status 500"):
        answers.check(error(RosterError()), (200,))


@pytest.mark.parametrize("missing", ["Retry-After", "Cache-Control", "Content-Type"])
def test_an_error_without_what_it_has_to_say_is_wrong(missing: str) -> None:
    response = error(UnavailableError())
    del response["headers"][missing]
    with pytest.raises(WrongAnswerError, match="form"):
        answers.check(response, (200,))


def test_an_error_of_another_form_is_wrong() -> None:
    response = error(UnavailableError())
    body = json.loads(response["body"])
    body["error"]["trace"] = "psycopg2.OperationalError"
    for bad in (json.dumps(body), "", "<html>", "{}"):
        with pytest.raises(WrongAnswerError, match="form"):
            answers.check({**response, "body": bad}, (200,))


def test_what_became_of_a_write_is_told_apart() -> None:
    assert answers.outcome_of(good()) == Outcome.OK
    assert answers.outcome_of(error(UnavailableError())) == Outcome.FAILED
    assert answers.outcome_of(error(StaleVersionError())) == Outcome.FAILED
    assert answers.outcome_of(error(OutcomeUnknownError())) == Outcome.UNKNOWN
    assert answers.outcome_of(error(RosterError())) == Outcome.UNKNOWN
