"""Logs and metrics: one JSON object a line, nothing of an earlier request, and no text of an exception."""

import threading
from typing import Any

import pytest
from roster.infrastructure import observability

from tests import environment


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return environment.lines_of(capsys.readouterr().out)


def metrics_of(line: dict[str, Any]) -> dict[tuple[str, ...], set[str]]:
    """Return the names of the metrics by their dimensions."""
    directives = line["_aws"]["CloudWatchMetrics"]
    return {
        tuple(dimensions): {metric["Name"] for metric in directive["Metrics"]}
        for directive in directives
        for dimensions in directive["Dimensions"]
    }


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    environment.set_up(monkeypatch)


def fail(text: str) -> None:
    raise ValueError(text)


def failure(text: str) -> Exception:
    with pytest.raises(ValueError, match=text) as caught:
        fail(text)
    return caught.value


def test_a_line_is_one_json_object_whatever_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    observability.begin_request(route='GET /\r\n{"level":"x"}\u2028', caller="1")
    observability.logger().info("two\nlines\r\n\u2028\0", extra={"name\n": "va\nlue"})
    assert len(written(capsys)) == 1


def test_every_line_names_its_request(capsys: pytest.CaptureFixture[str]) -> None:
    observability.begin_request(request_id="r1", caller="7")
    observability.logger().info("one")
    observability.logger().warning("two")
    assert [(line["request_id"], line["caller"], line["message"]) for line in written(capsys)] == [
        ("r1", "7", "one"),
        ("r1", "7", "two"),
    ]


def test_nothing_of_an_earlier_request_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    observability.begin_request(request_id="r1", caller="7")
    observability.begin_request(request_id="r2", caller=None)
    observability.logger().info("one")
    observability.end_request(200, None, 1)
    for line in written(capsys):
        assert line["request_id"] == "r2"
        assert "caller" not in line


def test_requests_on_two_threads_do_not_mix(capsys: pytest.CaptureFixture[str]) -> None:
    barrier = threading.Barrier(8)

    def serve(number: int) -> None:
        observability.begin_request(request_id=f"r{number}")
        barrier.wait()
        observability.logger().info(f"of r{number}")

    threads = [threading.Thread(target=serve, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = written(capsys)
    assert len(lines) == 8
    assert all(line["message"] == f"of {line['request_id']}" for line in lines)


def test_the_end_of_a_request_is_its_log_entry_and_all_of_its_metrics(capsys: pytest.CaptureFixture[str]) -> None:
    observability.begin_request(request_id="r1", route="GET /api/users", caller="7")
    observability.count("CacheHits")
    observability.count("CacheHits")
    observability.count("Limited", policies="caller")
    observability.end_request(404, "user_not_found", 1.54)
    (line,) = written(capsys)
    assert (line["RequestTime"], line["CacheHits"], line["Limited"]) == (1.5, 2, 1)
    assert (line["status"], line["code"], line["policies"]) == (404, "user_not_found", "caller")
    assert (line["request_id"], line["route"], line["caller"]) == ("r1", "GET /api/users", "7")
    assert metrics_of(line) == {("service",): {"RequestTime", "CacheHits", "Limited"}}


def test_what_was_counted_is_not_counted_again(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        observability.begin_request()
        observability.count("CacheHits")
    observability.end_request(200, None, 1)
    observability.begin_request()
    observability.end_request(200, None, 1)
    first, second = written(capsys)
    assert (first["CacheHits"], "CacheHits" in second, "code" in first) == (1, False, False)


def test_a_request_that_failed_is_counted_by_its_route_too(capsys: pytest.CaptureFixture[str]) -> None:
    observability.begin_request(route="GET /api/users")
    observability.end_request(503, "unavailable", 1)
    (line,) = written(capsys)
    assert metrics_of(line) == {
        ("service",): {"RequestTime", "FailedRequests"},
        ("service", "route"): {"FailedRequests"},
    }


def test_outside_a_request_a_count_is_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    observability.begin_request(request_id="r1")
    observability.end_request(200, None, 1)
    capsys.readouterr()
    observability.count("MailReturned", code="complaint")
    (line,) = written(capsys)
    assert (line["MailReturned"], line["code"], metrics_of(line)) == (1, "complaint", {("service",): {"MailReturned"}})


def test_what_somebody_should_look_at_is_told_at_once_and_as_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    observability.begin_request(request_id="r1")
    observability.report("FenceMoved", reason="write")
    (line,) = written(capsys)
    assert (line["FenceMoved"], line["level"], line["reason"], line["request_id"]) == (1, "WARNING", "write", "r1")


def test_other_work_is_told_on_one_line_if_there_is_anything_to_tell(capsys: pytest.CaptureFixture[str]) -> None:
    with observability.work(function_request_id="f1"):
        pass
    assert written(capsys) == []
    with observability.work(function_request_id="f1"):
        observability.count("MailSent")
        observability.count("MailSent")
    (line,) = written(capsys)
    assert (line["MailSent"], line["function_request_id"]) == (2, "f1")


def test_work_that_fails_tells_what_it_had_done(capsys: pytest.CaptureFixture[str]) -> None:
    def send() -> None:
        with observability.work():
            observability.count("MailSent")
            fail("broken")

    with pytest.raises(ValueError, match="broken"):
        send()
    assert [line["MailSent"] for line in written(capsys)] == [1]


def test_the_first_request_of_an_environment_is_its_cold_start(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observability._Environment, "is_cold", True)
    for _ in range(2):
        observability.begin_request()
        observability.count_cold_start()
        observability.end_request(200, None, 1)
    first, second = written(capsys)
    assert (first["ColdStarts"], "ColdStarts" in second) == (1, False)


def test_the_identity_of_a_caller_is_no_dimension(capsys: pytest.CaptureFixture[str]) -> None:
    observability.begin_request(request_id="r1", route="GET /api/users", caller="7")
    observability.end_request(500, "internal_error", 1)
    (line,) = written(capsys)
    assert {name for dimensions in metrics_of(line) for name in dimensions} == {"service", "route"}


def test_a_fault_is_told_by_type_and_place_without_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    observability.log_fault(failure("ada@example.com has s3cret"))
    output = capsys.readouterr().out
    (line,) = environment.lines_of(output)
    assert (line["level"], line["message"], line["error_type"]) == ("ERROR", "fault", "ValueError")
    assert "test_observability.py" in str(line["where"])
    assert "s3cret" not in output


def test_where_settings_allow_it_the_text_is_told_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOG_EXCEPTION_MESSAGES", "yes")
    observability.log_fault(failure("a column is missing"))
    assert written(capsys)[0]["error"] == "a column is missing"


def test_a_fault_without_a_place_is_told_too(capsys: pytest.CaptureFixture[str]) -> None:
    observability.log_fault(RuntimeError())
    assert written(capsys)[0]["where"] == []
