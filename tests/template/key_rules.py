"""Rules about the keys: where they lie, who may read or change them, and that no function's environment holds one."""

from typing import Any

from tests.template.deployed import Deployed, Resource
from tests.template.rules import rule

SECRETS = ("SigningKeySecret", "PublicKeysSecret", "ApiSecret", "SecondFactorKeysSecret")
VARIABLES = dict(zip(("JWT_SIGNING_KEY", "JWT_PUBLIC_KEYS", "API_SECRET", "SECOND_FACTOR_KEYS"), SECRETS, strict=True))
WRITERS = {"RotateSigningKeyFunction", "MakeKeysFunction"}
SIGNERS = {"LogInFunction", "LogInTotpFunction", "RefreshSessionFunction"}
READERS = {
    "ReadSigningKeyPolicy": SIGNERS,
    "ReadPublicKeysPolicy": {"AuthorizeRequestFunction", "CreateUserFunction", "GetSigningKeysFunction"},
    "ReadApiSecretPolicy": {
        *("CreateOrderFunction", "CreateUserFunction"),
        *("ListAuditEventsFunction", "ListOrdersFunction", "ListUsersFunction"),
    },
    "ReadSecondFactorKeysPolicy": {
        *("ConfirmTotpFunction", "DisableTotpFunction", "EnrolTotpFunction", "LogInTotpFunction"),
        "RenewRecoveryCodesFunction",
    },
}


def variables_of(function: Resource) -> dict[str, Any]:
    found: dict[str, Any] = function["Environment"]["Variables"]
    return found


def having(deployed: Deployed, variable: str) -> set[str]:
    return {each.name for each in deployed.functions() if variable in variables_of(each)}


def statements_of(policy: Resource) -> list[dict[str, Any]]:
    found = policy["PolicyDocument"]["Statement"]
    return found if isinstance(found, list) else [found]


@rule()
def every_key_lies_in_a_secret_under_the_stages_own_key(deployed: Deployed) -> None:
    for name in SECRETS:
        assert deployed.resource(name)["KmsKeyId"] == "StageKey.Arn", name
        assert deployed.resource(name)["Name"].startswith(f"roster-{deployed.stage}-"), name


@rule()
def no_secret_has_its_value_in_the_template(deployed: Deployed) -> None:
    for each in deployed.of_type("AWS::SecretsManager::Secret"):
        assert "SecretString" not in each.properties, each.name
    random = deployed.resource("ApiSecret")["GenerateSecretString"]
    assert random["ExcludePunctuation"] is True, "it has to be base64url"
    assert random["PasswordLength"] % 4 == 0, "it has to be base64url"
    assert random["PasswordLength"] >= 43, "it has to have 256 bits"


@rule()
def no_functions_environment_holds_a_key(deployed: Deployed) -> None:
    for function in deployed.functions():
        for variable, secret in VARIABLES.items():
            assert variables_of(function).get(variable, secret) == secret, f"{function.name}: {variable}"


@rule()
def what_would_be_lost_with_the_keys_of_second_factors_outlives_the_stack(deployed: Deployed) -> None:
    given = deployed.resource("SecondFactorKeysSecret").given
    assert given.get("DeletionPolicy") in ("Retain", "RetainExceptOnCreate")
    assert given.get("UpdateReplacePolicy") == "Retain"


@rule()
def only_who_issues_tokens_is_told_where_the_signing_key_lies(deployed: Deployed) -> None:
    assert having(deployed, "JWT_SIGNING_KEY") == SIGNERS | WRITERS


@rule()
def the_signing_key_rotates_by_itself_and_not_while_it_is_deployed(deployed: Deployed) -> None:
    schedule = deployed.the("AWS::SecretsManager::RotationSchedule")
    assert schedule["SecretId"] == "SigningKeySecret"
    assert schedule["RotationLambdaARN"].endswith(":RotateSigningKeyFunction")
    assert schedule["RotateImmediatelyOnUpdate"] is False
    assert 1 <= int(schedule["RotationRules"]["AutomaticallyAfterDays"]) <= 365
    assert "Keys" in schedule.given.get("DependsOn", []), "the first keys come first"


@rule()
def only_secrets_manager_may_invoke_the_rotation_and_only_for_that_secret(deployed: Deployed) -> None:
    permissions = deployed.of_type("AWS::Lambda::Permission")
    (permission,) = [each for each in permissions if str(each["FunctionName"]).endswith("RotateSigningKeyFunction")]
    assert permission["Principal"] == "secretsmanager.amazonaws.com"
    assert permission["SourceArn"] == "SigningKeySecret"
    assert permission["SourceAccount"] == deployed.resource("SigningKeyRotationPermission")["SourceAccount"]


@rule()
def a_deployment_makes_the_keys(deployed: Deployed) -> None:
    assert deployed.the("Custom::Keys")["ServiceToken"].endswith(":MakeKeysFunction")
    assert having(deployed, "SECOND_FACTOR_KEYS") >= {"MakeKeysFunction"}


@rule()
def each_key_is_read_by_those_who_need_it_alone(deployed: Deployed) -> None:
    for policy, readers in READERS.items():
        allowed = {each.name for each in deployed.functions() if policy in deployed.role_of(each)["ManagedPolicyArns"]}
        assert allowed == readers, policy
    assert having(deployed, "SECOND_FACTOR_KEYS") == READERS["ReadSecondFactorKeysPolicy"] | {"MakeKeysFunction"}


@rule()
def keys_are_changed_by_those_who_make_them_alone(deployed: Deployed) -> None:
    changing = {
        policy.name
        for policy in deployed.of_type("AWS::IAM::ManagedPolicy")
        for statement in statements_of(policy)
        if statement["Effect"] == "Allow" and "secretsmanager:PutSecretValue" in str(statement["Action"])
    }
    assert "WriteSigningKeysPolicy" in changing
    for function in deployed.functions():
        role = deployed.role_of(function)
        may = changing & set(map(str, role.get("ManagedPolicyArns", []))) or "PutSecretValue" in str(
            role.get("Policies")
        )
        assert bool(may) == (function.name in WRITERS), function.name


@rule()
def who_changes_keys_may_do_so_to_those_and_through_secrets_manager_alone(deployed: Deployed) -> None:
    for statement in statements_of(deployed.resource("WriteSigningKeysPolicy")):
        if "secretsmanager" in str(statement["Action"]):
            assert statement["Resource"] == ["SigningKeySecret", "PublicKeysSecret"]
        else:
            condition = statement["Condition"]["StringEquals"]
            assert condition["kms:ViaService"].startswith("secretsmanager.")
            assert condition["kms:EncryptionContext:SecretARN"] == ["SigningKeySecret", "PublicKeysSecret"]


@rule()
def who_makes_keys_is_outside_of_the_network(deployed: Deployed) -> None:
    outside = {each.name for each in deployed.functions() if "VpcConfig" not in each.properties}
    assert outside == WRITERS | {"DeployMigrationsFunction"}
