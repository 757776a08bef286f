"""Weaknesses of keys."""

from tests.template.plants import Template, plant


def properties(template: Template, name: str) -> dict[str, object]:
    found: dict[str, object] = template["Resources"][name]["Properties"]
    return found


@plant(breaks="every_key_lies_in_a_secret_under_the_stages_own_key")
def the_signing_key_is_encrypted_under_amazons_key(template: Template) -> None:
    del properties(template, "SigningKeySecret")["KmsKeyId"]


@plant(breaks="no_secret_has_its_value_in_the_template")
def the_signing_key_stands_in_the_template(template: Template) -> None:
    properties(template, "SigningKeySecret")["SecretString"] = '{"kty": "EC"}'


@plant(breaks="no_functions_environment_holds_a_key")
def a_secret_stands_in_an_environment(template: Template) -> None:
    template["Globals"]["Function"]["Environment"]["Variables"]["API_SECRET"] = "a-secret-of-43-characters"


@plant(breaks="no_secret_has_its_value_in_the_template")
def cursors_are_signed_with_a_short_secret(template: Template) -> None:
    properties(template, "ApiSecret")["GenerateSecretString"] = {"PasswordLength": 16, "ExcludePunctuation": True}


@plant(breaks="only_who_issues_tokens_is_told_where_the_signing_key_lies")
def every_function_is_told_where_the_signing_key_lies(template: Template) -> None:
    template["Globals"]["Function"]["Environment"]["Variables"]["JWT_SIGNING_KEY"] = {"Ref": "SigningKeySecret"}


@plant(breaks="what_would_be_lost_with_the_keys_of_second_factors_outlives_the_stack")
def second_factors_are_lost_with_the_stack(template: Template) -> None:
    del template["Resources"]["SecondFactorKeysSecret"]["DeletionPolicy"]


@plant(breaks="the_signing_key_rotates_by_itself_and_not_while_it_is_deployed")
def nothing_rotates(template: Template) -> None:
    del template["Resources"]["SigningKeyRotation"]


@plant(breaks="the_signing_key_rotates_by_itself_and_not_while_it_is_deployed")
def a_deployment_rotates_keys_that_nobody_knows_yet(template: Template) -> None:
    del properties(template, "SigningKeyRotation")["RotateImmediatelyOnUpdate"]


@plant(breaks="only_secrets_manager_may_invoke_the_rotation_and_only_for_that_secret")
def anybodys_account_may_invoke_the_rotation(template: Template) -> None:
    del properties(template, "SigningKeyRotationPermission")["SourceArn"]


@plant(breaks="who_changes_keys_may_do_so_to_those_and_through_secrets_manager_alone")
def who_changes_keys_may_change_every_secret(template: Template) -> None:
    statement = template["Resources"]["WriteSigningKeysPolicy"]["Properties"]["PolicyDocument"]["Statement"][0]
    statement["Resource"] = "*"


@plant(breaks="each_key_is_read_by_those_who_need_it_alone")
def a_function_that_needs_none_may_read_the_signing_key(template: Template) -> None:
    policies = properties(template, "GetUserFunction")["Policies"]
    assert isinstance(policies, list)
    policies.append({"Ref": "ReadSigningKeyPolicy"})


@plant(breaks="each_key_is_read_by_those_who_need_it_alone")
def who_judges_codes_may_not_read_the_keys(template: Template) -> None:
    properties(template, "LogInTotpFunction")["Policies"] = [{"Ref": "WriteDatabasePolicy"}]


@plant(breaks="a_deployment_makes_the_keys")
def keys_that_another_function_makes(template: Template) -> None:
    properties(template, "Keys")["ServiceToken"] = {"Fn::GetAtt": ["DeployMigrationsFunction", "Arn"]}


@plant(breaks="keys_are_changed_by_those_who_make_them_alone")
def a_function_that_logs_in_and_may_change_keys(template: Template) -> None:
    template["Resources"]["LogInFunction"]["Properties"]["Policies"].append({"Ref": "WriteSigningKeysPolicy"})


@plant(breaks="the_key_is_used_through_the_service_whose_secret_it_seals")
def a_key_that_may_be_used_past_its_service(template: Template) -> None:
    statements = template["Resources"]["ReadApiSecretPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    (use,) = [each for each in statements if each["Action"] == "kms:Decrypt"]
    use["Condition"] = {"StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}}


@plant(breaks="only_who_makes_keys_changes_secrets")
def a_function_that_reads_and_may_change_keys(template: Template) -> None:
    template["Resources"]["GetUserFunction"]["Properties"]["Policies"].append({"Ref": "WriteSigningKeysPolicy"})
