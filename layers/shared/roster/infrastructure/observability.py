"""Logs and metrics: one JSON object a line through Powertools, metrics in the embedded format (EMF)."""

import traceback
from functools import cache

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from roster.infrastructure import settings


@cache
def logger() -> Logger:
    """Return the one logger; its context keys belong to the thread, as a request does."""
    return Logger(location=None)


def begin_request(**keys: str | None) -> None:
    """Put *keys* on every log line of this thread, and nothing of an earlier request."""
    logger().thread_safe_clear_keys()
    logger().thread_safe_append_keys(**{name: value for name, value in keys.items() if value})


def end_request(outcome: str, **facts: str | float) -> None:
    """Record how the request went: one line is both its log entry and its metric, since log bytes are paid for."""
    with single_metric(name="Requests", unit=MetricUnit.Count, value=1) as metric:
        metric.add_dimension(name="outcome", value=outcome)
        for name, value in (logger().thread_safe_get_current_keys() | facts).items():
            metric.add_metadata(key=name, value=value)


def count(name: str, **dimensions: str) -> None:
    """Record one occurrence of *name*."""
    with single_metric(name=name, unit=MetricUnit.Count, value=1) as metric:
        for dimension, value in dimensions.items():
            metric.add_dimension(name=dimension, value=value)


def log_fault(error: Exception) -> None:
    """Log an unexpected error: its type and where it came from; its text only where settings allow that."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    text = {"error": str(error)} if settings.logs_exception_messages() else {}
    logger().error("fault", extra={"error_type": type(error).__qualname__, "where": where, **text})
