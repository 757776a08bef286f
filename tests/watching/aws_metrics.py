"""The metrics of AWS that we name, with their sets of dimensions, as AWS documents them (November 2026)."""

from typing import NamedTuple


class Documented(NamedTuple):
    """Metrics of a *namespace*, each with every one of *dimensions*; *source* is the page that says so."""

    namespace: str
    source: str
    names: frozenset[str]
    dimensions: tuple[frozenset[str], ...]


def _documented(namespace: str, source: str, names: str, *dimensions: str) -> Documented:
    return Documented(
        namespace, f"https://docs.aws.amazon.com/{source}", frozenset(names.split()),
        tuple(frozenset(each.split()) for each in dimensions),
    )  # fmt: skip


DOCUMENTED = [
    _documented(
        "AWS/ApiGateway",
        "apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html",
        "4XXError 5XXError Count IntegrationLatency Latency",
        "ApiName", "ApiName Stage", "ApiName Method Resource Stage",
    ),
    _documented(
        "AWS/Lambda",
        "lambda/latest/dg/monitoring-metrics-types.html",
        "ConcurrentExecutions Duration Errors Invocations Throttles",
        "", "FunctionName", "FunctionName Resource", "ExecutedVersion FunctionName Resource",
    ),
    _documented(
        "AWS/RDS",
        "AmazonRDS/latest/UserGuide/rds-proxy.monitoring.html",
        "ClientConnections ClientConnectionsSetupFailedAuth DatabaseConnectionsBorrowLatency QueryResponseLatency",
        "ProxyName", "ProxyName EndpointName",
    ),
    _documented(
        "AWS/RDS",
        "AmazonRDS/latest/UserGuide/rds-proxy.monitoring.html",
        "DatabaseConnections DatabaseConnectionsCurrentlyBorrowed DatabaseConnectionsCurrentlyInTransaction"
        " DatabaseConnectionsCurrentlySessionPinned DatabaseConnectionsSetupFailed MaxDatabaseConnectionsAllowed",
        "ProxyName", "ProxyName TargetGroup Target", "ProxyName TargetGroup TargetRole",
    ),
    _documented(
        "AWS/RDS",
        "AmazonRDS/latest/UserGuide/rds-metrics.html",
        "CPUUtilization DatabaseConnections FreeStorageSpace FreeableMemory MaximumUsedTransactionIDs ReadIOPS"
        " ReadLatency WriteIOPS WriteLatency",
        "DBInstanceIdentifier",
    ),
    _documented(
        "AWS/ElastiCache",
        "AmazonElastiCache/latest/dg/CacheMetrics.Redis.html",
        "AuthenticationFailures CommandAuthorizationFailures CurrConnections CurrItems DatabaseMemoryUsagePercentage"
        " EngineCPUUtilization Evictions KeyAuthorizationFailures ReplicationLag",
        "CacheClusterId", "CacheClusterId CacheNodeId",
    ),
    _documented(
        "AWS/SQS",
        "AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html",
        "ApproximateAgeOfOldestMessage ApproximateNumberOfMessagesVisible",
        "QueueName",
    ),
    _documented(
        "AWS/SES",
        "ses/latest/dg/event-publishing-retrieving-cloudwatch.html",
        "Reputation.BounceRate Reputation.ComplaintRate",
        "",
    ),
    _documented(
        "AWS/WAFV2",
        "waf/latest/developerguide/waf-metrics.html",
        "AllowedRequests BlockedRequests CountedRequests",
        "Region Rule WebACL",
    ),
]  # fmt: skip


def is_documented(namespace: str, name: str, dimensions: frozenset[str]) -> bool:
    return any(
        each.namespace == namespace and name in each.names and dimensions in each.dimensions for each in DOCUMENTED
    )
