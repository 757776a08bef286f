"""What the watch names is what there is, and what the code counts is shown."""

import copy
import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from roster.infrastructure import embedded_metrics

from tests.template.deployed import Deployed
from tests.watching import emitted, named
from tests.watching.aws_metrics import is_documented
from tests.watching.emitted import Metric
from tests.watching.named import Named

Lines = list[dict[str, Any]]
OWN = embedded_metrics.NAMESPACE
SERVICE = "roster-prod"
# What CloudWatch counts in the access log; tests/watching/test_access_log.py.
OF_THE_GATEWAY = "Roster/prod"
COUNTED_BY_THE_GATEWAY = {"AuthorizerFailures", "RequestsThrottled"}
# Neither on a dashboard nor in an alarm, each for a reason.
NOT_SHOWN: dict[str, str] = {}
_OF_TIMES = {"Average", "Maximum", "SampleCount", "p50", "p90", "p99"}


def wrong(lines: Lines, names: Iterable[Named]) -> list[str]:
    """Return what is named and is not there."""
    there = emitted.metrics_in(lines)
    return [f"{each.where}: {each.name} {dict(each.dimensions)}" for each in names if not _is_there(each, there)]


def _is_there(each: Named, there: dict[Metric, set[str | None]]) -> bool:
    if each.namespace == OF_THE_GATEWAY:
        return each.name in COUNTED_BY_THE_GATEWAY and not each.dimensions
    if each.namespace != OWN:
        return is_documented(each.namespace, each.name, each.dimension_names)
    return Metric(each.name, each.dimension_names) in there and dict(each.dimensions).get("service") in (None, SERVICE)


def test_every_metric_that_is_named_is_one_that_is_emitted(lines: Lines, prod: Deployed) -> None:
    assert wrong(lines, named.metrics(prod)) == []


def test_each_statistic_fits_what_is_measured(prod: Deployed) -> None:
    for each in named.metrics(prod):
        if each.namespace == OWN:
            fitting = _OF_TIMES if each.name in embedded_metrics.UNITS else {"Sum"}
            assert each.statistic in fitting, f"{each.where}: {each.statistic} of {each.name}"


def test_all_that_the_code_counts_is_emitted_by_the_traffic(lines: Lines) -> None:
    there = {metric.name for metric in emitted.metrics_in(lines)}
    assert emitted.names_in_the_code() - there == set(), "tests/watching/traffic.py has to bring these about"


def test_all_that_is_emitted_is_shown_or_excused(lines: Lines, prod: Deployed) -> None:
    shown = {each.name for each in named.metrics(prod) if each.namespace == OWN}
    assert {metric.name for metric in emitted.metrics_in(lines)} - shown == set(NOT_SHOWN)


def test_a_metric_has_one_unit(lines: Lines) -> None:
    assert {metric: units for metric, units in emitted.metrics_in(lines).items() if len(units) > 1} == {}


def test_there_are_not_many_dimensions_since_each_costs(lines: Lines) -> None:
    names = {metric.dimensions for metric in emitted.metrics_in(lines)}
    assert names == {frozenset({"service"}), frozenset({"service", "route"})}
    assert {metric.name for metric in emitted.metrics_in(lines) if "route" in metric.dimensions} == {"FailedRequests"}


def _misspell(each: Named) -> Named:
    return each._replace(name=f"{each.name}s")


def _without_dimension(each: Named) -> Named:
    return each._replace(dimensions=each.dimensions[1:])


def _of_another_stage(each: Named) -> Named:
    return each._replace(dimensions=(("service", "roster"), *each.dimensions[1:]))


@pytest.mark.parametrize("plant", [_misspell, _without_dimension, _of_another_stage])
def test_a_metric_that_is_not_there_is_found(plant: Callable[[Named], Named], lines: Lines, prod: Deployed) -> None:
    own = [each for each in named.metrics(prod) if each.namespace == OWN and dict(each.dimensions).get("service")]
    assert len(own) > 10
    assert len(wrong(lines, [plant(each) for each in own])) == len(own)


@pytest.mark.parametrize("name", ["Latency", "DatabaseConnectionsBorrowLatency", "Evictions", "BlockedRequests"])
def test_a_misspelt_metric_of_aws_is_found(name: str, lines: Lines, prod: Deployed) -> None:
    (first, *_) = [each for each in named.metrics(prod) if each.name == name]
    assert wrong(lines, [first]) == []
    assert wrong(lines, [_misspell(first)])
    assert wrong(lines, [first._replace(dimensions=(*first.dimensions, ("Stage", "prod"), ("Zone", "a")))])


@pytest.mark.parametrize(
    "name", ["FenceMoved", "RefreshTokenReuse", "ValidationGap", "AuthorizationsRefused", "KeySetAge"]
)
def test_a_metric_that_is_emitted_no_more_is_found(name: str, lines: Lines, prod: Deployed) -> None:
    silent = [line for line in copy.deepcopy(lines) if name not in line]
    assert wrong(silent, named.metrics(prod))


def test_every_line_is_small_and_one_json_object(lines: Lines) -> None:
    longest = max(len(json.dumps(line, separators=(",", ":"))) for line in lines if "_aws" in line)
    assert longest < 1000
