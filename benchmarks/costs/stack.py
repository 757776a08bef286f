"""What the template makes of each stage, as far as it is paid for by the month."""

from typing import NamedTuple

from tests.template import watching_rules
from tests.template.deployed import Deployed
from tests.template.watching_rules import metrics_of
from tools import translated

MEASURED = ("authorize_request", "get_user", "list_orders", "change_user", "log_in")
# Of the classes that the template's stages name; RDS Proxy is paid by the database's.
VCPUS = {"db.t4g.micro": 2, "db.t4g.medium": 2, "db.m7g.large": 2}


class Stack(NamedTuple):
    """How many of what a stage has; a database in two zones counts as two, an alarm once for each metric."""

    database: str
    databases: int
    gigabytes: int
    proxy_vcpus: int
    cache: str
    caches: int
    endpoints: int
    secrets: int
    keys: int
    alarms: int
    dashboards: int
    firewalls: int
    rules: int
    memory_mb: dict[str, int]
    access_log_bytes: int


def of(stage: str) -> Stack:
    deployed = Deployed(translated.translate(translated.source()), stage)
    database, cache = deployed.the("AWS::RDS::DBInstance"), deployed.the("AWS::ElastiCache::ReplicationGroup")
    kind, firewalls = str(database["DBInstanceClass"]), deployed.of_type("AWS::WAFv2::WebACL")
    return Stack(
        database=kind,
        databases=2 if str(database.get("MultiAZ")).lower() == "true" else 1,
        gigabytes=int(database["AllocatedStorage"]),
        proxy_vcpus=VCPUS[kind] * len(deployed.of_type("AWS::RDS::DBProxy")),
        cache=str(cache["CacheNodeType"]),
        caches=int(cache["NumCacheClusters"]),
        endpoints=sum(len(each["SubnetIds"]) for each in deployed.of_type("AWS::EC2::VPCEndpoint")),
        secrets=len(deployed.of_type("AWS::SecretsManager::Secret")) + 1,  # RDS makes the master user's
        keys=len(deployed.of_type("AWS::KMS::Key")),
        alarms=sum(len(metrics_of(each)) for each in watching_rules.alarms(deployed)),
        dashboards=len(deployed.of_type("AWS::CloudWatch::Dashboard")),
        firewalls=len(firewalls),
        rules=sum(len(each["Rules"]) for each in firewalls),
        memory_mb={stem: int(deployed.resource(_named(stem))["MemorySize"]) for stem in MEASURED},
        access_log_bytes=len(str(deployed.the("AWS::ApiGateway::Stage")["AccessLogSetting"]["Format"])),
    )


def _named(stem: str) -> str:
    return "".join(part.capitalize() for part in stem.split("_")) + "Function"
