"""The bill in docs/costs.md is what is computed from the committed figures, and those are still the template's."""

import re

import pytest

from benchmarks.costs import chart, levers, model, report, stack
from benchmarks.costs.__main__ import DOCUMENT
from tests.structure.project import ROOT

PROD = report.stacks()["prod"]


def test_the_page_and_its_picture_say_what_is_computed() -> None:
    text = DOCUMENT.read_text("utf-8")
    assert report.filled(text) == text, "type `make costs`"
    assert chart.drawn(report.bills()) == DOCUMENT.with_suffix(".svg").read_text("utf-8"), "type `make costs`"


@pytest.mark.parametrize("stage", report.STAGES)
def test_the_stacks_behind_the_bill_are_the_template_s(stage: str) -> None:
    committed, now = report.stacks()[stage], stack.of(stage)
    large = (
        "database",
        "databases",
        "gigabytes",
        "proxy_vcpus",
        "cache",
        "caches",
        "endpoints",
        "firewalls",
        "memory_mb",
    )
    assert [getattr(committed, name) for name in large] == [getattr(now, name) for name in large], "type `make costs`"
    assert model.standing_total(committed) == pytest.approx(model.standing_total(now), rel=0.1), "type `make costs`"
    assert committed.access_log_bytes == pytest.approx(now.access_log_bytes, rel=0.2), "type `make costs`"


def test_a_larger_class_would_be_seen() -> None:
    larger = PROD._replace(cache="cache.m7g.large", caches=PROD.caches + 2)
    assert model.standing_total(larger) > model.standing_total(PROD) * 1.1


def test_tiers_are_paid_one_after_the_other() -> None:
    assert model.priced("api_million", 333) == pytest.approx(333 * 3.5)
    assert model.priced("api_million", 1100) == pytest.approx(333 * 3.5 + 667 * 2.8 + 100 * 2.38)
    assert model.priced("transfer_gb", 99) == 0


def test_every_line_of_the_bill_is_in_the_picture_once() -> None:
    drawn = [line for _, lines in chart.PARTS.values() for line in lines]
    assert sorted(drawn) == sorted(model.bill(PROD, "prod", 1))


def test_every_class_that_a_stage_has_has_a_price_and_every_price_a_source() -> None:
    prices = model.PRICES["prices"]
    assert {each.database for each in report.stacks().values()} <= prices.keys()
    assert {each.cache for each in report.stacks().values()} <= prices.keys()
    assert [name for name, each in prices.items() if not each["source"]] == []


def test_every_price_and_assumption_is_used() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "benchmarks" / "costs").glob("*.py"))
    classes = {name for name in model.PRICES["prices"] if "." in name}
    assert [
        name for name in {**model.PRICES["prices"], **model.ASSUMED} if name not in sources and name not in classes
    ] == []
    assert sum(model.ASSUMED["mix"].values()) == pytest.approx(1)


def test_what_was_measured_was_answered() -> None:
    assert set(model.MEASURED["functions"]) == set(stack.MEASURED) == {"authorize_request", *model.ASSUMED["mix"]}
    assert {each["status"] for each in model.MEASURED["functions"].values()} == {200}
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", model.MEASURED["date"])


def test_a_lever_saves_something_and_never_more_than_there_is() -> None:
    for rate in (100, 3000):
        total = sum(model.bill(PROD, "prod", rate).values())
        assert [name for name, saved in levers.of(PROD, rate) if not 0 < saved < total] == []


def test_memory_and_processor_make_the_duration() -> None:
    assert model.billed_ms("log_in", 512) > 2.5 * model.billed_ms("log_in", 1769)
    assert model.billed_ms("log_in", 1769) == model.billed_ms("log_in", 3008)
