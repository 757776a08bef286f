"""Rules about the environments of functions: whoever may list functions reads them, so none holds a secret."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.template.deployed import Deployed, Resource
from tests.template.rules import rule

FUNCTION = "AWS::Lambda::Function"
# What is written out in the template, by variable.
LITERALS = {
    "DATABASE_AUTH": {"iam"},
    "DATABASE_USER": {"roster_reader", "roster_writer", "roster_migrator"},
    "REDIS_AUTH": {"iam"},
}
USERS = {"ReadDatabasePolicy": "roster_reader", "WriteDatabasePolicy": "roster_writer"}
# What stands for a secret, and is the ARN of one.
SECRETS = {"API_SECRET", "JWT_PUBLIC_KEYS", "JWT_SIGNING_KEY", "SECOND_FACTOR_KEYS"}
# Names and addresses of these are told to everybody in the account.
NAMEABLE = {
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::ElastiCache::User",
    "AWS::Lambda::Function",
    "AWS::RDS::DBProxy",
    "AWS::SES::ConfigurationSet",
    "AWS::SNS::Topic",
}
_VARIABLE = re.compile(r"\$\{([^}!]+)\}")
# A password in an address; something resolved into the plain text; what only a generator writes.
_SUSPICIOUS = re.compile(
    r"://[^/@?]*:[^/@?]+@|\{\{resolve:|(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Z])(?=[\w+/=-]*[a-z])[\w+/=-]{20,}"
)


def environments(deployed: Deployed) -> Iterator[tuple[Resource, Mapping[str, Any]]]:
    """Yield each function with its variables, as they stand in the template."""
    for function in deployed.of_type(FUNCTION):
        yield function, function.given["Properties"].get("Environment", {}).get("Variables", {})


def leaves(value: Any) -> Iterator[Any]:
    """Yield what a value may become, whatever conditions say."""
    if isinstance(value, dict) and "Fn::If" in value:
        for branch in value["Fn::If"][1:]:
            yield from leaves(branch)
    else:
        yield value


def problem_of(name: str, value: Any, deployed: Deployed) -> str | None:
    """Return what is wrong with one variable."""
    if name in SECRETS:
        return None if _is_secret(value, deployed) else "is not the ARN of a secret of this stack"
    match value:
        case str():
            return None if value in LITERALS.get(name, ()) else "is written out"
        case {"Ref": str(referred)}:
            return _of_reference(referred, deployed)
        case {"Fn::GetAtt": [str(resource), *_]}:
            return _of_reference(resource, deployed)
        case {"Fn::Sub": str(text)}:
            parts = [_of_reference(each.split(".")[0], deployed) for each in _VARIABLE.findall(text)]
            return next(filter(None, parts), "looks like a secret" if _SUSPICIOUS.search(text) else None)
        case _:
            return "comes from a function that nobody looked at"


def _is_secret(value: Any, deployed: Deployed) -> bool:
    return isinstance(value, dict) and _kind_of(value.get("Ref"), deployed) == "AWS::SecretsManager::Secret"


def _kind_of(name: Any, deployed: Deployed) -> str | None:
    return deployed.resources[name].kind if name in deployed.resources else None


def _of_reference(name: str, deployed: Deployed) -> str | None:
    if name.startswith("AWS::"):
        return None
    kind = _kind_of(name, deployed)
    if kind is not None:
        return None if kind in NAMEABLE else f"names a {kind}"
    if name in deployed.secret_parameters:
        return f"is the parameter {name}, which is not to be echoed"
    return "has a default that looks like a secret" if _SUSPICIOUS.search(str(deployed.parameters[name])) else None


@rule()
def no_environment_holds_a_secret(deployed: Deployed) -> None:
    problems = [
        f"{function.name}: {name} {problem}"
        for function, variables in environments(deployed)
        for name, value in variables.items()
        for leaf in leaves(value)
        if (problem := problem_of(name, leaf, deployed))
    ]
    assert problems == []


@rule()
def environments_have_room_for_the_longest_values(deployed: Deployed) -> None:
    """Lambda takes 4 KB of names and values together."""
    for function, variables in environments(deployed):
        longest = sum(len(name) + _longest(value, deployed) for name, value in variables.items())
        assert longest <= 4096, f"{function.name}: {longest} bytes"


def _longest(value: Any, deployed: Deployed) -> int:
    """Return how many bytes a value may have: what its parameter allows, or its text and a host within."""
    match value:
        case {"Ref": str(name)} if name in deployed.parameters:
            return int(deployed.translated["Parameters"][name].get("MaxLength", 20))
    return len(str(value)) + 100


@rule()
def every_function_signs_in_with_iam_and_over_tls(deployed: Deployed) -> None:
    for function in deployed.of_type(FUNCTION):
        variables = function["Environment"]["Variables"]
        assert variables["DATABASE_AUTH"] == variables["REDIS_AUTH"] == "iam", function.name
        assert variables["DATABASE_URL"].startswith("postgresql://DatabaseProxy.Endpoint:5432/"), function.name
        assert (
            "?sslmode=verify-full&sslrootcert=/opt/python/roster/infrastructure/amazon_roots.pem"
            in (variables["DATABASE_URL"])
        ), function.name
        assert variables["REDIS_URL"] == "rediss://CacheUser@Cache.PrimaryEndPoint.Address:6379/0", function.name
        assert variables["REDIS_NAME"] == "Cache", function.name


@rule()
def no_parameter_is_a_secret(deployed: Deployed) -> None:
    assert deployed.secret_parameters == []


@rule()
def every_function_signs_in_as_the_user_that_its_policy_names(deployed: Deployed) -> None:
    for function in deployed.of_type(FUNCTION):
        policies = deployed.role_of(function).get("ManagedPolicyArns", [])
        allowed = {USERS[each] for each in policies if each in USERS}
        user = function["Environment"]["Variables"]["DATABASE_USER"]
        assert allowed <= {user}, f"{function.name} is {user}, but may be {allowed}"
        assert user != "roster_writer" or allowed, f"{function.name} may not be {user}"
