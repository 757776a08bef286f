"""Weaknesses of functions: who may do what, how much of it, and how a deployment goes."""

from typing import Any

from tests.template.plants import Template, plant


def _of(template: Template, name: str) -> dict[str, Any]:
    properties: dict[str, Any] = template["Resources"][name]["Properties"]
    return properties


def _shared(template: Template) -> dict[str, Any]:
    shared: dict[str, Any] = template["Globals"]["Function"]
    return shared


@plant("dev", "staging", "prod")
def functions_without_a_boundary(template: Template) -> None:
    del _shared(template)["PermissionsBoundary"]


@plant()
def a_boundary_with_room_for_any_secret(template: Template) -> None:
    for each in _of(template, "FunctionBoundary")["PolicyDocument"]["Statement"]:
        if each["Sid"] == "OwnSecrets":
            each["Resource"] = "*"


@plant()
def a_database_user_for_every_database(template: Template) -> None:
    _of(template, "ReadDatabasePolicy")["PolicyDocument"]["Statement"]["Resource"] = "*"


@plant()
def a_reading_function_that_may_write(template: Template) -> None:
    _of(template, "GetUserFunction")["Policies"] = [{"Ref": "WriteDatabasePolicy"}, {"Ref": "UseCachePolicy"}]


@plant()
def a_function_that_is_two_database_users(template: Template) -> None:
    _of(template, "ChangeUserFunction")["Policies"].append({"Ref": "ReadDatabasePolicy"})


@plant()
def a_function_that_reads_the_signing_key_and_signs_nothing(template: Template) -> None:
    _of(template, "GetUserFunction")["Policies"].append({"Ref": "ReadSigningKeyPolicy"})


@plant()
def a_second_function_that_sends_mail(template: Template) -> None:
    mailing = _of(template, "SendMailsFunction")["Policies"][-1]
    _of(template, "RecordBouncesFunction")["Policies"].append(mailing)


@plant()
def a_function_that_may_do_everything(template: Template) -> None:
    _of(template, "CheckHealthFunction")["Policies"].append(
        {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    )


@plant()
def a_policy_of_aws_that_reads_all_secrets(template: Template) -> None:
    _of(template, "CheckHealthFunction")["Policies"].append("SecretsManagerReadWrite")


@plant()
def a_log_that_is_kept_for_ever(template: Template) -> None:
    del _of(template, "GetUserLogs")["RetentionInDays"]


@plant("dev", "staging", "prod")
def a_log_in_the_clear(template: Template) -> None:
    del _of(template, "LogInLogs")["KmsKeyId"]


@plant("staging", "prod")
def a_deployment_that_no_alarm_stops(template: Template) -> None:
    del _shared(template)["DeploymentPreference"]["Alarms"]


@plant()
def a_deployment_for_everybody_at_once(template: Template) -> None:
    _shared(template)["DeploymentPreference"]["Type"] = "AllAtOnce"


@plant()
def an_authorizer_that_is_called_while_it_is_deployed(template: Template) -> None:
    authorizer = _of(template, "Api")["Auth"]["Authorizers"]["TokenAuthorizer"]
    authorizer["FunctionArn"] = {"Fn::GetAtt": ["AuthorizeRequestFunction", "Arn"]}


@plant()
def a_release_that_publishes_nothing(template: Template) -> None:
    del _shared(template)["Environment"]["Variables"]["RELEASE"]


@plant("dev", "staging", "prod")
def a_function_that_outlives_the_gateway(template: Template) -> None:
    _of(template, "ListOrdersFunction")["Timeout"] = 30


@plant()
def more_reserved_environments_than_connections(template: Template) -> None:
    template["Mappings"]["Concurrency"]["prod"]["Often"] = 100


@plant("dev", "prod")
def a_proxy_with_fewer_connections_than_environments(template: Template) -> None:
    pool = template["Resources"]["DatabaseProxyTargets"]["Properties"]["ConnectionPoolConfigurationInfo"]
    pool["MaxConnectionsPercent"] = 80


@plant()
def a_function_with_an_address_of_its_own(template: Template) -> None:
    _of(template, "MigrateDatabaseFunction")["FunctionUrlConfig"] = {"AuthType": "NONE"}


@plant()
def a_layer_for_the_other_processor(template: Template) -> None:
    _of(template, "SharedLayer")["CompatibleArchitectures"] = ["x86_64"]


@plant()
def snapshots_that_nobody_asked_for(template: Template) -> None:
    _shared(template)["SnapStart"] = {"ApplyOn": "PublishedVersions"}


@plant()
def a_queue_in_the_clear(template: Template) -> None:
    del _of(template, "ReturnedMailQueue")["KmsMasterKeyId"]


@plant()
def two_functions_with_one_role(template: Template) -> None:
    for name in ("GetUserFunction", "ListUsersFunction"):
        _of(template, name)["Role"] = {"Fn::GetAtt": ["GatewayAccountRole", "Arn"]}


@plant()
def code_that_may_attach_interfaces(template: Template) -> None:
    statements = _of(template, "FunctionBoundary")["PolicyDocument"]["Statement"]
    statements[:] = [each for each in statements if each["Effect"] != "Deny"]


@plant()
def a_function_named_after_nothing(template: Template) -> None:
    _of(template, "GetUserFunction")["FunctionName"] = "get-user"


@plant()
def a_name_that_is_too_long(template: Template) -> None:
    _of(template, "CacheUserGroup")["UserGroupId"] = {"Fn::Sub": "roster-${Stage}-users-of-the-cache-of-this-stage"}
