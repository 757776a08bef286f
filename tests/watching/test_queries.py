"""Saved queries: what they ask for is what lines say."""

from typing import Any

import pytest

from tests.template.deployed import Deployed, Resource
from tests.watching import emitted, named

# What the gateway's access log says, and Powertools' logger besides what the traffic made it say.
_OF_THE_LOGGER = {"level", "message", "where"}


QUERIES = ("one-request", "errors", "slow-routes", "limited", "cold-starts", "gateway-5xx", "sent-away")


def unknown(query: str, lines: list[dict[str, Any]]) -> set[str]:
    return named.fields(query) - emitted.facts_in(lines) - _OF_THE_LOGGER


def of_functions(prod: Deployed) -> list[Resource]:
    """Return the queries that are about logs of functions; those about the gateway's have a test of their own."""
    return [each for each in named.queries(prod) if "ApiAccessLogs" not in each.get("LogGroupNames", ())]


def test_every_field_of_a_query_is_one_that_lines_have(lines: list[dict[str, Any]], prod: Deployed) -> None:
    assert {each.name: found for each in of_functions(prod) if (found := unknown(each["QueryString"], lines))} == {}


def test_a_query_about_functions_asks_every_function_and_no_more_than_may_be_asked(prod: Deployed) -> None:
    groups = {each.name for each in prod.of_type("AWS::Logs::LogGroup") if "/aws/lambda/" in each["LogGroupName"]}
    assert len(groups) == len(prod.functions())
    for query in of_functions(prod):
        assert set(query["LogGroupNames"]) == groups, query.name
        assert len(query["LogGroupNames"]) <= 50, "CloudWatch asks 50 log groups at once"


def test_what_the_runbook_speaks_of_is_there(prod: Deployed) -> None:
    names = {each["Name"] for each in named.queries(prod)}
    assert names >= {f"roster-prod/{name}" for name in QUERIES}


@pytest.mark.parametrize("query", ["filter rout = 'GET /'", "stats pct(RequestTim, 99) by route", "fields mail"])
def test_a_misspelt_field_is_found(query: str, lines: list[dict[str, Any]]) -> None:
    assert unknown(query, lines)
