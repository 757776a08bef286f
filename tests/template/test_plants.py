"""Weaknesses planted one by one, each found by a rule; the plants stand in `*_plants.py` beside this file."""

import copy
import re
from typing import Any

import pytest

from tests.template import plants, rules
from tests.template.deployed import Deployed
from tools import translated

pytestmark = pytest.mark.slow

# What SAM turns into others, or what only SAM knows; the rest reaches CloudFormation as it is written.
_SAM = ("AWS::Serverless::",)
_OF_SAM = re.compile(r"\w\.(Alias|Stage|Version)\b")


@pytest.mark.parametrize("plant", plants.all_plants(), ids=lambda plant: str(plant.name))
def test_a_planted_weakness_is_found(plant: plants.Plant, translated_template: dict[str, Any]) -> None:
    planted = _planted(plant, translated_template)
    for stage in plant.stages:
        assert plant.breaks in rules.broken(Deployed(planted, stage)), f"its rule does not notice in {stage}"


def test_every_rule_has_a_weakness_that_breaks_it() -> None:
    assert {rule.name for rule in rules.all_rules()} - {plant.breaks for plant in plants.all_plants()} == set()


def _planted(plant: plants.Plant, translated_template: dict[str, Any]) -> dict[str, Any]:
    """Return the translated template with the weakness in it; SAM is asked only where it has a say."""
    before = translated.source()
    after = copy.deepcopy(before)
    plant.change(after)
    assert after != before, "the plant changed nothing"
    changed = _changed(before["Resources"], after["Resources"])
    others = {name: each for name, each in after.items() if name != "Resources"}
    if others != {name: each for name, each in before.items() if name != "Resources"} or any(
        _is_for_sam(before["Resources"].get(name, after["Resources"].get(name))) for name in changed
    ):
        return translated.translate(after)
    resources = {**translated_template["Resources"], **{name: after["Resources"].get(name) for name in changed}}
    return {**translated_template, "Resources": {name: each for name, each in resources.items() if each is not None}}


def _changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def _is_for_sam(resource: dict[str, Any]) -> bool:
    return str(resource["Type"]).startswith(_SAM) or bool(_OF_SAM.search(str(resource)))
