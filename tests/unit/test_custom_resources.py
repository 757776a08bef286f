"""What CloudFormation hears from a function that takes a step of a deployment."""

import json
from typing import Any

import pytest
from roster.infrastructure import custom_resources
from roster.infrastructure.custom_resources import AnswerNotTakenError

URL = "https://answers.s3.eu-central-1.amazonaws.com/a%20b?signature=x%2By"


class Told:
    """Takes answers in place of S3, after some failures."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.answers: list[dict[str, Any]] = []

    def __call__(self, url: str, body: bytes) -> None:
        assert url == URL
        if self.failures:
            raise self.failures.pop(0)
        self.answers.append(json.loads(body))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    told = Told()
    monkeypatch.setattr(custom_resources, "send", told)
    return told


def a_request(kind: str = "Create", **members: Any) -> dict[str, Any]:
    named = {"StackId": "a-stack", "RequestId": "a-request", "LogicalResourceId": "Keys"}
    return {"RequestType": kind, "ResponseURL": URL, **named, **members}


def fail() -> None:
    raise ValueError("s3cret")


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_what_was_done_is_told(kind: str, told: Told) -> None:
    done: list[int] = []
    custom_resources.answer(a_request(kind), "keys", lambda: done.append(1))
    assert done == [1]
    assert told.answers == [
        {
            "Status": "SUCCESS",
            "Reason": "",
            "PhysicalResourceId": "keys",
            "StackId": "a-stack",
            "RequestId": "a-request",
            "LogicalResourceId": "Keys",
        }
    ]


def test_nothing_is_done_when_a_stack_goes(told: Told) -> None:
    custom_resources.answer(a_request("Delete", PhysicalResourceId="keys-of-old"), "keys", fail)
    assert (told.answers[0]["Status"], told.answers[0]["PhysicalResourceId"]) == ("SUCCESS", "keys-of-old")


def test_what_failed_fails_the_deployment_and_the_text_is_told_only_if_it_may_be(
    told: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    custom_resources.answer(a_request(), "keys", fail)
    custom_resources.answer(a_request(), "keys", fail, lambda error: f"because {error}" + "x" * 5000)
    assert [answer["Status"] for answer in told.answers] == ["FAILED", "FAILED"]
    assert told.answers[0]["Reason"] == "ValueError"
    assert told.answers[1]["Reason"].startswith("because s3cret")
    assert len(json.dumps(told.answers[1])) < 4096


def test_an_answer_that_is_not_taken_is_given_again(told: Told) -> None:
    told.failures = [OSError(), AnswerNotTakenError()]
    custom_resources.answer(a_request(), "keys", lambda: None)
    assert len(told.answers) == 1


def test_who_cannot_tell_fails_so_that_lambda_tries_again(told: Told) -> None:
    told.failures = [OSError()] * 3
    with pytest.raises(AnswerNotTakenError, match="OSError"):
        custom_resources.answer(a_request(), "keys", lambda: None)


@pytest.mark.parametrize("url", ["http://answers.example.com/a", "file:///etc/passwd", "https://", ""])
def test_answers_go_over_https_only(url: str) -> None:
    with pytest.raises(AnswerNotTakenError):
        custom_resources.send(url, b"")


@pytest.mark.parametrize("event", [{}, {"replace": True}, {"RequestType": "Create"}, {"ResponseURL": URL}])
def test_what_comes_from_elsewhere_is_no_request(event: dict[str, Any]) -> None:
    assert not custom_resources.is_request(event)
