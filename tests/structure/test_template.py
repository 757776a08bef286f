"""The template: what all functions share, and how little each says for itself."""

import re

import pytest
from roster.mail.service import LEASE_SECONDS

from tests.structure import project
from tests.structure.project import ROOT

LINES_MAX = 15
LONGER = {
    "SendMailsFunction": (30, "it alone may send mail, and says as whom"),
    "RecordBouncesFunction": (26, "it alone opens what lies sealed in a queue"),
    "LogInFunction": (18, "it has the signing key"),
    "RefreshSessionFunction": (18, "it has the signing key"),
    "LogInTotpFunction": (18, "it has the signing key and the keys of second factors"),
    "EnrolTotpFunction": (19, "it has the keys of second factors"),
    "ConfirmTotpFunction": (17, "it has the keys of second factors"),
    "RenewRecoveryCodesFunction": (17, "it has the keys of second factors"),
    "DisableTotpFunction": (18, "it has the keys of second factors"),
    "DeployMigrationsFunction": (17, "it alone may invoke another function"),
    "MigrateDatabaseFunction": (22, "it alone connects as the owner of the tables"),
    "MakeKeysFunction": (35, "it alone may put keys where there are none, and says where"),
}
OUTSIDE_OF_THE_NETWORK = {"RotateSigningKeyFunction", "MakeKeysFunction", "DeployMigrationsFunction"}
SHARED = {
    "Architectures",
    "AutoPublishAlias",
    "AutoPublishAliasAllProperties",
    "DeploymentPreference",
    "Handler",
    "Layers",
    "PermissionsBoundary",
    "Runtime",
    "Tracing",
    "VersionDeletionPolicy",
    "VpcConfig",
}


def lines_of(function: str) -> int:
    (block,) = re.findall(rf"^  {function}:\n(?:    .*\n)*", (ROOT / "template.yaml").read_text("utf-8"), re.MULTILINE)
    return str(block).replace("    DependsOn: Migrations\n", "").count("\n")


@pytest.mark.parametrize("name", project.functions())
def test_a_function_says_in_few_lines_what_is_its_own(name: str) -> None:
    assert lines_of(name) <= LONGER.get(name, (LINES_MAX, ""))[0]


@pytest.mark.parametrize("name", LONGER)
def test_no_longer_function_is_excused_that_is_short(name: str) -> None:
    assert lines_of(name) > LINES_MAX


@pytest.mark.parametrize("name", project.functions())
def test_what_all_functions_share_stands_in_globals(name: str) -> None:
    outside = {"VpcConfig"} if name in OUTSIDE_OF_THE_NETWORK else set()
    assert SHARED & set(project.functions()[name]) == outside
    assert set(project.template()["Globals"]["Function"]) >= SHARED


def test_functions_run_on_python_3_13_with_the_shared_layer() -> None:
    common = project.template()["Globals"]["Function"]
    assert common["Runtime"] == "python3.13"
    assert common["Handler"] == "app.handler"
    assert common["Layers"] == [{"Ref": "SharedLayer"}]
    layer = project.template()["Resources"]["SharedLayer"]["Properties"]
    assert layer["CompatibleRuntimes"] == ["python3.13"]
    assert layer["ContentUri"] == "layers/shared"


def test_arm_is_the_processor_unless_somebody_asks_for_the_other() -> None:
    assert project.template()["Parameters"]["Architecture"]["Default"] == "arm64"
    assert project.template()["Globals"]["Function"]["Architectures"] == [{"Ref": "Architecture"}]


def test_no_function_outlives_the_gateway_but_those_nobody_waits_for() -> None:
    shared = project.template()["Globals"]["Function"]["Timeout"]
    patient = {name for name, each in project.functions().items() if each.get("Timeout", shared) >= 29}
    assert shared < 29
    assert patient == {"MigrateDatabaseFunction", "SendMailsFunction"} | OUTSIDE_OF_THE_NETWORK


def test_the_api_is_a_rest_api_that_lets_one_written_origin_in() -> None:
    assert project.template()["Resources"]["Api"]["Type"] == "AWS::Serverless::Api"
    assert project.api()["Cors"]["AllowOrigin"] == {"Fn::Sub": "'${CorsOrigin}'"}
    assert "*" not in project.template()["Parameters"]["CorsOrigin"]["Default"]


def test_one_function_may_send_mail_and_only_as_the_sender() -> None:
    policies = {name: each["Policies"] for name, each in project.functions().items() if "Policies" in each}
    (statement,) = [one for each in policies.pop("SendMailsFunction") for one in each.get("Statement", ())]
    assert not [name for name, each in policies.items() if "ses:" in str(each)]
    assert statement["Action"] == ["ses:SendEmail", "ses:SendRawEmail"]
    assert statement["Condition"] == {"StringEquals": {"ses:FromAddress": {"Ref": "MailSender"}}}
    assert all(":ses:" in each["Fn::Sub"] for each in statement["Resource"])


def test_mail_is_sent_every_minute_within_a_lease() -> None:
    function = project.functions()["SendMailsFunction"]
    schedule = function["Events"]["EveryMinute"]
    assert (schedule["Type"], schedule["Properties"]["Schedule"]) == ("Schedule", "rate(1 minute)")
    assert function["Timeout"] < LEASE_SECONDS


def test_what_comes_back_reaches_the_function_that_records_it_and_only_ses_may_say_so() -> None:
    resources = project.template()["Resources"]
    destination = resources["ReturnedMailEvents"]["Properties"]["EventDestination"]
    assert destination["MatchingEventTypes"] == ["BOUNCE", "COMPLAINT", "REJECT"]
    topic = {"Ref": "ReturnedMailTopic"}
    assert destination["SnsDestination"]["TopicARN"] == topic
    returned = project.functions()["RecordBouncesFunction"]["Events"]["Returned"]["Properties"]
    assert returned["Topic"] == topic
    assert returned["SqsSubscription"]["QueueUrl"] == {"Ref": "ReturnedMailQueue"}
    (statement,) = resources["ReturnedMailTopicPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "ses.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"AWS:SourceAccount": {"Ref": "AWS::AccountId"}}}
    variables = project.functions()["SendMailsFunction"]["Environment"]["Variables"]
    assert variables["MAIL_CONFIGURATION_SET"] == {"Ref": "MailConfigurationSet"}
