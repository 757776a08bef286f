"""What the template says, in the form that the gateway works with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.errors import TemplateError

REGION = "eu-central-1"
ACCOUNT = "123456789012"


# How functions sign in to database and cache here: the addresses hold the passwords, for all functions alike.
SIGN_IN = {"DATABASE_USER": "", "DATABASE_AUTH": "password", "REDIS_AUTH": "password", "REDIS_NAME": ""}


@dataclass(frozen=True)
class Function:
    """One Lambda function; `file` is its code, `attribute` the handler in it."""

    name: str
    file: Path
    attribute: str
    timeout_seconds: int
    memory_mb: int
    environment: Mapping[str, str] = field(default_factory=dict)
    layers: tuple[Path, ...] = ()

    @property
    def arn(self) -> str:
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.name}"


@dataclass(frozen=True)
class Authorizer:
    """A TOKEN authorizer; `header` is in lower case, a pattern of None lets every token through to the function."""

    name: str
    function: str
    header: str
    pattern: re.Pattern[str] | None
    ttl_seconds: int


@dataclass(frozen=True)
class Route:
    """One method of one resource; without a function it is the mock that answers `preflight`'s headers."""

    method: str
    path: str
    function: str | None
    authorizer: str | None = None
    preflight: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class GatewayResponse:
    """An answer of the gateway itself; a status or template of None means API Gateway's own."""

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    template: str | None = None


@dataclass(frozen=True)
class Api:
    """The REST API of the template; answers of *compression_bytes* and more may be compressed, None compresses none."""

    stage: str
    routes: tuple[Route, ...]
    authorizers: Mapping[str, Authorizer] = field(default_factory=dict)
    responses: Mapping[str, GatewayResponse] = field(default_factory=dict)
    stage_variables: Mapping[str, str] | None = None
    binary_types: tuple[str, ...] = ()
    compression_bytes: int | None = None


@dataclass(frozen=True)
class Project:
    """All that takes part in serving."""

    root: Path
    api: Api
    functions: Mapping[str, Function]

    @property
    def layers(self) -> tuple[Path, ...]:
        return tuple(dict.fromkeys(layer for each in self.functions.values() for layer in each.layers))

    @property
    def environment(self) -> dict[str, str]:
        """The variables of all functions together: here they share one process."""
        together: dict[str, str] = {}
        for function in self.functions.values():
            for name, value in function.environment.items():
                if together.setdefault(name, value) != value and name not in SIGN_IN:
                    raise TemplateError(
                        f"Resources.{function.name}.Properties.Environment.Variables.{name}: another function gives "
                        "this variable another value, and locally all functions share one process."
                    )
        return together
