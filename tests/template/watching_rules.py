"""Rules about alarms and whom they reach."""

from tests.template.deployed import Deployed, Resource
from tests.template.rules import rule

ALARM = "AWS::CloudWatch::Alarm"
# What has to wake somebody, whatever else does: by metric, since names may change.
WATCHED = {
    "5XXError", "Latency", "Throttles", "AuthorizerFailures", "ConcurrentExecutions",
    "DatabaseConnectionsCurrentlySessionPinned", "DatabaseConnectionsBorrowLatency", "DatabaseConnections",
    "Evictions", "CurrConnections", "FenceMoved", "RefreshTokenReuse", "ValidationGap", "MailFailed", "BlockedRequests",
    "FreeStorageSpace", "CPUUtilization", "ApproximateAgeOfOldestMessage", "MigrationFailed", "RequestsThrottled",
    "KeySetAge", "SignInRefused",
}  # fmt: skip


def alarms(deployed: Deployed) -> list[Resource]:
    return deployed.of_type(ALARM)


def metrics_of(alarm: Resource) -> list[dict[str, object]]:
    """Return the metrics that an alarm is about, each with its dimensions and its statistic."""
    if "Metrics" not in alarm.properties:
        return [
            {"Dimensions": [], **alarm.properties, "Stat": alarm.get("Statistic") or alarm.get("ExtendedStatistic")}
        ]
    asked = [each["MetricStat"] for each in alarm["Metrics"] if "MetricStat" in each]
    return [{"Dimensions": [], **each["Metric"], "Stat": each["Stat"]} for each in asked]


@rule("staging", "prod")
def there_is_an_alarm_about_everything_that_has_to_wake_somebody(deployed: Deployed) -> None:
    assert {each["MetricName"] for alarm in alarms(deployed) for each in metrics_of(alarm)} >= WATCHED


@rule("dev")
def dev_has_the_one_alarm_that_rolls_deployments_back(deployed: Deployed) -> None:
    assert [each.name for each in alarms(deployed)] == ["ServiceErrorsAlarm"]


@rule()
def every_alarm_tells_the_topic_that_it_is_on_and_that_it_is_over(deployed: Deployed) -> None:
    for alarm in alarms(deployed):
        assert alarm["AlarmActions"] == alarm["OKActions"] == ["AlarmTopic"], alarm.name
        assert alarm.get("ActionsEnabled", True) is True, alarm.name


@rule()
def every_alarm_is_named_by_its_stage_and_its_page_and_says_what_missing_data_mean(deployed: Deployed) -> None:
    for alarm in alarms(deployed):
        page = alarm["AlarmName"].removeprefix(f"roster-{deployed.stage}-")
        assert alarm["AlarmDescription"].endswith(f". What to do: docs/runbook/{page}.md"), alarm.name
        assert alarm["TreatMissingData"] in ("notBreaching", "breaching", "ignore"), alarm.name


@rule()
def no_alarm_waits_for_longer_than_an_hour(deployed: Deployed) -> None:
    for alarm in alarms(deployed):
        periods = [each["MetricStat"]["Period"] for each in alarm.get("Metrics", ()) if "MetricStat" in each]
        assert max(periods or [alarm.get("Period")]) * alarm["EvaluationPeriods"] <= 3600, alarm.name


@rule()
def the_alarm_that_rolls_deployments_back_waits_for_nothing_that_is_deployed(deployed: Deployed) -> None:
    told = {"AlarmActions", "OKActions"}
    for alarm in ("ServiceErrorsAlarm", "AuthorizerErrorsAlarm"):
        if alarm in deployed.resources:
            given = deployed.resource(alarm).given["Properties"]
            about = str({name: each for name, each in given.items() if name not in told})
            assert "'Ref'" not in about.replace("{'Ref': 'Stage'}", ""), alarm
            assert "GetAtt" not in about, alarm


@rule()
def alarms_rest_encrypted_and_only_alarms_and_budgets_send_them(deployed: Deployed) -> None:
    assert deployed.resource("AlarmTopic")["KmsMasterKeyId"] == "StageKey"
    policies = [each for each in deployed.of_type("AWS::SNS::TopicPolicy") if "AlarmTopic" in each["Topics"]]
    (policy,) = policies
    statements = policy["PolicyDocument"]["Statement"]
    assert {each["Principal"]["Service"] for each in statements} == {
        "cloudwatch.amazonaws.com",
        "budgets.amazonaws.com",
    }
    for each in statements:
        assert (each["Effect"], each["Action"], each["Resource"]) == ("Allow", "sns:Publish", "AlarmTopic")
        assert set(each.get("Condition", {})) == {"StringEquals", "ArnLike"}, "anybody's alarm may send"


@rule()
def who_sends_alarms_may_use_the_key_of_their_topic(deployed: Deployed) -> None:
    statements = deployed.resource("StageKey")["KeyPolicy"]["Statement"]
    allowed = {
        service
        for each in statements
        if {"kms:Decrypt", "kms:GenerateDataKey"} <= set(each["Action"])
        for service in each["Principal"]["Service"]
    }
    assert allowed >= {"cloudwatch.amazonaws.com", "budgets.amazonaws.com"}


@rule()
def a_budget_tells_before_the_money_is_gone(deployed: Deployed) -> None:
    notifications = deployed.the("AWS::Budgets::Budget")["NotificationsWithSubscribers"]
    kinds = {each["Notification"]["NotificationType"]: each["Notification"]["Threshold"] for each in notifications}
    assert set(kinds) == {"ACTUAL", "FORECASTED"}
    assert max(kinds.values()) <= 100
    assert all(each["Subscribers"][0]["Address"] == "AlarmTopic" for each in notifications)


@rule("prod")
def alarms_are_mailed_to_who_asked_for_that_and_to_nobody_else(deployed: Deployed) -> None:
    assert [each for each in deployed.of_type("AWS::SNS::Subscription") if each["TopicArn"] == "AlarmTopic"] == []
