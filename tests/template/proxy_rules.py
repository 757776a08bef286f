"""Rules about RDS Proxy, through which everybody reaches PostgreSQL."""

from roster.infrastructure import settings

from tests.template.database_rules import USERS, parameters_of
from tests.template.deployed import Deployed
from tests.template.rules import rule


@rule()
def a_connection_is_borrowed_within_three_seconds_or_not(deployed: Deployed) -> None:
    pool = deployed.the("AWS::RDS::DBProxyTargetGroup")["ConnectionPoolConfigurationInfo"]
    assert pool["ConnectionBorrowTimeout"] == 3
    assert 0 < pool["MaxIdleConnectionsPercent"] < pool["MaxConnectionsPercent"] <= 90
    assert "InitQuery" not in pool, "settings are the roles' own"
    assert int(parameters_of(deployed)["max_connections"]) >= 50


@rule()
def the_proxy_leaves_it_to_the_client_to_give_up_an_idle_connection(deployed: Deployed) -> None:
    assert settings.database_idle_seconds() < deployed.the("AWS::RDS::DBProxy")["IdleClientTimeout"] < 350


@rule()
def the_proxy_says_no_statements_in_its_log(deployed: Deployed) -> None:
    assert not deployed.the("AWS::RDS::DBProxy").get("DebugLogging")


@rule()
def the_proxy_may_sign_in_as_our_three_users_and_nobody_else(deployed: Deployed) -> None:
    role = deployed.resource(str(deployed.the("AWS::RDS::DBProxy")["RoleArn"]).removesuffix(".Arn"))
    statements = [each for policy in role["Policies"] for each in policy["PolicyDocument"]["Statement"]]
    (statement,) = statements
    assert statement["Action"] == "rds-db:connect"
    wanted = {f"Database.DbiResourceId/{user}" for user in USERS}
    assert {each.split(":dbuser:")[-1] for each in statement["Resource"]} == wanted
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "rds.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}
