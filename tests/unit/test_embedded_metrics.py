"""The embedded metric format: as Powertools writes it, and within what CloudWatch reads."""

import json
from typing import Any

import pytest
from aws_lambda_powertools.metrics import MetricUnit, single_metric
from roster.infrastructure import embedded_metrics
from roster.infrastructure.embedded_metrics import UNITS

FACTS = {"service": "roster-test", "route": "GET /api/users", "status": 503, "request_id": "r1"}


def line(**numbers: float) -> dict[str, Any]:
    """Return what is written about *numbers*."""
    read: dict[str, Any] = json.loads(embedded_metrics.line(FACTS, numbers, [name for name in numbers if "F" in name]))
    return read


def without_time(read: dict[str, Any]) -> dict[str, Any]:
    del read["_aws"]["Timestamp"]
    return read


def test_it_is_what_powertools_writes(capsys: pytest.CaptureFixture[str]) -> None:
    with single_metric("RequestTime", MetricUnit.Milliseconds, 1.5, namespace=embedded_metrics.NAMESPACE) as metric:
        metric.add_dimension("service", str(FACTS["service"]))
        for name, value in FACTS.items():
            metric.add_metadata(name, value)
    theirs = without_time(json.loads(capsys.readouterr().out))
    assert without_time(line(RequestTime=1.5)) == theirs | {"RequestTime": 1.5}, "they write numbers as lists of one"


def test_each_metric_and_each_dimension_is_a_member_of_the_line() -> None:
    read = line(RequestTime=1.5, CacheHits=2, FailedRequests=1)
    for directive in read["_aws"]["CloudWatchMetrics"]:
        assert all(isinstance(read[metric["Name"]], int | float) for metric in directive["Metrics"])
        assert all(isinstance(read[name], str) for names in directive["Dimensions"] for name in names)


def test_the_time_is_in_milliseconds() -> None:
    assert 1_700_000_000_000 < line(CacheHits=1)["_aws"]["Timestamp"] < 4_000_000_000_000


def test_units_are_some_that_cloudwatch_knows() -> None:
    assert set(UNITS.values()) <= {unit.value for unit in MetricUnit}


def test_what_json_does_not_know_is_told_as_text() -> None:
    assert json.loads(embedded_metrics.line(FACTS | {"sqlstate": ValueError("x")}, {"CacheHits": 1}))["sqlstate"] == "x"
