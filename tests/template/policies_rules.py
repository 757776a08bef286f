"""Rules about who may do what: one role for each function, one line of policies, one boundary."""

from tests.structure import project
from tests.template.deployed import Deployed
from tests.template.permissions import listed, resources_for, statements_in, statements_of
from tests.template.rules import rule

AWS_POLICIES = {
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaSQSQueueExecutionRole",
    "AWSLambdaVPCAccessExecutionRole",
    "AWSXrayWriteOnlyAccess",
}
# AWS knows no resource for these; they stand in the boundary, which allows nothing by itself.
ANYWHERE = {"Traces", "NetworkInterfaces", "NoNetworkInterfacesForCode"}
SIGNING = {"LogInFunction", "LogInTotpFunction", "RefreshSessionFunction"}
MAKING_KEYS = {"RotateSigningKeyFunction", "MakeKeysFunction"}


@rule()
def each_function_has_a_role_of_its_own_that_only_lambda_takes(deployed: Deployed) -> None:
    roles = [str(each["Role"]) for each in deployed.functions()]
    assert len(set(roles)) == len(roles)
    for each in deployed.functions():
        (trust,) = deployed.role_of(each)["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": ["lambda.amazonaws.com"]}


@rule()
def the_boundary_holds_every_function(deployed: Deployed) -> None:
    for each in deployed.functions():
        assert deployed.role_of(each)["PermissionsBoundary"] == "FunctionBoundary", each.name


@rule()
def of_what_aws_has_written_functions_take_logs_traces_network_and_queues(deployed: Deployed) -> None:
    for each in deployed.functions():
        arns = [arn for arn in deployed.role_of(each)["ManagedPolicyArns"] if arn.startswith("arn:")]
        assert {arn.rsplit("/", 1)[1] for arn in arns} <= AWS_POLICIES, each.name


@rule()
def no_function_may_do_everything_or_anything_everywhere(deployed: Deployed) -> None:
    for function in deployed.functions():
        for each in statements_of(deployed, function):
            assert each["Effect"] == "Allow"
            assert not [action for action in listed(each["Action"]) if "*" in action], function.name
            assert "*" not in listed(each["Resource"]), function.name
            assert "NotAction" not in each
            assert "NotResource" not in each


@rule()
def the_boundary_names_what_is_ours_wherever_aws_knowsresources_for(deployed: Deployed) -> None:
    for each in statements_in(deployed.resource("FunctionBoundary")["PolicyDocument"]):
        if each["Sid"] in ANYWHERE:
            assert each["Resource"] == "*"
            assert each["Effect"] == "Deny" or all(_is_of_aws(action) for action in each["Action"]), each["Sid"]
        else:
            assert "*" not in listed(each["Resource"]), each["Sid"]
            assert not [action for action in listed(each["Action"]) if "*" in action], each["Sid"]


def _is_of_aws(action: str) -> bool:
    return action.startswith("xray:Put") or action.endswith(("NetworkInterface", "Addresses", "Interfaces", "Subnets"))


@rule()
def code_may_not_use_what_lambda_needs_for_the_network(deployed: Deployed) -> None:
    statements = statements_in(deployed.resource("FunctionBoundary")["PolicyDocument"])
    denied = next((each for each in statements if each["Effect"] == "Deny"), {})
    assert denied, "the boundary denies nothing"
    assert denied["Action"] == "ec2:*"
    assert list(denied["Condition"]) == ["ArnLike"]
    assert ":function:*" in denied["Condition"]["ArnLike"]["lambda:SourceFunctionArn"]


@rule()
def a_function_connects_as_one_database_user_of_our_proxy(deployed: Deployed) -> None:
    for each in deployed.functions():
        users = resources_for(deployed, each, "rds-db:connect")
        assert len(users) <= 1, each.name
        assert all(":dbuser:prx-DatabaseProxy/roster_" in user for user in users), each.name


@rule()
def what_only_reads_connects_as_the_user_who_reads(deployed: Deployed) -> None:
    routes = {each.function: each.method for each in project.routes()}
    for each in deployed.functions():
        users = {arn.rsplit("/", 1)[-1] for arn in resources_for(deployed, each, "rds-db:connect")}
        if each.name in routes:
            own = "roster_reader" if routes[each.name] in {"GET", "HEAD"} else "roster_writer"
            assert users <= {own}, each.name


@rule()
def a_function_says_it_is_the_database_user_whom_it_may_be(deployed: Deployed) -> None:
    for each in deployed.functions():
        for arn in resources_for(deployed, each, "rds-db:connect"):
            assert arn.endswith(f"/{each['Environment']['Variables']['DATABASE_USER']}"), each.name


@rule()
def only_who_issues_tokens_reads_the_signing_key(deployed: Deployed) -> None:
    reading = {
        each.name
        for each in deployed.functions()
        if "SigningKeySecret" in resources_for(deployed, each, "secretsmanager:GetSecretValue")
    }
    assert reading == SIGNING | MAKING_KEYS


@rule()
def only_who_makes_keys_changes_secrets(deployed: Deployed) -> None:
    for each in deployed.functions():
        changed = resources_for(deployed, each, "secretsmanager:PutSecretValue")
        assert not changed or each.name in MAKING_KEYS, each.name


@rule()
def one_function_sends_mail_as_one_sender(deployed: Deployed) -> None:
    sending = {each.name for each in deployed.functions() if resources_for(deployed, each, "ses:SendEmail")}
    assert sending == {"SendMailsFunction"}


@rule()
def the_key_is_used_through_the_service_whose_secret_it_seals(deployed: Deployed) -> None:
    for function in deployed.functions():
        for each in statements_of(deployed, function):
            if any(action.startswith("kms:") for action in listed(each["Action"])):
                assert each["Resource"] == "StageKey.Arn", function.name
                condition = each["Condition"]["StringEquals"]
                assert condition["kms:ViaService"].startswith(("secretsmanager.", "sqs.", "sns.")), function.name


@rule()
def what_is_told_to_functions_lies_sealed_and_is_not_lost(deployed: Deployed) -> None:
    queues = {each.name: each for each in deployed.of_type("AWS::SQS::Queue")}
    for each in [*queues.values(), *deployed.of_type("AWS::SNS::Topic")]:
        assert each["KmsMasterKeyId"] == "StageKey", each.name
    for source in deployed.of_type("AWS::Lambda::EventSourceMapping"):
        queue = queues[source["EventSourceArn"].removesuffix(".Arn")]
        function = deployed.resource(source["FunctionName"].removesuffix("Aliaslive"))
        assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]
        assert queue["RedrivePolicy"]["deadLetterTargetArn"].removesuffix(".Arn") in queues
