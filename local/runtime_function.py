"""One function's environment, as Lambda would make it."""

import os
from collections.abc import Mapping
from pathlib import Path

from local.model import REGION, Function

# What a process needs from this machine; nothing else of the shell reaches the function.
_INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "TZ")


def environment_of(function: Function, overrides: Mapping[str, str]) -> dict[str, str]:
    """Return all variables; *overrides* replace those that the template gives to this function, and add none."""
    own = {name: overrides.get(name, value) for name, value in function.environment.items()}
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {**inherited, **own, **_lambda(function)}


def handler_of(function: Function) -> str:
    return f"{function.file.stem}.{function.attribute}"


def _lambda(function: Function) -> dict[str, str]:
    folder = function.file.parent
    return {
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(function.timeout_seconds),
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_SAM_LOCAL": "true",
        "LAMBDA_TASK_ROOT": str(folder.resolve()),
        "PYTHONPATH": _path([folder, *function.layers]),
    }


def _path(folders: list[Path]) -> str:
    return os.pathsep.join(str(folder.resolve()) for folder in folders)
