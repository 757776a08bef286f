"""Functions, layers and the routes that a function's events make."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from local import properties
from local.errors import TemplateError
from local.model import Function, Route

DEFAULT_AUTHORIZER = "the default authorizer"
_METHODS = {"ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}
_FROM_ELSEWHERE = {"Schedule", "SNS"}  # nobody schedules and nobody notifies here; local/mail.py sends mail
_DEFAULT_TIMEOUT_SECONDS, _DEFAULT_MEMORY_MB = 3, 128


def read_function(name: str, given: Mapping[str, Any], root: Path, layers: Mapping[str, Path]) -> Function:
    where = f"Resources.{name}.Properties"
    runtime = str(given.get("Runtime", ""))
    if not runtime.startswith("python"):
        raise TemplateError(f"{where}.Runtime: the local gateway runs Python only, not {runtime or 'nothing'}.")
    folder = root / str(given.get("CodeUri", ""))
    if not folder.is_dir():
        raise TemplateError(f"{where}.CodeUri: there is no folder {given.get('CodeUri')}.")
    module, dot, attribute = str(given.get("Handler", "")).rpartition(".")
    if not dot:
        raise TemplateError(f"{where}.Handler: expected module.function.")
    return Function(
        name,
        folder / f"{module.replace('.', '/')}.py",
        attribute,
        int(given.get("Timeout", _DEFAULT_TIMEOUT_SECONDS)),
        int(given.get("MemorySize", _DEFAULT_MEMORY_MB)),
        _environment(given, where),
        tuple(_layer(each, layers, f"{where}.Layers") for each in given.get("Layers", [])),
    )


def _environment(given: Mapping[str, Any], where: str) -> dict[str, str]:
    environment = properties.ENVIRONMENT.check(given.get("Environment"), f"{where}.Environment")
    return {name: _text(value) for name, value in (environment.get("Variables") or {}).items()}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _layer(name: str, layers: Mapping[str, Path], where: str) -> Path:
    if name not in layers:
        raise TemplateError(f"{where}: {name} is not a layer of this template; the local gateway knows no other.")
    return layers[name]


def read_routes(name: str, given: Mapping[str, Any], api: str) -> Iterator[Route]:
    """Yield the routes of a function; their authorizer may still be DEFAULT_AUTHORIZER."""
    for event_name, given_event in (given.get("Events") or {}).items():
        where = f"Resources.{name}.Properties.Events.{event_name}"
        event = properties.EVENT.check(given_event, where)
        if event.get("Type") in _FROM_ELSEWHERE:
            continue
        if event.get("Type") != "Api":
            raise TemplateError(f"{where}: the local gateway does not know events of type {event.get('Type')}.")
        details = properties.API_EVENT.check(event.get("Properties"), f"{where}.Properties")
        if details.get("RestApiId") != api:
            raise TemplateError(f"{where}.Properties.RestApiId: must be !Ref {api}, the one API that is served here.")
        yield Route(
            read_method(details.get("Method"), f"{where}.Properties.Method"),
            read_path(details.get("Path"), f"{where}.Properties.Path"),
            name,
            _authorizer(details, f"{where}.Properties.Auth"),
        )


def read_method(given: Any, where: str) -> str:
    method = str(given).upper()
    if method not in _METHODS:
        raise TemplateError(f"{where}: {method} is none of {', '.join(sorted(_METHODS))}.")
    return method


def read_path(given: Any, where: str) -> str:
    path = str(given)
    if not path.startswith("/") or "+}" in path.rsplit("/", 1)[0]:
        raise TemplateError(f"{where}: must begin with / and may be greedy at its end only.")
    return path


def _authorizer(details: Mapping[str, Any], where: str) -> str | None:
    name = properties.EVENT_AUTH.check(details.get("Auth"), where).get("Authorizer", DEFAULT_AUTHORIZER)
    return None if name == "NONE" else str(name)
