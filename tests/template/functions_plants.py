"""Weaknesses of functions: who may do what, how much of it, and how a deployment goes."""

from typing import Any

from tests.template.plants import Template, plant


def _of(template: Template, name: str) -> dict[str, Any]:
    properties: dict[str, Any] = template["Resources"][name]["Properties"]
    return properties


def _shared(template: Template) -> dict[str, Any]:
    shared: dict[str, Any] = template["Globals"]["Function"]
    return shared


@plant("dev", "staging", "prod", breaks="the_boundary_holds_every_function")
def functions_without_a_boundary(template: Template) -> None:
    del _shared(template)["PermissionsBoundary"]


@plant(breaks="the_boundary_names_what_is_ours_wherever_aws_knowsresources_for")
def a_boundary_with_room_for_any_secret(template: Template) -> None:
    for each in _of(template, "FunctionBoundary")["PolicyDocument"]["Statement"]:
        if each["Sid"] == "OwnSecrets":
            each["Resource"] = "*"


@plant(breaks="a_function_says_it_is_the_database_user_whom_it_may_be")
def a_database_user_for_every_database(template: Template) -> None:
    _of(template, "ReadDatabasePolicy")["PolicyDocument"]["Statement"]["Resource"] = "*"


@plant(breaks="what_only_reads_connects_as_the_user_who_reads")
def a_reading_function_that_may_write(template: Template) -> None:
    _of(template, "GetUserFunction")["Policies"] = [{"Ref": "WriteDatabasePolicy"}, {"Ref": "UseCachePolicy"}]


@plant(breaks="a_function_connects_as_one_database_user_of_our_proxy")
def a_function_that_is_two_database_users(template: Template) -> None:
    _of(template, "ChangeUserFunction")["Policies"].append({"Ref": "ReadDatabasePolicy"})


@plant(breaks="only_who_issues_tokens_reads_the_signing_key")
def a_function_that_reads_the_signing_key_and_signs_nothing(template: Template) -> None:
    _of(template, "GetUserFunction")["Policies"].append({"Ref": "ReadSigningKeyPolicy"})


@plant(breaks="one_function_sends_mail_as_one_sender")
def a_second_function_that_sends_mail(template: Template) -> None:
    mailing = _of(template, "SendMailsFunction")["Policies"][-1]
    _of(template, "RecordBouncesFunction")["Policies"].append(mailing)


@plant(breaks="no_function_may_do_everything_or_anything_everywhere")
def a_function_that_may_do_everything(template: Template) -> None:
    _of(template, "CheckHealthFunction")["Policies"].append(
        {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    )


@plant(breaks="of_what_aws_has_written_functions_take_logs_traces_network_and_queues")
def a_policy_of_aws_that_reads_all_secrets(template: Template) -> None:
    _of(template, "CheckHealthFunction")["Policies"].append("SecretsManagerReadWrite")


@plant(breaks="a_function_logs_json_to_a_group_of_its_own_that_is_sealed_and_forgets")
def a_log_that_is_kept_for_ever(template: Template) -> None:
    del _of(template, "GetUserLogs")["RetentionInDays"]


@plant("dev", "staging", "prod", breaks="a_function_logs_json_to_a_group_of_its_own_that_is_sealed_and_forgets")
def a_log_in_the_clear(template: Template) -> None:
    del _of(template, "LogInLogs")["KmsKeyId"]


@plant("staging", "prod", breaks="a_deployment_is_rolled_back_by_alarms")
def a_deployment_that_no_alarm_stops(template: Template) -> None:
    del _shared(template)["DeploymentPreference"]["Alarms"]


@plant(breaks="a_tenth_of_the_traffic_tries_a_deployment_for_ten_minutes")
def a_deployment_for_everybody_at_once(template: Template) -> None:
    _shared(template)["DeploymentPreference"]["Type"] = "AllAtOnce"


@plant(breaks="the_gateway_calls_the_alias_and_never_what_is_being_deployed")
def an_authorizer_that_is_called_while_it_is_deployed(template: Template) -> None:
    authorizer = _of(template, "Api")["Auth"]["Authorizers"]["TokenAuthorizer"]
    authorizer["FunctionArn"] = {"Fn::GetAtt": ["AuthorizeRequestFunction", "Arn"]}


@plant(breaks="traffic_reaches_a_version_by_an_alias")
def a_release_that_publishes_nothing(template: Template) -> None:
    del _shared(template)["Environment"]["Variables"]["RELEASE"]


@plant("dev", "staging", "prod", breaks="time_outs_are_in_order")
def a_function_that_outlives_the_gateway(template: Template) -> None:
    _of(template, "ListOrdersFunction")["Timeout"] = 30


@plant(breaks="reserved_functions_fit_into_the_account_and_their_connections_into_the_proxy")
def more_reserved_environments_than_connections(template: Template) -> None:
    template["Mappings"]["Concurrency"]["prod"]["Often"] = 100


@plant("dev", "prod", breaks="reserved_functions_fit_into_the_account_and_their_connections_into_the_proxy")
def a_proxy_with_fewer_connections_than_environments(template: Template) -> None:
    pool = template["Resources"]["DatabaseProxyTargets"]["Properties"]["ConnectionPoolConfigurationInfo"]
    pool["MaxConnectionsPercent"] = 80


@plant(breaks="nobody_calls_a_function_by_an_address_of_its_own")
def a_function_with_an_address_of_its_own(template: Template) -> None:
    _of(template, "MigrateDatabaseFunction")["FunctionUrlConfig"] = {"AuthType": "NONE"}


@plant(breaks="functions_run_where_the_layer_was_built_for_and_are_traced")
def a_layer_for_the_other_processor(template: Template) -> None:
    _of(template, "SharedLayer")["CompatibleArchitectures"] = ["x86_64"]


@plant(breaks="a_snapshot_is_taken_only_where_somebody_asks_for_it")
def snapshots_that_nobody_asked_for(template: Template) -> None:
    _shared(template)["SnapStart"] = {"ApplyOn": "PublishedVersions"}


@plant(breaks="what_is_told_to_functions_lies_sealed_and_is_not_lost")
def a_queue_in_the_clear(template: Template) -> None:
    del _of(template, "ReturnedMailQueue")["KmsMasterKeyId"]


@plant(breaks="each_function_has_a_role_of_its_own_that_only_lambda_takes")
def two_functions_with_one_role(template: Template) -> None:
    for name in ("GetUserFunction", "ListUsersFunction"):
        _of(template, name)["Role"] = {"Fn::GetAtt": ["GatewayAccountRole", "Arn"]}


@plant(breaks="code_may_not_use_what_lambda_needs_for_the_network")
def code_that_may_attach_interfaces(template: Template) -> None:
    statements = _of(template, "FunctionBoundary")["PolicyDocument"]["Statement"]
    statements[:] = [each for each in statements if each["Effect"] != "Deny"]


@plant(breaks="a_function_is_named_after_stage_and_folder")
def a_function_named_after_nothing(template: Template) -> None:
    _of(template, "GetUserFunction")["FunctionName"] = "get-user"


@plant(breaks="names_are_short_enough_for_their_services")
def a_name_that_is_too_long(template: Template) -> None:
    _of(template, "CacheUserGroup")["UserGroupId"] = {"Fn::Sub": "roster-${Stage}-users-of-the-cache-of-this-stage"}
