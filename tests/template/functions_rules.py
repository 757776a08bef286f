"""Rules about functions: names, versions, logs, shares of what is scarce, time-outs."""

from roster.infrastructure import settings
from roster.infrastructure.connecting import CONNECT_SECONDS
from roster.infrastructure.database import WORK_SECONDS

from tests.roles.stated import SETTINGS
from tests.structure import project
from tests.template.database_rules import parameters_of
from tests.template.deployed import Deployed, Resource
from tests.template.rules import rule

GATEWAY_SECONDS = 29
# What Lambda keeps for functions that reserve nothing, of the 1,000 that an account has.
RESERVABLE = 1000 - 100


def _named(function: Resource) -> str:
    return project.stem_of(function.name).replace("_", "-")


@rule()
def a_function_is_named_after_stage_and_folder(deployed: Deployed) -> None:
    for each in deployed.functions():
        assert each["FunctionName"] == f"roster-{deployed.stage}-{_named(each)}"
        assert len(each["FunctionName"]) <= 64


@rule()
def a_function_logs_json_to_a_group_of_its_own_that_is_sealed_and_forgets(deployed: Deployed) -> None:
    for each in deployed.functions():
        logging = each["LoggingConfig"]
        assert logging["LogFormat"] == "JSON", each.name
        group = deployed.resource(logging["LogGroup"])
        assert group["LogGroupName"] == f"/aws/lambda/{each['FunctionName']}"
        assert group["KmsKeyId"] == "StageKey.Arn"
        assert group["RetentionInDays"] in {"dev": (7,), "staging": (30,), "prod": (365, 400)}[deployed.stage]


@rule()
def traffic_reaches_a_version_by_an_alias(deployed: Deployed) -> None:
    versions = {each["FunctionName"]: each for each in deployed.of_type("AWS::Lambda::Version")}
    aliases = {each["FunctionName"]: each for each in deployed.of_type("AWS::Lambda::Alias")}
    for each in deployed.functions():
        assert each.name in versions, f"{each.name} has no version"
        assert versions[each.name]["Description"] == deployed.parameters["Release"]
        assert aliases[each.name]["Name"] == "live"
        assert each["Environment"]["Variables"].get("RELEASE") == deployed.parameters["Release"], "nothing to publish"


@rule()
def the_gateway_calls_the_alias_and_never_what_is_being_deployed(deployed: Deployed) -> None:
    body = deployed.the("AWS::ApiGateway::RestApi")["Body"]
    schemes = body["components"]["securitySchemes"]
    uris = [each["x-amazon-apigateway-authorizer"]["authorizerUri"] for each in schemes.values() if len(each) > 1]
    for each in deployed.operations().values():
        if each["x-amazon-apigateway-integration"]["type"] != "mock":
            uris.append(each["x-amazon-apigateway-integration"]["uri"])
    assert [uri for uri in uris if not (uri.endswith(":live/invocations") or "Aliaslive/" in uri)] == []


@rule()
def a_deployment_is_rolled_back_by_alarms(deployed: Deployed) -> None:
    alarms = {each.name for each in deployed.of_type("AWS::CloudWatch::Alarm")}
    assert len(deployed.of_type("AWS::CodeDeploy::DeploymentGroup")) == len(deployed.functions())
    for each in deployed.of_type("AWS::CodeDeploy::DeploymentGroup"):
        assert "DEPLOYMENT_STOP_ON_ALARM" in each["AutoRollbackConfiguration"]["Events"]
        watching = {alarm["Name"] for alarm in each["AlarmConfiguration"]["Alarms"]}
        assert each["AlarmConfiguration"]["Enabled"] is True
        assert "ServiceErrorsAlarm" in watching <= alarms


@rule("prod")
def a_tenth_of_the_traffic_tries_a_deployment_for_ten_minutes(deployed: Deployed) -> None:
    for each in deployed.of_type("AWS::CodeDeploy::DeploymentGroup"):
        assert each["DeploymentConfigName"] == "CodeDeployDefault.LambdaCanary10Percent10Minutes"


@rule()
def time_outs_are_in_order(deployed: Deployed) -> None:
    in_postgres = {name: float(text.removesuffix("s")) for name, text in SETTINGS.items() if text.endswith("s")}
    assert in_postgres["lock_timeout"] < in_postgres["statement_timeout"] < WORK_SECONDS
    assert CONNECT_SECONDS < WORK_SECONDS
    for each in deployed.functions():
        assert each["Timeout"] > WORK_SECONDS, each.name
        if each.name in {route.function for route in project.routes()} | {"AuthorizeRequestFunction"}:
            assert each["Timeout"] == 10 < GATEWAY_SECONDS, each.name


@rule()
def functions_run_where_the_layer_was_built_for_and_are_traced(deployed: Deployed) -> None:
    layer = deployed.the("AWS::Lambda::LayerVersion")
    for each in deployed.functions():
        assert each["Architectures"] == layer["CompatibleArchitectures"] == [deployed.parameters["Architecture"]]
        assert [each["Runtime"]] == layer["CompatibleRuntimes"] == ["python3.13"]
        assert each["Layers"] == [layer.name]
        assert each["TracingConfig"] == {"Mode": "Active"}


@rule()
def a_snapshot_is_taken_only_where_somebody_asks_for_it(deployed: Deployed) -> None:
    asked = Deployed(deployed.translated, deployed.stage, SnapStart="on")
    assert {each["SnapStart"]["ApplyOn"] for each in deployed.functions()} == {"None"}
    assert {each["SnapStart"]["ApplyOn"] for each in asked.functions()} == {"PublishedVersions"}


@rule()
def reserved_functions_fit_into_the_account_and_their_connections_into_the_proxy(deployed: Deployed) -> None:
    reserving = Deployed(deployed.translated, deployed.stage, ReservedConcurrency="on")
    shares = {each.name: each["ReservedConcurrentExecutions"] for each in reserving.functions()}
    connecting = {each.name for each in reserving.functions() if _reaches_the_database(reserving, each)}
    assert min(shares.values()) >= 1
    assert sum(shares.values()) <= RESERVABLE
    assert sum(shares[name] for name in connecting) * settings.database_pool_max() <= _proxy_connections(reserving)
    assert not any(each.get("ReservedConcurrentExecutions") for each in deployed.functions())


def _proxy_connections(deployed: Deployed) -> float:
    pool = deployed.the("AWS::RDS::DBProxyTargetGroup")["ConnectionPoolConfigurationInfo"]
    return int(parameters_of(deployed)["max_connections"]) * float(pool["MaxConnectionsPercent"]) / 100


def _reaches_the_database(deployed: Deployed, function: Resource) -> bool:
    policies = deployed.role_of(function)["ManagedPolicyArns"]
    return any("Database" in each for each in policies) or function.name == "MigrateDatabaseFunction"


@rule()
def nobody_calls_a_function_by_an_address_of_its_own(deployed: Deployed) -> None:
    assert deployed.of_type("AWS::Lambda::Url") == []
    for each in deployed.of_type("AWS::Lambda::Permission"):
        assert each["Action"] == "lambda:InvokeFunction", each.name
        assert each["Principal"] != "*", each.name
        assert each["SourceArn"], each.name
