"""Rules about names: what a stage calls things fits into what each service allows."""

from tests.template.deployed import Deployed
from tests.template.rules import rule

# Characters that a service allows; names not listed here have room for 128 at least.
LONGEST: dict[tuple[str, str], int] = {
    ("AWS::ElastiCache::ReplicationGroup", "ReplicationGroupId"): 40,
    ("AWS::ElastiCache::User", "UserId"): 40,
    ("AWS::ElastiCache::UserGroup", "UserGroupId"): 40,
    ("AWS::IAM::Role", "RoleName"): 64,
    ("AWS::Lambda::Function", "FunctionName"): 64,
    ("AWS::RDS::DBInstance", "DBInstanceIdentifier"): 63,
    ("AWS::RDS::DBProxy", "DBProxyName"): 60,
    ("AWS::SES::ConfigurationSet", "Name"): 64,
    ("AWS::SQS::Queue", "QueueName"): 80,
}
_NAMING = ("Name", "GroupId", "UserId", "Identifier")


@rule()
def names_are_short_enough_for_their_services(deployed: Deployed) -> None:
    for name, resource in deployed.resources.items():
        for key, value in resource.properties.items():
            if key.endswith(_NAMING) and isinstance(value, str):
                assert len(value) <= LONGEST.get((resource.kind, key), 128), f"{name}.{key} is too long: {value}"
