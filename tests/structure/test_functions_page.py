"""docs/functions.md: its table says of each function what the template says."""

from typing import Any

import pytest

from tests.structure import project
from tests.structure.project import ROOT

PAGE = (ROOT / "docs" / "functions.md").read_text("utf-8")
STAGES = ("dev", "staging", "prod")


def row_of(name: str) -> str:
    """Return the row of a function: memory, time-out, how many at once in each stage, database user, policies."""
    own = {**project.template()["Globals"]["Function"], **project.functions()[name]}
    kind = own["ReservedConcurrentExecutions"]["Fn::If"][1]["Fn::FindInMap"][2]
    shares = [project.template()["Mappings"]["Concurrency"][stage][kind] for stage in STAGES]
    user = str(own.get("Environment", {}).get("Variables", {}).get("DATABASE_USER", "roster_reader"))
    policies = [_name(each) for each in own.get("Policies", [])]
    connects = any("Database" in each or "own" in each for each in policies) and "rds-db" in str(
        [*own.get("Policies", []), *_statements(policies)]
    )
    cells = [
        f"`{project.stem_of(name)}`",
        f"{own['MemorySize']} MB",
        f"{own['Timeout']} s",
        " / ".join(map(str, shares)),
        user.removeprefix("roster_") if connects else "–",
        ", ".join(policies) or "–",
    ]
    return f"| {' | '.join(cells)} |"


def _name(policy: dict[str, Any]) -> str:
    return str(policy["Ref"]).removesuffix("Policy") if "Ref" in policy else "its own"


def _statements(policies: list[str]) -> list[Any]:
    resources = project.template()["Resources"]
    return [resources[f"{name}Policy"]["Properties"]["PolicyDocument"] for name in policies if name != "its own"]


@pytest.mark.parametrize("name", project.functions())
def test_the_page_says_of_a_function_what_the_template_says(name: str) -> None:
    assert row_of(name) in PAGE.splitlines(), row_of(name)


def test_the_page_speaks_of_no_function_that_is_gone() -> None:
    assert sum(line.startswith("| `") for line in PAGE.splitlines()) == len(project.functions())
