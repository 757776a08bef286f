"""Where the template may be deployed, every type that it uses exists."""

from typing import Any

import pytest

from tests.structure import project

pytestmark = pytest.mark.slow


def test_every_region_that_the_rule_lists_has_every_type(translated_template: dict[str, Any]) -> None:
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER  # its schemas take a second, and only this needs them

    used = {each["Type"] for each in translated_template["Resources"].values() if "Custom" not in each["Type"]}
    regions, _ = project.template()["Rules"]["Region"]["Assertions"][0]["Assert"]["Fn::Contains"]
    assert {"eu-central-1", "us-east-1"} <= set(regions)
    for region in regions:
        assert used - set(PROVIDER_SCHEMA_MANAGER.get_resource_types(region)) == set(), region
