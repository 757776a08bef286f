"""What would change the bill most, and by how much."""

from collections.abc import Iterator

from benchmarks.costs.model import ASSUMED, SECONDS, Bill, bill, priced
from benchmarks.costs.stack import Stack


def of(stack: Stack, rate: int) -> list[tuple[str, float]]:
    """Return dollars saved a month at *rate*, the most first."""
    return sorted(_levers(stack, rate, bill(stack, "prod", rate)), key=lambda lever: -lever[1])


def _levers(stack: Stack, rate: int, lines: Bill) -> Iterator[tuple[str, float]]:
    http = priced("http_api_million", rate * SECONDS / 1e6)
    yield "an HTTP API instead of a REST API, which gives up what decision 0001 names", lines["API Gateway"] - http
    per_request = sum(
        lines[name]
        for name in ("API Gateway", "Lambda: invocations", "Lambda: compute, INIT included", "WAF", "Logs of functions")
    )
    yield "clients that keep answers: each tenth of requests that is not sent", per_request / 10
    yield "no firewall, or one in front of several APIs", lines["WAF"]
    yield "access logs of one request in ten", lines["Access logs"] * 0.9
    yield "no record of its own for each invocation by Lambda (`SystemLogLevel: WARN`)", _platform_logs(rate, lines)
    yield (
        "tracing one request per second, and no share of the others",
        lines["X-Ray"] - priced("trace_million", min(rate, ASSUMED["traced_first_per_second"]) * SECONDS / 1e6),
    )
    yield "a database in one zone", lines["PostgreSQL"] / 2
    yield "a cache of one node", lines["Valkey"] / stack.caches * (stack.caches - 1)


def _platform_logs(rate: int, lines: Bill) -> float:
    invocations = rate * SECONDS * (1 + ASSUMED["authorized_per_request"])
    own = lines["Logs of functions"]
    return own - priced("lambda_log_gb", max(0, _gigabytes(own) - invocations * ASSUMED["platform_log_bytes"] / 1e9))


def _gigabytes(dollars: float) -> float:
    """Return how many gigabytes of functions' logs cost that much."""
    low, high = 0.0, 1e9
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if priced("lambda_log_gb", middle) < dollars else (low, middle)
    return high
