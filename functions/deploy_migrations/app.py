"""Invoked by CloudFormation with each deployment: has the migrations applied, and answers what came of it."""

from typing import Any

from roster.wiring import deployments


def handler(event: dict[str, Any], context: Any) -> None:
    """Let MigrateDatabaseFunction do its work; a failed migration fails the deployment with its name and SQLSTATE."""
    deployments.answer(event, lambda: context.get_remaining_time_in_millis() / 1000)
