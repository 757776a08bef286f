"""The shell around the Lambda authorizer (TOKEN): from an event to a policy and the caller's context."""

from collections.abc import Callable
from typing import Any

from roster.api import event as events
from roster.auth.caller import Caller
from roster.errors import UnauthenticatedError
from roster.infrastructure import observability

Policy = dict[str, Any]


def authorizer() -> Callable[[Callable[[str], Caller]], Callable[[dict[str, Any], Any], Policy]]:
    """Make an authorizer of a function from a token to its caller."""

    def decorate(verify: Callable[[str], Caller]) -> Callable[[dict[str, Any], Any], Policy]:
        def handler(event: dict[str, Any], context: Any) -> Policy:
            with observability.work(function_request_id=context.aws_request_id):
                observability.count_cold_start()
                caller = _caller(event, verify)
                return _policy(caller, event["methodArn"])

        handler.__doc__ = verify.__doc__
        return handler

    return decorate


def _caller(event: dict[str, Any], verify: Callable[[str], Caller]) -> Caller:
    try:
        return verify(events.bearer_token(str(event.get("authorizationToken") or "")))
    except UnauthenticatedError:
        observability.count("AuthorizationsRefused")
        # API Gateway answers 401 to exactly this text, and 500 to any other.
        raise Exception("Unauthorized") from None  # noqa: TRY002
    except Exception as error:
        observability.report("AuthorizationsFailed", error_type=type(error).__name__)
        raise


def _policy(caller: Caller, method_arn: str) -> Policy:
    """Allow the whole stage: API Gateway caches the policy by token, for whichever route comes next."""
    api, stage, *_ = method_arn.split("/")
    return {
        "principalId": str(caller.user_id),
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": f"{api}/{stage}/*"}],
        },
        "context": {"sub": str(caller.user_id), "role": caller.role, "sid": caller.session_id},
    }
