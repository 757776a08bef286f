"""The handlers of one version of the code, imported from their files and kept warm."""

import importlib
import importlib.util
import json
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from local.context import LambdaContext
from local.model import Function, Project

Handler = Callable[[Any, LambdaContext], Any]

_SDK = "boto3"


class ImportFailedError(Exception):
    """The function's module could not be imported; the message is the traceback."""


class Functions:
    """One generation: the handlers, and the layer's modules that they were imported with."""

    def __init__(
        self, handlers: Mapping[str, Handler], failures: Mapping[str, str], layer: Mapping[str, ModuleType]
    ) -> None:
        self._handlers = handlers
        self.failures = failures
        self._layer = layer
        self._lock = threading.Lock()
        self._running = 0
        self._retired = False

    def invoke(self, function: Function, event: Any) -> str:
        """
        Return what the handler returns, as the JSON in which Lambda carries it.

        Raises:
            ImportFailedError: If there is no handler.
            Exception: Whatever the handler raises.
        """
        handler = self._handlers.get(function.name)
        if handler is None:
            raise ImportFailedError(self.failures.get(function.name, ""))
        self._enter()
        try:
            return json.dumps(handler(event, LambdaContext(function)), ensure_ascii=False)
        finally:
            self._leave()

    def retire(self) -> None:
        """Close the connections of this generation as soon as no handler of it runs."""
        with self._lock:
            self._retired = True
            idle = self._running == 0
        if idle:
            self.disconnect()

    def _enter(self) -> None:
        with self._lock:
            self._running += 1

    def _leave(self) -> None:
        with self._lock:
            self._running -= 1
            last = self._retired and self._running == 0
        if last:
            self.disconnect()

    def disconnect(self) -> None:
        """Close the connections; the next handler that needs one opens it anew."""
        stores = self._layer.get("roster.wiring.stores")
        if stores is not None and hasattr(stores, "close"):
            stores.close()


def load_functions(project: Project) -> Functions:
    """Import the layers and every function anew; what fails is in `failures`, with its traceback."""
    packages = _layer_packages(project.layers)
    _make_way(packages, project.layers)
    handlers: dict[str, Handler] = {}
    failures: dict[str, str] = {}
    for function in project.functions.values():
        try:
            handlers[function.name] = _import_handler(function)
        except BaseException as error:  # noqa: BLE001 (a module may also call sys.exit)
            if not _is_for_aws_alone(function, error, project):
                failures[function.name] = traceback.format_exc()
    layer_modules = {name: module for name, module in sys.modules.items() if name.split(".")[0] in packages}
    return Functions(handlers, failures, layer_modules)


def _make_way(packages: set[str], layers: Iterable[Path]) -> None:
    """Let the next import of the layers' packages read them anew."""
    for name in [name for name in sys.modules if name.split(".")[0] in packages]:
        del sys.modules[name]
    for layer in map(str, layers):
        if layer not in sys.path:
            sys.path.insert(0, layer)
    importlib.invalidate_caches()


def _is_for_aws_alone(function: Function, error: BaseException, project: Project) -> bool:
    """Return whether it has no route, and only lacks the SDK, which Lambda's runtime brings and nothing here needs."""
    lacks_the_sdk = isinstance(error, ModuleNotFoundError) and error.name == _SDK
    return lacks_the_sdk and function.name not in {route.function for route in project.api.routes}


def _layer_packages(layers: Iterable[Path]) -> set[str]:
    entries = [entry for layer in layers for entry in layer.iterdir()]
    return {entry.stem for entry in entries if entry.suffix == ".py" or (entry.is_dir() and entry.stem.isidentifier())}


def _import_handler(function: Function) -> Handler:
    # All files are called app.py: each gets a module name of its own.
    name = f"function_{function.name}"
    spec = importlib.util.spec_from_file_location(name, function.file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    handler: Handler = getattr(module, function.attribute)
    return handler
