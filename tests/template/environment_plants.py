"""Weaknesses of environments: secrets where everybody reads them, and connections that anybody reads."""

from typing import Any

from tests.template.plants import Template, plant

LOOKS_LIKE_A_KEY = "Zm9vYmFyYmF6cXV4MDEyMzQ1Njc4OWFiY2RlZmdoaWo"


def _variables(template: Template, function: str = "LogInFunction") -> dict[str, Any]:
    properties = template["Resources"][function]["Properties"]
    variables: dict[str, Any] = properties.setdefault("Environment", {}).setdefault("Variables", {})
    return variables


def _shared(template: Template) -> dict[str, Any]:
    variables: dict[str, Any] = template["Globals"]["Function"]["Environment"]["Variables"]
    return variables


@plant("dev", "prod", breaks="no_functions_environment_holds_a_key")
def a_key_written_out(template: Template) -> None:
    _variables(template)["JWT_SIGNING_KEY"] = LOOKS_LIKE_A_KEY


@plant("dev", "prod", breaks="no_environment_holds_a_secret")
def a_secret_under_another_name(template: Template) -> None:
    _variables(template, "GetUserFunction")["PARTNER_TOKEN"] = LOOKS_LIKE_A_KEY


@plant("dev", "prod", breaks="every_function_signs_in_with_iam_and_over_tls")
def a_secret_inside_an_address(template: Template) -> None:
    _shared(template)["DATABASE_URL"] = {"Fn::Sub": "postgresql://roster:hunter2@${DatabaseProxy.Endpoint}:5432/roster"}


@plant("dev", "prod", breaks="no_functions_environment_holds_a_key")
def a_secret_resolved_into_the_environment(template: Template) -> None:
    _variables(template)["JWT_SIGNING_KEY"] = {"Fn::Sub": "{{resolve:secretsmanager:${SigningKeySecret}}}"}


@plant("dev", "prod", breaks="no_parameter_is_a_secret")
def a_quiet_parameter_in_the_environment(template: Template) -> None:
    template["Parameters"]["PartnerToken"] = {"Type": "String", "NoEcho": True, "Default": ""}
    _variables(template)["PARTNER_TOKEN"] = {"Ref": "PartnerToken"}


@plant("prod", breaks="no_environment_holds_a_secret")
def a_secret_in_production_only(template: Template) -> None:
    _variables(template)["PARTNER_TOKEN"] = {"Fn::If": ["IsProd", LOOKS_LIKE_A_KEY, {"Ref": "Stage"}]}


@plant("dev", "prod", breaks="every_function_signs_in_with_iam_and_over_tls")
def a_database_whose_certificate_nobody_checks(template: Template) -> None:
    address = _shared(template)["DATABASE_URL"]
    address["Fn::Sub"] = address["Fn::Sub"].replace("verify-full", "require")


@plant("dev", "prod", breaks="every_function_signs_in_with_iam_and_over_tls")
def functions_that_speak_to_the_cache_in_the_clear(template: Template) -> None:
    address = _shared(template)["REDIS_URL"]
    address["Fn::Sub"] = address["Fn::Sub"].replace("rediss", "redis")


@plant("dev", "prod", breaks="every_function_signs_in_with_iam_and_over_tls")
def functions_with_a_password_for_the_database(template: Template) -> None:
    _shared(template)["DATABASE_AUTH"] = "password"


@plant("dev", "prod", breaks="each_function_connects_as_the_role_that_is_stated_for_it")
def a_function_that_writes_and_signs_in_as_the_reader(template: Template) -> None:
    del _variables(template)["DATABASE_USER"]


@plant("dev", "prod", breaks="every_function_signs_in_as_the_user_that_its_policy_names")
def a_function_that_reads_and_signs_in_as_the_writer(template: Template) -> None:
    _variables(template, "GetUserFunction")["DATABASE_USER"] = "roster_writer"


@plant(breaks="environments_have_room_for_the_longest_values")
def an_issuer_as_long_as_a_page(template: Template) -> None:
    template["Parameters"]["TokenIssuer"]["MaxLength"] = 4096
