"""The page about watching says what there is: each metric, how many of them, and what is paid for."""

import re
from typing import Any

from benchmarks.costs import model
from tests.structure.project import ROOT
from tests.template.deployed import Deployed
from tests.template.watching_rules import alarms, metrics_of
from tests.watching import emitted, named
from tests.watching.test_named_metrics import COUNTED_BY_THE_GATEWAY

PAGE = (ROOT / "docs" / "watching.md").read_text("utf-8")


def names(lines: list[dict[str, Any]]) -> set[str]:
    return {metric.name for metric in emitted.metrics_in(lines)}


def test_every_metric_is_explained_and_no_other(lines: list[dict[str, Any]]) -> None:
    table = PAGE.partition("## What is measured")[2].partition("\n\nHow long")[0]
    explained = [
        name
        for row in table.splitlines()
        if row.startswith("| `")
        for name in re.findall(r"`([A-Z]\w+)`", row.split("|")[1])
    ]
    assert sorted(explained) == sorted(names(lines))


def test_the_numbers_that_are_paid_for_are_right(lines: list[dict[str, Any]], prod: Deployed) -> None:
    watched = sum(len(metrics_of(alarm)) for alarm in alarms(prod))
    assert f"| metrics of the code | {len(names(lines))} | {0.3 * len(names(lines)):.2f} " in PAGE
    assert f"| {watched}, in {len(alarms(prod))} alarms | {0.1 * watched:.2f} |" in PAGE
    assert f"**Alarms**: {len(alarms(prod))} in staging and prod" in PAGE


def test_the_bill_counts_the_same_metrics(lines: list[dict[str, Any]]) -> None:
    assert len(names(lines)) + len(COUNTED_BY_THE_GATEWAY) == model.ASSUMED["custom_metrics"]


def test_every_saved_query_is_named(prod: Deployed) -> None:
    queries = [each["Name"].rpartition("/")[2] for each in named.queries(prod)]
    assert [name for name in queries if f"`{name}`" not in PAGE] == []
