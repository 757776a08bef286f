"""Every stage keeps every rule; the rules stand in `*_rules.py` beside this file."""

from typing import Any

import pytest

from tests.template import rules
from tests.template.deployed import Deployed

CASES = [pytest.param(each, stage, id=f"{each.name}-{stage}") for each in rules.all_rules() for stage in each.stages]

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("rule", "stage"), CASES)
def test_the_template_keeps_its_rules(rule: rules.Rule, stage: str, deployed: dict[str, Deployed]) -> None:
    rule.check(deployed[stage])


def test_one_template_has_room_for_more(translated_template: dict[str, Any]) -> None:
    """CloudFormation takes 500 resources; what is near that cannot grow by an endpoint."""
    assert len(translated_template["Resources"]) <= 480, (
        "Free some: routes that need no function of their own go into the Api's DefinitionBody, where they cost none; "
        "else move a section into a nested stack (docs/decisions/0034-refused-routes.md)."
    )
