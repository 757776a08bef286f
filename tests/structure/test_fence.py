"""Whoever ends sessions is put behind the fence by the wiring: else a request that follows might still be let in."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.structure import project

# The SQL that ends all sessions of a user, and so whatever takes somebody's rights away.
ENDING = "END_SESSIONS"
SHIPPED = project.sources("layers/shared/roster")
WIRING = project.sources("layers/shared/roster/wiring")


def adapters(tree: ast.Module, source: str) -> Iterator[str]:
    """Yield the classes of a module that end sessions."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and ENDING in (ast.get_source_segment(source, node) or ""):
            yield node.name


def ending() -> set[str]:
    texts = [path.read_text("utf-8") for path in SHIPPED]
    return {name for text in texts for name in adapters(ast.parse(text), text)}


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
    assert ending() >= {"PostgresAccounts", "PostgresSessions", "PostgresUsers"}


@pytest.mark.parametrize("path", WIRING, ids=lambda path: str(path.stem))
def test_who_ends_sessions_stands_behind_the_fence(path: Path) -> None:
    assert unfenced(path.read_text("utf-8"), ending()) == [], (
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
    assert unfenced(source, ending()) == found
