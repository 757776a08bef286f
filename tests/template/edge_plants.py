"""Weaknesses of the edge."""

from typing import Any

from tests.template.plants import Template, plant


def _api(template: Template) -> dict[str, Any]:
    api: dict[str, Any] = template["Resources"]["Api"]["Properties"]
    return api


def _rules(template: Template) -> dict[str, dict[str, Any]]:
    return {each["Name"]: each for each in template["Resources"]["Firewall"]["Properties"]["Rules"]}


@plant("dev", "staging", "prod")
def a_stage_without_throttles(template: Template) -> None:
    del _api(template)["MethodSettings"]


@plant("dev", "staging", "prod")
def logins_as_often_as_anything_else(template: Template) -> None:
    settings = _api(template)["MethodSettings"]
    settings[:] = [each for each in settings if "login" not in each["ResourcePath"]]


@plant()
def an_access_log_with_the_query(template: Template) -> None:
    setting = _api(template)["AccessLogSetting"]
    setting["Format"] = setting["Format"].replace("$context.resourcePath", "$context.path")


@plant()
def an_access_log_that_names_the_caller(template: Template) -> None:
    setting = _api(template)["AccessLogSetting"]
    setting["Format"] = setting["Format"].replace("{", '{"who": "$context.authorizer.principalId", ', 1)


@plant("dev", "staging", "prod")
def no_access_log(template: Template) -> None:
    del _api(template)["AccessLogSetting"]


@plant()
def bodies_in_the_gateways_log(template: Template) -> None:
    _api(template)["MethodSettings"][0] |= {"LoggingLevel": "INFO", "DataTraceEnabled": True}


@plant()
def an_access_log_that_anybody_in_the_account_reads(template: Template) -> None:
    del template["Resources"]["ApiAccessLogs"]["Properties"]["KmsKeyId"]


@plant("dev", "staging", "prod")
def a_gateway_that_speaks_tls_1_0(template: Template) -> None:
    _api(template)["SecurityPolicy"] = "TLS_1_0"


@plant()
def pages_that_send_cookies(template: Template) -> None:
    _api(template)["Cors"]["AllowCredentials"] = True


@plant("staging", "prod")
def a_firewall_that_stands_before_nothing(template: Template) -> None:
    del template["Resources"]["FirewallOfApi"]


@plant("staging", "prod")
def no_firewall_in_production(template: Template) -> None:
    template["Conditions"]["HasFirewall"] = {"Fn::Equals": [{"Ref": "Stage"}, "dev"]}


@plant()
def a_firewall_that_only_counts_who_asks_too_often(template: Template) -> None:
    _rules(template)["LoginsOfOneAddress"]["Action"] = {"Count": {}}


@plant()
def a_firewall_that_only_counts_what_is_known_as_bad(template: Template) -> None:
    _rules(template)["KnownBadInputs"]["OverrideAction"] = {"Count": {}}


@plant()
def a_firewall_with_one_exception_more(template: Template) -> None:
    statement = _rules(template)["Common"]["Statement"]["ManagedRuleGroupStatement"]
    statement["RuleActionOverrides"].append({"Name": "GenericLFI_URIPATH", "ActionToUse": {"Count": {}}})


@plant()
def a_firewall_log_with_tokens(template: Template) -> None:
    template["Resources"]["FirewallLogging"]["Properties"]["RedactedFields"] = [{"QueryString": {}}]
