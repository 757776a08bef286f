"""Rules about the cache, and about the key that everything that rests is under."""

from tests.template.deployed import Deployed
from tests.template.rules import rule

_KIND = "AWS::ElastiCache::ReplicationGroup"
_SERVICES = {
    "Logs": {"logs.eu-central-1.amazonaws.com"},
    "Messages": {"budgets.amazonaws.com", "cloudwatch.amazonaws.com", "ses.amazonaws.com", "sns.amazonaws.com"},
}


@rule()
def the_cache_is_encrypted_both_ways(deployed: Deployed) -> None:
    cache = deployed.the(_KIND)
    assert (cache["TransitEncryptionEnabled"], cache["TransitEncryptionMode"]) == (True, "required")
    assert cache["AtRestEncryptionEnabled"] is True
    assert cache["KmsKeyId"] == "StageKey.Arn"


@rule("staging", "prod")
def the_cache_fails_over_to_another_zone(deployed: Deployed) -> None:
    cache = deployed.the(_KIND)
    assert cache["NumCacheClusters"] >= 2
    assert (cache["AutomaticFailoverEnabled"], cache["MultiAZEnabled"]) == (True, True)


@rule("dev")
def dev_has_one_small_node(deployed: Deployed) -> None:
    cache = deployed.the(_KIND)
    assert (cache["NumCacheClusters"], cache["CacheNodeType"]) == (1, "cache.t4g.micro")
    assert (cache["AutomaticFailoverEnabled"], cache["MultiAZEnabled"]) == (False, False)


@rule()
def the_cache_knows_one_user_whom_iam_signs_in(deployed: Deployed) -> None:
    user, group = deployed.the("AWS::ElastiCache::User"), deployed.the("AWS::ElastiCache::UserGroup")
    assert user["AuthenticationMode"] == {"Type": "iam"}
    assert not {"Passwords", "NoPasswordRequired"} & user.properties.keys()
    assert user["UserId"] == user["UserName"], "IAM wants them to be the same"
    assert group["UserIds"] == [user.name]
    assert deployed.the(_KIND)["UserGroupIds"] == [group.name]
    assert "AuthToken" not in deployed.the(_KIND).properties


@rule()
def that_user_has_keys_and_commands_by_name(deployed: Deployed) -> None:
    words = deployed.the("AWS::ElastiCache::User")["AccessString"].split()
    patterns = [word for word in words if word.startswith("~")]
    commands = [word for word in words if word.startswith("+")]
    assert words == ["on", *patterns, "-@all", *commands]
    assert patterns
    assert all(pattern.lstrip("~{").startswith(("user", "limits}")) for pattern in patterns)
    assert not [word for word in commands if "@" in word]


@rule()
def the_cache_forgets_what_was_used_longest_ago(deployed: Deployed) -> None:
    group = deployed.resource(deployed.the(_KIND)["CacheParameterGroupName"])
    assert group["Properties"]["maxmemory-policy"] == "allkeys-lru"
    assert group["CacheParameterGroupFamily"] == f"valkey{deployed.the(_KIND)['EngineVersion'].split('.')[0]}"
    assert deployed.the(_KIND)["Engine"] == deployed.the("AWS::ElastiCache::User")["Engine"] == "valkey"


@rule()
def the_cache_lies_in_the_private_subnets(deployed: Deployed) -> None:
    assert deployed.resource(deployed.the(_KIND)["CacheSubnetGroupName"])["SubnetIds"] == ["SubnetA", "SubnetB"]


@rule()
def the_key_is_renewed_and_outlives_the_stack(deployed: Deployed) -> None:
    key = deployed.the("AWS::KMS::Key")
    assert key["EnableKeyRotation"] is True
    assert (key.given["DeletionPolicy"], key.given["UpdateReplacePolicy"]) == ("Retain", "Retain")


@rule("staging", "prod")
def a_deleted_key_can_be_had_back_for_a_month(deployed: Deployed) -> None:
    assert deployed.the("AWS::KMS::Key")["PendingWindowInDays"] == 30


@rule()
def the_key_serves_this_account_and_services_that_act_for_it(deployed: Deployed) -> None:
    account, *services = deployed.the("AWS::KMS::Key")["KeyPolicy"]["Statement"]
    assert account["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    assert {each["Sid"] for each in services} == _SERVICES.keys()
    for each in services:
        assert set(_listed(each["Principal"]["Service"])) == _SERVICES[each["Sid"]], each["Sid"]
        assert "123456789012" in str(each.get("Condition")), f"{each['Sid']}: for anybody's account"
        assert "kms:*" not in each["Action"], each["Sid"]


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
