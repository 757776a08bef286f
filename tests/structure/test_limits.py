"""The documented limits are those of the code, and no route that takes credentials goes without its own."""

import re

import pytest
from roster.api import limits, policy
from roster.infrastructure.rate_limits.models import Policy

from tests.structure import project
from tests.structure.project import ROOT

_ROW = re.compile(r"^\| *(`[A-Z]+ /[^`]*`|everything else, together) \|(.*?)\|(.*?)\|(.*?)\|$", re.MULTILINE)
_WINDOWS = {60: "a minute", 3600: "an hour"}


def documented() -> dict[str, tuple[str, ...]]:
    rows = _ROW.findall((ROOT / "docs" / "limits.md").read_text("utf-8"))
    return {route.strip("`"): tuple(cell.strip() for cell in cells) for route, *cells in rows}


def in_words(limit: Policy | None) -> str:
    return f"{limit.quota:,} {_WINDOWS[limit.window_seconds]}" if limit else ""


def row_of(found: limits.Limits) -> tuple[str, ...]:
    return tuple(in_words(limit) for limit in (found.caller, found.source, found.account))


def labels() -> set[str]:
    return {route.label for route in project.routes() if route.function != project.REFUSING}


def test_the_documented_table_is_the_one_in_the_code() -> None:
    of_code = {route: row_of(found) for route, found in limits.rows().items()}
    assert documented() == of_code | {"everything else, together": row_of(limits.limits_of("any other"))}


def test_every_row_is_a_route() -> None:
    assert set(limits.rows()) <= labels()


@pytest.mark.parametrize("label", sorted(labels()))
def test_a_route_that_takes_credentials_from_anyone_has_a_limit_by_source_of_its_own(label: str) -> None:
    is_open = policy.is_public(policy.who_may(*label.split(" ")))
    assert not (is_open and label.startswith("POST ")) or limits.rows()[label].source
