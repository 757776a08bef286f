"""What a deployment has done before new code takes traffic: the migrations."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from roster.infrastructure import custom_resources, remote_functions
from roster.infrastructure.remote_functions import FunctionFailedError

# The same for ever: another id would make CloudFormation delete what the old one stood for.
_NAME = "migrations"
# For the answer; and what one run of the migrating function may take, whose own time-out is 300 s.
_SPARE_SECONDS, _RUN_SECONDS = 25.0, 310.0
_PAUSE_SECONDS = 10.0

# A database or proxy that has just been made answers only after a while, and a function runs once at a time.
_PASSING = {"UnavailableError", "TooManyRequestsException", "ResourceConflictException", "ResourceNotReadyException"}
# The messages of these are ours and hold no values; of all others only the type is told.
_TELLING = {"MigrationFailedError", "MigrationChangedError", "SettingsError"}
_IN_WORDS = {
    "UnavailableError": "the database did not answer, or let nobody in",
    "ReadTimeoutError": "the migrating function did not end in time",
    "Sandbox.Timedout": "the migrating function ran into its time-out",
}


def answer(event: Mapping[str, Any], remaining_seconds: Callable[[], float]) -> None:
    """
    Do what an event of CloudFormation asks and answer it, in any case before the time is over.

    Raises:
        AnswerNotTakenError: If CloudFormation could not be told.
    """
    custom_resources.answer(event, _NAME, lambda: _applied(_function_of(event), remaining_seconds), _told)


def _function_of(event: Mapping[str, Any]) -> str:
    properties = event.get("ResourceProperties")
    function = properties.get("Function") if isinstance(properties, Mapping) else None
    if event["RequestType"] not in {"Create", "Update"} or not isinstance(function, str):
        raise FunctionFailedError("BadRequest")
    return function


def _applied(function: str, remaining_seconds: Callable[[], float]) -> list[str]:
    while True:
        timeout_seconds = max(1.0, min(_RUN_SECONDS, remaining_seconds() - _SPARE_SECONDS))
        try:
            applied: list[str] = remote_functions.invoke(function, {}, timeout_seconds)["applied"]
        except FunctionFailedError as error:
            if error.kind not in _PASSING or remaining_seconds() < _PAUSE_SECONDS + _RUN_SECONDS + _SPARE_SECONDS:
                raise
            time.sleep(_PAUSE_SECONDS)
        except (TypeError, KeyError):
            raise FunctionFailedError("BadAnswer") from None
        else:
            return applied


def _told(error: Exception) -> str:
    failed = error if isinstance(error, FunctionFailedError) else FunctionFailedError(type(error).__name__)
    reason = failed.message if failed.kind in _TELLING else _IN_WORDS.get(failed.kind, failed.kind)
    return f"Migrations: {reason}. What was applied before stays; the new code took no traffic (docs/migrations.md)."
