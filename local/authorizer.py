"""The TOKEN authorizer: the real function, its cache, and what the gateway makes of the result."""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from local.answer import RefusedError
from local.event import method_arn, token_event
from local.model import Authorizer
from local.policy import MalformedPolicyError, Verdict, read_verdict
from local.request import Request

Ask = Callable[[dict[str, Any]], Awaitable[Any]]
_MOST_CACHED = 1000


class VerdictCache:
    """Verdicts by authorizer and token; the oldest goes when there are too many."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[tuple[str, str], tuple[float, Verdict]] = OrderedDict()

    def get(self, authorizer: Authorizer, token: str) -> Verdict | None:
        until, verdict = self._kept.get((authorizer.name, token), (0.0, None))
        return verdict if self._clock() < until else None

    def put(self, authorizer: Authorizer, token: str, verdict: Verdict) -> None:
        if authorizer.ttl_seconds == 0:
            return
        key = (authorizer.name, token)
        self._kept[key] = (self._clock() + authorizer.ttl_seconds, verdict)
        self._kept.move_to_end(key)
        while len(self._kept) > _MOST_CACHED:
            self._kept.popitem(last=False)


async def authorize(
    authorizer: Authorizer, request: Request, stage: str, cache: VerdictCache, ask: Ask
) -> dict[str, Any]:
    """
    Return `requestContext.authorizer` for a caller who is let in.

    Raises:
        RefusedError: With the gateway response that API Gateway gives in each case.
    """
    token = request.header(authorizer.header)
    if not token or (authorizer.pattern and not authorizer.pattern.fullmatch(token)):
        raise RefusedError("UNAUTHORIZED")
    began = time.monotonic()
    verdict = cache.get(authorizer, token)
    if verdict is None:
        verdict = await _decided(authorizer, token_event(request, token, stage), ask)
        cache.put(authorizer, token, verdict)
    context = {**verdict.context, "principalId": verdict.principal}
    if not verdict.allows(method_arn(request, stage)):
        raise RefusedError("ACCESS_DENIED", authorizer=context)
    return {**context, "integrationLatency": round((time.monotonic() - began) * 1000)}


async def _decided(authorizer: Authorizer, event: dict[str, Any], ask: Ask) -> Verdict:
    try:
        result = await ask(event)
    except Exception as error:
        if str(error) == "Unauthorized":
            raise RefusedError("UNAUTHORIZED") from error
        raise RefusedError("AUTHORIZER_FAILURE") from error
    try:
        return read_verdict(result)
    except MalformedPolicyError as error:
        raise RefusedError("AUTHORIZER_CONFIGURATION_ERROR", f"{authorizer.function}: {error}") from error
