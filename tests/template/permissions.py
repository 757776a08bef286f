"""What functions may do, read from the policies of their roles."""

from collections.abc import Iterator
from typing import Any

from tests.template.deployed import Deployed, Resource

Statement = dict[str, Any]


def statements_of(deployed: Deployed, function: Resource) -> Iterator[Statement]:
    """Yield what a function's own policies say, without AWS's."""
    role = deployed.role_of(function)
    for arn in role["ManagedPolicyArns"]:
        if not arn.startswith("arn:"):
            yield from statements_in(deployed.resource(arn)["PolicyDocument"])
    for policy in role.get("Policies", []):
        yield from statements_in(policy["PolicyDocument"])


def statements_in(document: dict[str, Any]) -> list[Statement]:
    """Return the statements of a policy, which may hold one without a list."""
    found = document["Statement"]
    return list(found) if isinstance(found, list) else [found]


def listed(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else [value]


def resources_for(deployed: Deployed, function: Resource, action: str) -> set[str]:
    """Return on what a function may do *action*."""
    return {
        resource
        for each in statements_of(deployed, function)
        if action in listed(each["Action"])
        for resource in listed(each["Resource"])
    }
