"""Whoever ends sessions is put behind the fence by the wiring: else a request that follows might still be let in."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.structure import project

# What makes the SQL that ends sessions; whatever takes somebody's rights away is made with it.
SOURCE = "ending_sessions"
SHIPPED = {
    ".".join(path.relative_to(project.LAYER).with_suffix("").parts): path.read_text("utf-8")
    for path in project.sources("layers/shared/roster")
}
WIRING = project.sources("layers/shared/roster/wiring")

Named = set[tuple[str, str]]
"""Names that end sessions, each with the module that defines it."""


def known_as(module: str, tree: ast.Module, ending: Named) -> set[str]:
    """Return how a module spells the names that end sessions."""
    spelled = {name for home, name in ending if home == module}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                here = alias.asname or alias.name
                spelled |= {here} if (node.module, alias.name) in ending else set()
                spelled |= {f"{here}.{name}" for home, name in ending if home == f"{node.module}.{alias.name}"}
    return spelled


def defined_with(module: str, source: str, ending: Named) -> Iterator[tuple[str, str]]:
    """Yield what a module defines by names that end sessions: constants, functions and classes."""
    tree = ast.parse(source)
    uses = re.compile("|".join(rf"(?<![\w.]){re.escape(name)}\b" for name in known_as(module, tree, ending)) or "(?!)")
    for node in tree.body:
        if uses.search(ast.get_source_segment(source, node) or ""):
            targets = node.targets if isinstance(node, ast.Assign) else []
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            names += [node.name] if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
            yield from ((module, name) for name in names)


def ending(modules: Mapping[str, str]) -> set[str]:
    """Return the classes that end sessions, however many names lie between them and the SQL."""
    found: Named = {(module, SOURCE) for module, source in modules.items() if f"def {SOURCE}(" in source}
    adapters = {module: source for module, source in modules.items() if "postgres" in module or "statements" in module}
    while more := {each for pair in adapters.items() for each in defined_with(*pair, found)} - found:
        found |= more
    return {name for _, name in found if name.startswith("Postgres")}


@cache
def shipped() -> set[str]:
    return ending(SHIPPED)


def unfenced(source: str, names: set[str]) -> list[str]:
    """Return who makes one of those classes in a function that says nothing of the fence."""
    found = []
    for function in [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]:
        nodes = list(ast.walk(function))
        made = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        if made & names and not any(isinstance(node, ast.Name) and node.id == "fence" for node in nodes):
            found.append(function.name)
    return found


def test_the_adapters_that_end_sessions_are_known() -> None:
    assert shipped() >= {"PostgresAccounts", "PostgresSessions", "PostgresUsers"}
    assert "PostgresTrail" not in shipped()
    assert "PostgresStandings" not in shipped()


def test_one_that_ends_them_in_a_roundabout_way_is_known_too() -> None:
    planted = {
        "roster.links.statements": "from roster.auth import statements as auth\nRESET = (_X, auth.END_SESSIONS)",
        "roster.links.postgres": "from roster.links import statements\nclass PostgresLinks:\n    x = statements.RESET",
    }
    assert "PostgresLinks" in ending(SHIPPED | planted)


@pytest.mark.parametrize("path", WIRING, ids=lambda path: str(path.stem))
def test_who_ends_sessions_stands_behind_the_fence(path: Path) -> None:
    assert unfenced(path.read_text("utf-8"), shipped()) == [], (
        "put it behind `fence.change_standing`, or `fence.standing_changed` where only the transaction knows the user"
    )


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def service():\n    return Sessions(PostgresSessions(stores.database))", ["service"]),
        ("def service():\n    return FencedSessions(PostgresSessions(stores.database), fence.fence())", []),
        ("def service():\n    return Trail(PostgresTrail(stores.database))", []),
    ],
)
def test_one_that_is_not_is_found(source: str, found: list[str]) -> None:
    assert unfenced(source, shipped()) == found
