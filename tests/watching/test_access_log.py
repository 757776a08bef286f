"""What is read out of the gateway's access log is in it."""

import json
import re

import pytest

from tests.template.deployed import Deployed
from tests.watching import named
from tests.watching.test_named_metrics import COUNTED_BY_THE_GATEWAY, OF_THE_GATEWAY

FILTER = "AWS::Logs::MetricFilter"
LOG = "ApiAccessLogs"


def fields_of(prod: Deployed) -> set[str]:
    return set(json.loads(prod.the("AWS::ApiGateway::Stage")["AccessLogSetting"]["Format"]))


def asked_by(pattern: str) -> set[str]:
    return set(re.findall(r"\$\.(\w+)", pattern))


def test_filters_count_what_lines_say_under_the_names_that_alarms_know(prod: Deployed) -> None:
    filters = [each for each in prod.of_type(FILTER) if each["LogGroupName"] == LOG]
    for each in filters:
        assert asked_by(each["FilterPattern"]) <= fields_of(prod), each.name
    counted = {(one["MetricNamespace"], one["MetricName"]) for each in filters for one in each["MetricTransformations"]}
    known = {(each.namespace, each.name) for each in named.metrics(prod) if each.namespace == OF_THE_GATEWAY}
    assert counted == known == {(OF_THE_GATEWAY, name) for name in COUNTED_BY_THE_GATEWAY}


def test_queries_ask_for_what_lines_say(prod: Deployed) -> None:
    asking = [each for each in named.queries(prod) if LOG in each.get("LogGroupNames", ())]
    assert len(asking) == 2
    for each in asking:
        assert named.fields(each["QueryString"]) <= fields_of(prod), each.name


@pytest.mark.parametrize("pattern", ['{ $.eror = "THROTTLED" }', "{ $.status = 429 && $.path = * }"])
def test_a_field_that_is_not_there_is_found(pattern: str, prod: Deployed) -> None:
    assert not asked_by(pattern) <= fields_of(prod)
