"""The values of dimensions are names of what is deployed: alarms hold them as text, so nothing else would notice."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from tests.template.deployed import STAGES, Deployed
from tests.watching import named
from tests.watching.named import Named

Names = Callable[[Deployed], set[str]]


def _of(kind: str, name: str) -> Names:
    return lambda deployed: {str(each[name]) for each in deployed.of_type(kind)}


def _apis(deployed: Deployed) -> set[str]:
    return {
        str(each.get("Name") or each["Body"]["info"]["title"]) for each in deployed.of_type("AWS::ApiGateway::RestApi")
    }


def _nodes(deployed: Deployed) -> set[str]:
    groups = deployed.of_type("AWS::ElastiCache::ReplicationGroup")
    return {f"{each['ReplicationGroupId']}-{n:03}" for each in groups for n in range(1, each["NumCacheClusters"] + 1)}


def _queues(deployed: Deployed) -> set[str]:
    return {f"{each.name}.QueueName" for each in deployed.of_type("AWS::SQS::Queue")}


NAMES: dict[str, Names] = {
    "ApiName": _apis,
    "CacheClusterId": _nodes,
    "DBInstanceIdentifier": _of("AWS::RDS::DBInstance", "DBInstanceIdentifier"),
    "FunctionName": _of("AWS::Lambda::Function", "FunctionName"),
    "ProxyName": _of("AWS::RDS::DBProxy", "DBProxyName"),
    "QueueName": _queues,
    "Region": lambda _: {"eu-central-1"},
    "Rule": lambda _: {"ALL"},
    "Stage": _of("AWS::ApiGateway::Stage", "StageName"),
    "WebACL": lambda deployed: {
        str(each["VisibilityConfig"]["MetricName"]) for each in deployed.of_type("AWS::WAFv2::WebACL")
    },
    "service": lambda deployed: {
        str(each["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]) for each in deployed.functions()
    },
}


def unknown(deployed: Deployed, metrics: Iterable[Named]) -> list[str]:
    """Return the dimensions that name nothing that is deployed."""
    there = {name: names(deployed) for name, names in NAMES.items()}
    return [
        f"{each.where}: {name} {value}"
        for each in metrics
        for name, value in each.dimensions
        if value is not None and value not in there[name]
    ]


@pytest.mark.parametrize("stage", STAGES)
def test_every_dimension_names_something_that_is_deployed(stage: str, template: dict[str, Any]) -> None:
    deployed = Deployed(template, stage)
    assert unknown(deployed, named.metrics(deployed)) == []


@pytest.mark.parametrize("name", sorted(NAMES.keys() - {"Region", "Rule"}))
def test_a_name_that_nothing_has_is_found(name: str, prod: Deployed) -> None:
    one = next(each for each in named.metrics(prod) if name in each.dimension_names)
    assert unknown(prod, [one]) == []
    assert unknown(prod, [one._replace(dimensions=((name, "roster"),))])
