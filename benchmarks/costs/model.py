"""From figures to a bill: each line of a month, at a rate of requests."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.costs.stack import Stack

SECONDS = 730 * 3600
RATES = (1, 100, 3000)
_FOLDER = Path(__file__).parent
PRICES: dict[str, Any] = json.loads((_FOLDER / "prices.json").read_text("utf-8"))
MEASURED: dict[str, Any] = json.loads((_FOLDER / "measured.json").read_text("utf-8"))
ASSUMED: dict[str, Any] = json.loads((_FOLDER / "assumptions.json").read_text("utf-8"))
Bill = dict[str, float]


def priced(name: str, amount: float) -> float:
    """Return what *amount* costs; each tier holds so much of it, the last one the rest."""
    total = 0.0
    for size, price in PRICES["prices"][name]["tiers"]:
        here = amount if size is None else min(amount, size)
        total, amount = total + here * price, amount - here
    return total


def bill(stack: Stack, stage: str, rate: float) -> Bill:
    """Return dollars a month by line; a rate of 0 is a stage that nobody calls."""
    return {**_calls(stack, rate), **_logs(stack, stage, rate), **_watching(stack, rate), **_standing(stack)}


def _calls(stack: Stack, rate: float) -> Bill:
    requests = rate * SECONDS
    answered = sum(share * MEASURED["functions"][stem]["answer_bytes"] for stem, share in ASSUMED["mix"].items())
    lines = {
        "API Gateway": priced("api_million", requests / 1e6),
        "Lambda: invocations": priced("lambda_million", sum(_invocations(rate).values()) / 1e6),
        "Lambda: compute, INIT included": priced("lambda_gb_second", _gigabyte_seconds(stack, rate)),
        "Data to the internet": priced("transfer_gb", requests * (answered + ASSUMED["answer_header_bytes"]) / 1e9),
    }
    if stack.firewalls:
        lines["WAF"] = priced("firewall", stack.firewalls) + priced("firewall_rule", stack.rules)
        lines["WAF"] += priced("firewall_million", requests / 1e6)
    return lines


def _invocations(rate: float) -> Mapping[str, float]:
    """Return a month's invocations of each function, the authorizer among them."""
    own = {stem: rate * SECONDS * share for stem, share in ASSUMED["mix"].items()}
    return own | {"authorize_request": rate * SECONDS * ASSUMED["authorized_per_request"]}


def _gigabyte_seconds(stack: Stack, rate: float) -> float:
    cold_share = ASSUMED["cold_share"].get(str(rate), 0)
    total = 0.0
    for stem, invocations in _invocations(rate).items():
        milliseconds = billed_ms(stem, stack.memory_mb[stem]) + cold_share * MEASURED["functions"][stem]["cold_cpu_ms"]
        total += invocations * milliseconds / 1000 * stack.memory_mb[stem] / 1024
    return total


def billed_ms(stem: str, memory_mb: int) -> int:
    """Return a warm invocation's duration: Lambda gives a share of a processor by memory, and rounds up."""
    share = min(1, memory_mb / ASSUMED["full_cpu_mb"])
    computed: float = (MEASURED["functions"][stem]["warm_cpu_ms"] + ASSUMED["runtime_cpu_ms"]) / share
    return math.ceil(computed + float(ASSUMED["network_ms"][stem]))


def _logs(stack: Stack, stage: str, rate: float) -> Bill:
    functions = sum(
        invocations * (MEASURED["functions"][stem]["log_bytes"] + ASSUMED["platform_log_bytes"])
        for stem, invocations in _invocations(rate).items()
    )
    access = rate * SECONDS * stack.access_log_bytes
    kept = (functions + access) * ASSUMED["log_months"][stage] * ASSUMED["log_compression"]
    return {
        "Logs of functions": priced("lambda_log_gb", functions / 1e9),
        "Access logs": priced("log_gb", access / 1e9),
        "Logs, kept": priced("log_kept_gb", kept / 1e9),
    }


def _watching(stack: Stack, rate: float) -> Bill:
    first = min(rate, ASSUMED["traced_first_per_second"])
    traced = (first + (rate - first) * ASSUMED["traced_of_the_rest"]) * SECONDS
    metrics = priced("metric", ASSUMED["custom_metrics"] if rate else 0)
    return {
        "Metrics, alarms, dashboards": metrics + priced("alarm", stack.alarms) + priced("dashboard", stack.dashboards),
        "X-Ray": priced("trace_million", traced / 1e6),
    }


def _standing(stack: Stack) -> Bill:
    """Return what is paid whether anybody calls or not."""
    return {
        "PostgreSQL": stack.databases * (priced(stack.database, 730) + priced("database_gb", stack.gigabytes)),
        "RDS Proxy": priced("proxy_hour", 730 * stack.proxy_vcpus),
        "Valkey": priced(stack.cache, 730 * stack.caches),
        "VPC endpoints": priced("endpoint_hour", 730 * stack.endpoints),
        "Secrets and key": priced("secret", stack.secrets) + priced("key", stack.keys),
    }


def standing_total(stack: Stack) -> float:
    """Return what a stage costs that nobody calls."""
    return sum(bill(stack, "prod", 0).values())
