"""The gateway: answers a request the way API Gateway and Lambda would, with the handlers in this process."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

from local.answer import Answer, RefusedError
from local.authorizer import VerdictCache, authorize
from local.compression import compressed
from local.event import proxy_event
from local.functions import Functions
from local.integration import call, explained, integrate
from local.model import Project
from local.proxy import MalformedResultError, integration_answer
from local.request import Request
from local.responses import refusal
from local.routes import Match, Router
from local.terminal import Terminal
from local.workers import Workers


@dataclass(frozen=True)
class Version:
    """What serves at one time; a reload puts another in its place."""

    project: Project
    functions: Functions
    router: Router
    verdicts: VerdictCache = field(default_factory=VerdictCache)

    @classmethod
    def of(cls, project: Project, functions: Functions) -> "Version":
        return cls(project, functions, Router(project.api.routes))


class Gateway:
    """Answers requests; `version` may be replaced at any time, requests in flight finish on theirs."""

    def __init__(self, version: Version, terminal: Terminal, workers: Workers | None = None) -> None:
        self.version = version
        self._terminal = terminal
        self._workers = workers or Workers()

    async def answer(self, request: Request) -> Answer:
        version, began = self.version, time.monotonic()
        match = version.router.match(request.method, request.path)
        try:
            answer, by = await self._serve(request, match, version)
        except RefusedError as refused:
            answer, by = self._refused(refused, request, version, match), refused.kind
        self._terminal.access(request.method, request.path, answer.status, (time.monotonic() - began) * 1000, by)
        return answer

    def refuse(self, refused: RefusedError, request: Request) -> Answer:
        """Return the answer to a request that is refused before any route is looked for."""
        answer = self._refused(refused, request, self.version, None)
        self._terminal.access(request.method, request.path, answer.status, 0, refused.kind)
        return answer

    async def _serve(self, request: Request, match: Match | None, version: Version) -> tuple[Answer, str]:
        if match is None:
            raise RefusedError("MISSING_AUTHENTICATION_TOKEN")
        route, api = match.route, version.project.api
        caller = None if route.authorizer is None else await self._authorize(request, route.authorizer, version)
        if route.function is None:
            result: Any = {"statusCode": 200, "headers": dict(route.preflight), "body": "{}\n"}
        else:
            function, event = version.project.functions[route.function], proxy_event(request, match, api, caller)
            result = await integrate(self._workers, version.functions, function, event)
        try:
            return compressed(integration_answer(result, request, api), request, api), route.function or "CORS"
        except MalformedResultError as error:
            detail = f"{route.function}: Malformed Lambda proxy response: {error}"
            raise RefusedError("DEFAULT_5XX", detail, status=502) from error

    async def _authorize(self, request: Request, name: str, version: Version) -> dict[str, Any]:
        api = version.project.api
        function = version.project.functions[api.authorizers[name].function]

        async def ask(event: dict[str, Any]) -> Any:
            return json.loads(await call(self._workers, version.functions, function, event))

        try:
            return await authorize(api.authorizers[name], request, api.stage, version.verdicts, ask)
        except RefusedError as refused:
            if refused.kind == "AUTHORIZER_FAILURE" and isinstance(refused.__cause__, Exception):
                refused.detail = explained(refused.__cause__, function)
            raise

    def _refused(self, refused: RefusedError, request: Request, version: Version, match: Match | None) -> Answer:
        if refused.detail:
            self._terminal.say(refused.detail)
        return refusal(refused, request, version.project.api, match.route.path if match else "")
