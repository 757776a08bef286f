"""Logs and metrics: one JSON object a line, nothing of an earlier request, and no text of an exception."""

import json
import threading

import pytest
from roster.infrastructure import observability

from tests import environment


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return environment.lines_of(capsys.readouterr().out)


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
    observability.end_request("ok", status=200)
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


def test_the_end_of_a_request_is_its_metric_and_its_log_entry(capsys: pytest.CaptureFixture[str]) -> None:
    observability.begin_request(request_id="r1", route="GET /api/users", caller="7")
    observability.end_request("refused", status=404, code="user_not_found", milliseconds=1.5)
    (line,) = written(capsys)
    assert (line["Requests"], line["outcome"]) == ([1.0], "refused")
    assert (line["status"], line["code"], line["milliseconds"]) == (404, "user_not_found", 1.5)
    assert (line["request_id"], line["route"], line["caller"]) == ("r1", "GET /api/users", "7")


@pytest.mark.parametrize("dimensions", [{}, {"outcome": "ok"}])
def test_a_count_is_in_the_embedded_metric_format(
    dimensions: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    observability.count("CacheAway", **dimensions)
    (line,) = written(capsys)
    (directive,) = json.loads(json.dumps(line["_aws"]))["CloudWatchMetrics"]
    assert directive["Namespace"] == "Roster"
    assert directive["Metrics"] == [{"Name": "CacheAway", "Unit": "Count"}]
    assert set(dimensions) <= set(directive["Dimensions"][0])
    assert line["CacheAway"] == [1.0]


def test_the_identity_of_a_caller_is_no_dimension(capsys: pytest.CaptureFixture[str]) -> None:
    observability.begin_request(request_id="r1", caller="7")
    observability.end_request("ok", status=200)
    (line,) = written(capsys)
    (directive,) = json.loads(json.dumps(line["_aws"]))["CloudWatchMetrics"]
    assert sorted(directive["Dimensions"][0]) == ["outcome", "service"]


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
