"""Weaknesses of the edge."""

from typing import Any

from tests.template.plants import Template, plant


def _api(template: Template) -> dict[str, Any]:
    api: dict[str, Any] = template["Resources"]["Api"]["Properties"]
    return api


def _rules(template: Template) -> dict[str, dict[str, Any]]:
    return {each["Name"]: each for each in template["Resources"]["Firewall"]["Properties"]["Rules"]}


@plant("dev", "staging", "prod", breaks="requests_are_throttled_and_what_is_dear_more_tightly")
def a_stage_without_throttles(template: Template) -> None:
    del _api(template)["MethodSettings"]


@plant("dev", "staging", "prod", breaks="requests_are_throttled_and_what_is_dear_more_tightly")
def logins_as_often_as_anything_else(template: Template) -> None:
    settings = _api(template)["MethodSettings"]
    settings[:] = [each for each in settings if "login" not in each["ResourcePath"]]


@plant(breaks="every_request_is_logged_as_json_with_nothing_that_is_secret")
def an_access_log_with_the_query(template: Template) -> None:
    setting = _api(template)["AccessLogSetting"]
    setting["Format"] = setting["Format"].replace("$context.resourcePath", "$context.path")


@plant(breaks="every_request_is_logged_as_json_with_nothing_that_is_secret")
def an_access_log_that_names_the_caller(template: Template) -> None:
    setting = _api(template)["AccessLogSetting"]
    setting["Format"] = setting["Format"].replace("{", '{"who": "$context.authorizer.principalId", ', 1)


@plant("dev", "staging", "prod", breaks="every_request_is_logged_as_json_with_nothing_that_is_secret")
def no_access_log(template: Template) -> None:
    del _api(template)["AccessLogSetting"]


@plant(breaks="the_gateway_writes_no_bodies_into_logs")
def bodies_in_the_gateways_log(template: Template) -> None:
    _api(template)["MethodSettings"][0] |= {"LoggingLevel": "INFO", "DataTraceEnabled": True}


@plant(breaks="access_logs_are_encrypted_and_end")
def an_access_log_that_anybody_in_the_account_reads(template: Template) -> None:
    del template["Resources"]["ApiAccessLogs"]["Properties"]["KmsKeyId"]


@plant("dev", "staging", "prod", breaks="the_gateway_speaks_tls_1_2_or_later_only")
def a_gateway_that_speaks_tls_1_0(template: Template) -> None:
    _api(template)["SecurityPolicy"] = "TLS_1_0"


@plant(breaks="pages_call_without_credentials")
def pages_that_send_cookies(template: Template) -> None:
    _api(template)["Cors"]["AllowCredentials"] = True


@plant("staging", "prod", breaks="a_firewall_stands_before_the_stage")
def a_firewall_that_stands_before_nothing(template: Template) -> None:
    del template["Resources"]["FirewallOfApi"]


@plant("staging", "prod", breaks="a_firewall_stands_before_the_stage")
def no_firewall_in_production(template: Template) -> None:
    template["Conditions"]["HasFirewall"] = {"Fn::Equals": [{"Ref": "Stage"}, "dev"]}


@plant(breaks="the_firewall_blocks_addresses_that_ask_too_often_but_later_than_we_do")
def a_firewall_that_only_counts_who_asks_too_often(template: Template) -> None:
    _rules(template)["LoginsOfOneAddress"]["Action"] = {"Count": {}}


@plant(breaks="the_firewall_blocks_what_aws_knows_as_bad_except_what_we_need")
def a_firewall_that_only_counts_what_is_known_as_bad(template: Template) -> None:
    _rules(template)["KnownBadInputs"]["OverrideAction"] = {"Count": {}}


@plant(breaks="the_firewall_blocks_what_aws_knows_as_bad_except_what_we_need")
def a_firewall_with_one_exception_more(template: Template) -> None:
    statement = _rules(template)["Common"]["Statement"]["ManagedRuleGroupStatement"]
    statement["RuleActionOverrides"].append({"Name": "GenericLFI_URIPATH", "ActionToUse": {"Count": {}}})


@plant(breaks="the_firewall_logs_what_it_blocked_without_what_is_secret")
def a_firewall_log_with_tokens(template: Template) -> None:
    template["Resources"]["FirewallLogging"]["Properties"]["RedactedFields"] = [{"QueryString": {}}]
