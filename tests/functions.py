"""The handlers of the function folders, loaded as Lambda loads them: one `app.py`, by its path."""

import importlib.util
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "functions"
STEMS = sorted(path.parent.name for path in FOLDER.glob("*/app.py"))

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


@cache
def handler_of(stem: str) -> Handler:
    """Return the handler of that function, loaded once as an execution environment does."""
    found = importlib.util.spec_from_file_location(f"functions_{stem}", FOLDER / stem / "app.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    handler: Handler = module.handler
    return handler
