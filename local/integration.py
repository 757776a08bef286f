"""Calling a function as API Gateway and Lambda together do: payload limits, time limits, and what each failure is."""

import json
import traceback
from typing import Any

from local.answer import RefusedError
from local.functions import Functions, ImportFailedError
from local.model import Function
from local.workers import FunctionTimeoutError, IntegrationTimeoutError, Workers, WorkersBusyError

GATEWAY_SECONDS = 29
PAYLOAD_BYTES = 6 * 1024 * 1024
_BYTES_A_LETTER = 6  # JSON makes of one letter six bytes at most


async def call(workers: Workers, functions: Functions, function: Function, event: Any) -> str:
    """
    Return the JSON that the function answers.

    Raises:
        FunctionTimeoutError: After its Timeout.
        IntegrationTimeoutError: After the 29 seconds that API Gateway waits.
        WorkersBusyError: If too many calls wait already.
        Exception: Whatever the handler raises.
    """
    result: str = await workers.run(
        lambda: functions.invoke(function, event), function.timeout_seconds, GATEWAY_SECONDS
    )
    return result


async def integrate(workers: Workers, functions: Functions, function: Function, event: dict[str, Any]) -> Any:
    """
    Return what the function answers to an API request.

    Raises:
        RefusedError: With the gateway response that each failure has; the detail says what happened.
    """
    if len(event["body"] or "") > PAYLOAD_BYTES // _BYTES_A_LETTER and _is_too_large(json.dumps(event)):
        raise RefusedError("REQUEST_TOO_LARGE", "The event is larger than 6 MB, more than Lambda takes.")
    try:
        result = await call(workers, functions, function, event)
    except IntegrationTimeoutError as error:
        raise RefusedError("INTEGRATION_TIMEOUT", explained(error, function)) from error
    except WorkersBusyError as error:
        raise RefusedError("THROTTLED", explained(error, function)) from error
    except Exception as error:
        raise RefusedError("DEFAULT_5XX", explained(error, function), status=502) from error
    if _is_too_large(result):
        raise RefusedError(
            "DEFAULT_5XX", f"{function.name}: the response is larger than 6 MB, more than Lambda returns.", status=502
        )
    return json.loads(result)


def explained(error: Exception, function: Function) -> str:
    """Return what a person at the terminal wants to know of a failed call."""
    if isinstance(error, FunctionTimeoutError):
        return f"{function.name}: Task timed out after {function.timeout_seconds:.2f} seconds"
    if isinstance(error, IntegrationTimeoutError):
        return f"{function.name}: no answer within {GATEWAY_SECONDS} seconds, when API Gateway gives up"
    if isinstance(error, WorkersBusyError):
        return f"{function.name}: too many requests wait already"
    if isinstance(error, ImportFailedError):
        return f"{function.name} could not be imported:\n{error}"
    return f"{function.name} raised:\n" + "".join(traceback.format_exception(error)).rstrip()


def _is_too_large(text: str) -> bool:
    return len(text) > PAYLOAD_BYTES // 4 and len(text.encode()) > PAYLOAD_BYTES
