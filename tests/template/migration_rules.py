"""Rules about migrations: they are applied before new code takes traffic."""

from tests.template.deployed import Deployed
from tests.template.rules import rule

_FIRST = {"MigrateDatabaseFunction", "DeployMigrationsFunction"}
# They know keys and no tables.
_ELSEWHERE = {"MakeKeysFunction", "RotateSigningKeyFunction"}


@rule()
def no_function_is_deployed_before_the_schema_that_it_expects(deployed: Deployed) -> None:
    late = {each.name for each in deployed.functions() if _waits(each.given.get("DependsOn"))}
    assert {each.name for each in deployed.functions()} - late == _FIRST | _ELSEWHERE


@rule()
def a_deployment_runs_the_version_of_the_migrations_that_it_brings(deployed: Deployed) -> None:
    migrations = deployed.the("Custom::Migrations")
    version = deployed.resource(str(migrations["Function"]))
    assert (version.kind, version["FunctionName"]) == ("AWS::Lambda::Version", "MigrateDatabaseFunction")
    assert "DeployMigrationsFunction" in str(migrations["ServiceToken"])


@rule()
def a_deployment_hears_of_a_migration_before_it_gives_up(deployed: Deployed) -> None:
    inside, outside = (deployed.resource(name)["Timeout"] for name in sorted(_FIRST, reverse=True))
    assert inside + 25 < outside < int(deployed.the("Custom::Migrations")["ServiceTimeout"])


@rule()
def who_answers_cloudformation_can_reach_it_and_may_do_nothing_else(deployed: Deployed) -> None:
    function = deployed.resource("DeployMigrationsFunction")
    assert "VpcConfig" not in function.properties, "from inside of the network nothing of CloudFormation is reached"
    statements = [
        statement
        for policy in deployed.role_of(function)["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
    ]
    assert [(each["Action"], each["Resource"]) for each in statements] == [
        ("lambda:InvokeFunction", "MigrateDatabaseFunction.Arn:*")
    ]


def _waits(depends_on: str | list[str] | None) -> bool:
    return "Migrations" in ([depends_on] if isinstance(depends_on, str) else depends_on or [])
