"""Rules about migrations: they are applied before new code takes traffic."""

from local.postgres_database import READER, WRITER
from tests.roles.stated import MIGRATING, WITHOUT_DATABASE, role_of
from tests.structure import project
from tests.template.deployed import Deployed
from tests.template.rules import rule

_POLICIES = {READER: "ReadDatabasePolicy", WRITER: "WriteDatabasePolicy"}
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
    assert [each["Action"] for each in statements] == ["lambda:InvokeFunction"]
    assert statements[0]["Resource"] in {
        "MigrateDatabaseFunction.Arn:*",
        "arn:aws:lambda:eu-central-1:123456789012:function:MigrateDatabaseFunction:*",
    }


def _waits(depends_on: str | list[str] | None) -> bool:
    return "Migrations" in ([depends_on] if isinstance(depends_on, str) else depends_on or [])


@rule()
def nobody_but_who_migrates_connects_as_the_owner_of_the_tables(deployed: Deployed) -> None:
    owners = {each.name for each in deployed.functions() if "roster_migrator" in str(deployed.role_of(each).properties)}
    named = {
        each.name
        for each in deployed.functions()
        if each["Environment"]["Variables"]["DATABASE_USER"] == "roster_migrator"
    }
    assert owners == named == {"MigrateDatabaseFunction"}


@rule()
def each_function_connects_as_the_role_that_is_stated_for_it(deployed: Deployed) -> None:
    for function in deployed.functions():
        stem = project.stem_of(function.name)
        user = function["Environment"]["Variables"]["DATABASE_USER"]
        policies = str(deployed.role_of(function).properties)
        allowed = {role for role, policy in _POLICIES.items() if policy in policies}
        assert allowed == ({role_of(stem)} if role_of(stem) else set()), function.name
        assert user == role_of(stem) or stem in MIGRATING | WITHOUT_DATABASE, function.name
