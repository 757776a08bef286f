"""What is served: each route of the template with the handler behind it."""

import importlib
import inspect
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from roster.api import limits, policy
from roster.api.limits import Limits
from roster.api.policy import Who
from roster.auth.caller import Caller
from roster.infrastructure.rate_limits.models import Policy
from roster.wiring import endpoint

from local import template as templates
from local.model import Project

ROOT = Path(__file__).parents[2]
READS = ("GET", "HEAD")
_REFUSING = "refuse_route"


class Operation(NamedTuple):
    """
    One method of one path; *signature* is that of the handler.

    Whoever is *gated* is counted, and their session asked for, before the handler runs.
    """

    stem: str
    method: str
    path: str
    summary: str
    signature: dict[str, Any]
    is_gated: bool
    media_types: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"head_{self.stem}" if self.method == "HEAD" else self.stem

    @property
    def is_read(self) -> bool:
        return self.method in READS

    @property
    def who(self) -> Who:
        return policy.who_may(self.method, self.path)

    @property
    def knows_callers(self) -> bool:
        return any(kind in (Caller, Caller | None) for kind in self.signature.values())

    @property
    def limits(self) -> Limits:
        """The limits that count here; none where only API Gateway counts."""
        found = limits.unscaled(f"{self.method.replace('HEAD', 'GET')} {self.path}") if self.is_gated else Limits()
        return found if self.knows_callers else found._replace(caller=None)

    @property
    def policies(self) -> list[Policy]:
        return [each for each in (self.limits.caller, self.limits.source, self.limits.account) if each]


@cache
def served() -> Project:
    return templates.read_project(ROOT, {})


def operations() -> Iterator[Operation]:
    """Yield what the template routes to handlers, in its order; neither CORS nor what refuses the rest."""
    for route in served().api.routes:
        if route.function is not None:
            stem = served().functions[route.function].file.parent.name
            if stem != _REFUSING:
                yield _operation(stem, route.method, route.path)


def _operation(stem: str, method: str, path: str) -> Operation:
    module = importlib.import_module(f"functions.{stem}.app")
    sentence = inspect.getdoc(module) or ""
    contract: Callable[..., Any] = inspect.unwrap(module.handler)
    summary = sentence.partition(": ")[2].rstrip(".")
    gated = module.endpoint is endpoint.endpoint
    summary = summary[:1].upper() + summary[1:]
    return Operation(stem, method, path, summary, contract.__annotations__, gated, module.handler.media_types)


def about() -> dict[str, Any]:
    """Return what pyproject.toml says of the project."""
    facts: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return facts
