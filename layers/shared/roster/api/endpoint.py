"""The one shell around every handler: log context, deadline, validation, metric, error boundary, JSON."""

import functools
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from roster.api import accept, identity, limit_headers, request, responses
from roster.api import event as events
from roster.api.event import Event
from roster.api.gate import Gate, Visit, open_gate
from roster.api.problems import NotAcceptableError, status_of
from roster.api.responses import Response
from roster.auth.caller import Caller
from roster.errors import RosterError
from roster.infrastructure import asked_ahead, deadline, observability, origin
from roster.infrastructure.rate_limits import noted

Result = TypeVar("Result")
Handler = Callable[[Event, Any], Response]

READ_SECONDS = 2.9
WRITE_SECONDS = 6.0
_TO_ANSWER_SECONDS = 1.0


def endpoint(
    *,
    refuses_query: bool = True,
    media_types: Sequence[str] = accept.JSON_TYPES,
    gate: Gate = open_gate,
    verify: Callable[[str], Caller] | None = None,
) -> Callable[[Callable[..., Result]], Handler]:
    """
    Make a Lambda handler of a function whose signature is its contract.

    `path`, `query` and `body` are read from the request, as are the caller and what else `api/request.py`
    knows; the result becomes the response, and so does every error. Nothing that a client sends raises.
    *media_types* are those of good answers: who takes none of them is refused.

    *gate* is asked before anything else is read. On a public route that knows callers (`Caller | None`) no
    authorizer has run: there *verify* tells whom a token speaks for.
    """

    def decorate(function: Callable[..., Result]) -> Handler:
        readers = request.readers_of(function.__annotations__)
        identify, caller_name = identity.reader_of(function.__annotations__, verify)
        checks_query = refuses_query and "query" not in readers

        def answer(event: Event) -> Response:
            _require_acceptable(event, media_types)
            caller = identify(event)
            visit = Visit(_route(event), events.source_ip(event), caller, identity.named_user(event, caller))
            admission = gate(visit)
            arguments = {name: read(event) for name, read in readers.items()}
            if checks_query:
                request.refuse_query(event)
            if caller_name:
                arguments[caller_name] = admission.caller
            with origin.within(identity.origin_of(event, admission.caller)):
                return responses.of_result(function(**arguments), event)

        def handler(event: Event, context: Any) -> Response:
            return _guarded(answer, event, context)

        # Whoever inspects the handler finds its contract: the signature, and what it can answer.
        vars(handler)["media_types"] = tuple(media_types)
        return functools.update_wrapper(handler, function)

    return decorate


def _guarded(answer: Callable[[Event], Response], event: Event, context: Any) -> Response:
    started = time.perf_counter()
    observability.begin_request(**_log_keys(event, context))
    observability.count_cold_start()
    with noted.verdicts() as verdicts, asked_ahead.nothing():
        response, code = _answered(answer, event, context)
    response["headers"].update(limit_headers.of_verdicts(verdicts))
    observability.end_request(response["statusCode"], code, (time.perf_counter() - started) * 1000)
    return response


def _answered(answer: Callable[[Event], Response], event: Event, context: Any) -> tuple[Response, str | None]:
    """Return the response and the code of its error, None for none; never raises."""
    try:
        with deadline.within(_allowance_seconds(event, context)):
            return answer(event), None
    except RosterError as error:
        if status_of(error) == 500:
            observability.log_fault(error)
        return responses.of_error(error, event), error.code
    except Exception as error:  # noqa: BLE001 (the boundary: a bug must not leave the contract)
        observability.log_fault(error)
        return responses.of_error(RosterError(), event), RosterError.code


def _require_acceptable(event: Event, media_types: Sequence[str]) -> None:
    if accept.preferred(events.header(event, "accept"), media_types) is None:
        raise NotAcceptableError


def _allowance_seconds(event: Event, context: Any) -> float:
    policy = READ_SECONDS if events.method(event) in ("GET", "HEAD") else WRITE_SECONDS
    remaining_seconds = float(context.get_remaining_time_in_millis()) / 1000
    return min(policy, remaining_seconds - _TO_ANSWER_SECONDS)


def _log_keys(event: Event, context: Any) -> dict[str, str | None]:
    return {
        "request_id": events.request_id(event),
        "function_request_id": context.aws_request_id,
        "route": _route(event),
        "caller": events.authorizer(event).get("sub"),
    }


def _route(event: Event) -> str:
    return f"{events.method(event)} {events.resource(event)}"
