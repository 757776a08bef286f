"""Weaknesses of the cache and of the stage's key."""

from tests.template.plants import Template, plant


@plant("staging", "prod")
def a_cache_without_failover(template: Template) -> None:
    template["Resources"]["Cache"]["Properties"]["AutomaticFailoverEnabled"] = False


@plant("dev", "prod")
def a_cache_without_tls(template: Template) -> None:
    template["Resources"]["Cache"]["Properties"]["TransitEncryptionEnabled"] = False


@plant()
def a_cache_that_is_not_encrypted(template: Template) -> None:
    template["Resources"]["Cache"]["Properties"]["AtRestEncryptionEnabled"] = False


@plant("dev", "prod")
def a_cache_user_who_may_do_anything(template: Template) -> None:
    template["Resources"]["CacheUser"]["Properties"]["AccessString"] = "on ~* +@all"


@plant()
def a_cache_user_without_a_password(template: Template) -> None:
    template["Resources"]["CacheUser"]["Properties"]["AuthenticationMode"] = {"Type": "no-password-required"}


@plant()
def a_cache_that_refuses_writes_when_it_is_full(template: Template) -> None:
    template["Resources"]["CacheParameters"]["Properties"]["Properties"]["maxmemory-policy"] = "noeviction"


@plant()
def a_key_that_stays_the_same(template: Template) -> None:
    template["Resources"]["StageKey"]["Properties"]["EnableKeyRotation"] = False


@plant()
def a_key_that_goes_with_the_stack(template: Template) -> None:
    template["Resources"]["StageKey"]["DeletionPolicy"] = "Delete"


@plant("dev", "prod")
def a_key_for_services_that_act_for_anybody(template: Template) -> None:
    for statement in template["Resources"]["StageKey"]["Properties"]["KeyPolicy"]["Statement"]:
        statement.pop("Condition", None)


@plant("dev")
def two_nodes_for_developers(template: Template) -> None:
    template["Resources"]["Cache"]["Properties"]["NumCacheClusters"] = 2


@plant()
def a_cache_in_other_subnets(template: Template) -> None:
    template["Resources"]["CacheSubnets"]["Properties"]["SubnetIds"] = ["subnet-0123456789abcdef0"]


@plant()
def a_key_that_is_gone_in_a_week(template: Template) -> None:
    template["Mappings"]["Stages"]["prod"]["KeyDeletionDays"] = 7
