"""Every statement that the code can send, by the name of its constant, or by where it is put together."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import roster

_SQL = re.compile(
    r"^\s*(SELECT\s|WITH\s+\w+\s+AS|INSERT\s+INTO\s|UPDATE\s+\w|DELETE\s+FROM\s|MERGE\s+INTO\s|VALUES\s*\(|TRUNCATE\s"
    r"|(CREATE|ALTER|DROP)\s+\w|LOCK\s+TABLE\s|BEGIN$|COMMIT$|ROLLBACK$|(SET|PREPARE|DECLARE|LISTEN|DISCARD)\s+\w)"
)
_HOLE = "\N{NULL}"


class Made(NamedTuple):
    """SQL inside of a function; *pattern* is what its products look like."""

    name: str
    pattern: re.Pattern[str]


def is_sql(text: str) -> bool:
    return bool(_SQL.match(text))


def constants(modules: Iterable[ModuleType]) -> dict[str, str]:
    """Return the name of each statement among the values of *modules*, also in their tuples and dicts, by its text."""
    names: dict[str, str] = {}
    for module in modules:
        for name, value in vars(module).items():
            for place, text in _texts(value):
                names.setdefault(text, f"{_short(module.__name__)}.{name}{place}")
    return names


def modules() -> list[ModuleType]:
    """Return all modules of the layer."""
    found = pkgutil.walk_packages(roster.__path__, "roster.")
    return [importlib.import_module(each.name) for each in found if not each.name.startswith("roster.wiring.")]


def made(module: str, source: str) -> Iterator[Made]:
    """Yield the SQL that stands inside of the functions of one file."""
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef):
            for node in _literals(function):
                text = _pieces(node)
                if is_sql(text):
                    yield Made(f"{_short(module)}.{function.name}", _pattern(text))


def made_in_all(found: Iterable[ModuleType]) -> list[Made]:
    sources = {each.__name__: Path(each.__file__).read_text("utf-8") for each in found if each.__file__}
    return [each for name, source in sources.items() for each in made(name, source)]


def _texts(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str) and is_sql(value):
        yield place, value
    elif isinstance(value, tuple | list):
        for number, each in enumerate(value):
            yield from _texts(each, f"{place}[{number}]")
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _texts(each, f"{place}[{key}]")


def _literals(function: ast.FunctionDef) -> Iterator[ast.expr]:
    docstrings = {id(node.value) for node in ast.walk(function) if isinstance(node, ast.Expr)}
    parts = {id(part) for node in ast.walk(function) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(function):
        is_text = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
        if is_text and id(node) not in docstrings | parts:
            yield node  # type: ignore[misc]


def _pieces(node: ast.expr) -> str:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(str(part.value) if isinstance(part, ast.Constant) else _HOLE for part in parts)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, text.split(_HOLE))), re.DOTALL)


def _short(module: str) -> str:
    return module.removeprefix("roster.").removeprefix("infrastructure.")
