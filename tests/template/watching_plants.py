"""Weaknesses of the watch."""

from tests.template.plants import Template, plant


def _alarm(template: Template, name: str) -> Template:
    properties: Template = template["Resources"][f"{name}Alarm"]["Properties"]
    return properties


@plant("staging", "prod", breaks="there_is_an_alarm_about_everything_that_has_to_wake_somebody")
def nobody_watches_the_latency(template: Template) -> None:
    del template["Resources"]["SlowAnswersAlarm"]


@plant("staging", "prod", breaks="there_is_an_alarm_about_everything_that_has_to_wake_somebody")
def nobody_watches_pinned_sessions(template: Template) -> None:
    del template["Resources"]["SessionsPinnedAlarm"]


@plant("prod", breaks="there_is_an_alarm_about_everything_that_has_to_wake_somebody")
def an_alarm_about_the_fence_in_dev_alone(template: Template) -> None:
    template["Resources"]["FenceMovedAlarm"]["Condition"] = "IsDev"


@plant("staging", "prod", breaks="every_alarm_tells_the_topic_that_it_is_on_and_that_it_is_over")
def an_alarm_that_tells_nobody(template: Template) -> None:
    _alarm(template, "RefreshTokenReuse")["AlarmActions"] = []


@plant("staging", "prod", breaks="every_alarm_tells_the_topic_that_it_is_on_and_that_it_is_over")
def an_alarm_whose_actions_are_off(template: Template) -> None:
    _alarm(template, "ValidationGap")["ActionsEnabled"] = False


@plant("staging", "prod", breaks="every_alarm_is_named_by_its_stage_and_its_page_and_says_what_missing_data_mean")
def an_alarm_without_a_page(template: Template) -> None:
    _alarm(template, "CacheEvictions")["AlarmDescription"] = "Evictions"


@plant("staging", "prod", breaks="no_alarm_waits_for_longer_than_an_hour")
def an_alarm_that_takes_a_day(template: Template) -> None:
    _alarm(template, "BorrowLatency")["EvaluationPeriods"] = 1440


@plant("dev", "staging", "prod", breaks="what_is_told_to_functions_lies_sealed_and_is_not_lost")
def a_topic_of_alarms_in_the_clear(template: Template) -> None:
    del template["Resources"]["AlarmTopic"]["Properties"]["KmsMasterKeyId"]


@plant("dev", "staging", "prod", breaks="alarms_rest_encrypted_and_only_alarms_and_budgets_send_them")
def anybody_may_send_alarms(template: Template) -> None:
    policy = template["Resources"]["AlarmTopicPolicy"]["Properties"]["PolicyDocument"]
    policy["Statement"][0]["Principal"] = {"Service": "events.amazonaws.com"}


@plant("dev", "staging", "prod", breaks="alarms_rest_encrypted_and_only_alarms_and_budgets_send_them")
def any_account_may_send_alarms(template: Template) -> None:
    policy = template["Resources"]["AlarmTopicPolicy"]["Properties"]["PolicyDocument"]
    del policy["Statement"][0]["Condition"]


@plant("dev", "staging", "prod", breaks="who_sends_alarms_may_use_the_key_of_their_topic")
def alarms_that_cannot_be_encrypted(template: Template) -> None:
    statements = template["Resources"]["StageKey"]["Properties"]["KeyPolicy"]["Statement"]
    for each in statements:
        if "cloudwatch.amazonaws.com" in str(each["Principal"]):
            each["Principal"] = {"Service": ["sns.amazonaws.com"]}


@plant("dev", "staging", "prod", breaks="a_budget_tells_before_the_money_is_gone")
def a_budget_that_tells_when_twice_of_it_is_spent(template: Template) -> None:
    budget = template["Resources"]["Budget"]["Properties"]["NotificationsWithSubscribers"]
    budget[0]["Notification"]["Threshold"] = 200


@plant("dev", "staging", "prod", breaks="the_alarm_that_rolls_deployments_back_waits_for_nothing_that_is_deployed")
def a_rollback_that_waits_for_what_it_rolls_back(template: Template) -> None:
    metric = _alarm(template, "ServiceErrors")["Metrics"][1]["MetricStat"]["Metric"]
    metric["Dimensions"][0]["Value"] = {"Ref": "Api"}


@plant("staging", "prod", breaks="there_is_an_alarm_about_everything_that_has_to_wake_somebody")
def nobody_watches_the_throttles_of_the_gateway(template: Template) -> None:
    del template["Resources"]["RequestsThrottledAlarm"]


@plant("staging", "prod", breaks="there_is_an_alarm_about_everything_that_has_to_wake_somebody")
def nobody_watches_the_age_of_the_signing_key(template: Template) -> None:
    del template["Resources"]["SigningKeyOldAlarm"]


@plant("dev", breaks="dev_has_the_one_alarm_that_rolls_deployments_back")
def alarms_for_developers(template: Template) -> None:
    del template["Resources"]["SlowAnswersAlarm"]["Condition"]


@plant("prod", breaks="alarms_are_mailed_to_who_asked_for_that_and_to_nobody_else")
def alarms_for_somebody_who_did_not_ask(template: Template) -> None:
    del template["Resources"]["AlarmSubscription"]["Condition"]
    template["Resources"]["AlarmSubscription"]["Properties"]["Endpoint"] = "ada@example.com"
