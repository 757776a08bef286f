"""Weaknesses of the cache and of the stage's key."""

from tests.template.plants import Template, plant


@plant("staging", "prod", breaks="the_cache_fails_over_to_another_zone")
def a_cache_without_failover(template: Template) -> None:
    template["Resources"]["Cache"]["Properties"]["AutomaticFailoverEnabled"] = False


@plant("dev", "prod", breaks="the_cache_is_encrypted_both_ways")
def a_cache_without_tls(template: Template) -> None:
    template["Resources"]["Cache"]["Properties"]["TransitEncryptionEnabled"] = False


@plant(breaks="the_cache_is_encrypted_both_ways")
def a_cache_that_is_not_encrypted(template: Template) -> None:
    template["Resources"]["Cache"]["Properties"]["AtRestEncryptionEnabled"] = False


@plant("dev", "prod", breaks="that_user_has_keys_and_commands_by_name")
def a_cache_user_who_may_do_anything(template: Template) -> None:
    template["Resources"]["CacheUser"]["Properties"]["AccessString"] = "on ~* +@all"


@plant(breaks="the_cache_knows_one_user_whom_iam_signs_in")
def a_cache_user_without_a_password(template: Template) -> None:
    template["Resources"]["CacheUser"]["Properties"]["AuthenticationMode"] = {"Type": "no-password-required"}


@plant(breaks="the_cache_forgets_what_was_used_longest_ago")
def a_cache_that_refuses_writes_when_it_is_full(template: Template) -> None:
    template["Resources"]["CacheParameters"]["Properties"]["Properties"]["maxmemory-policy"] = "noeviction"


@plant(breaks="the_key_is_renewed_and_outlives_the_stack")
def a_key_that_stays_the_same(template: Template) -> None:
    template["Resources"]["StageKey"]["Properties"]["EnableKeyRotation"] = False


@plant(breaks="the_key_is_renewed_and_outlives_the_stack")
def a_key_that_goes_with_the_stack(template: Template) -> None:
    template["Resources"]["StageKey"]["DeletionPolicy"] = "Delete"


@plant("dev", "prod", breaks="the_key_serves_this_account_and_services_that_act_for_it")
def a_key_for_services_that_act_for_anybody(template: Template) -> None:
    for statement in template["Resources"]["StageKey"]["Properties"]["KeyPolicy"]["Statement"]:
        statement.pop("Condition", None)


@plant("dev", breaks="dev_has_one_small_node")
def two_nodes_for_developers(template: Template) -> None:
    template["Resources"]["Cache"]["Properties"]["NumCacheClusters"] = 2


@plant(breaks="the_cache_lies_in_the_private_subnets")
def a_cache_in_other_subnets(template: Template) -> None:
    template["Resources"]["CacheSubnets"]["Properties"]["SubnetIds"] = ["subnet-0123456789abcdef0"]


@plant(breaks="a_deleted_key_can_be_had_back_for_a_month")
def a_key_that_is_gone_in_a_week(template: Template) -> None:
    template["Mappings"]["Stages"]["prod"]["KeyDeletionDays"] = 7
