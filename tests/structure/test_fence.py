"""Whoever ends sessions or writes users is put behind the fence by the wiring: else what follows might not see it."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.structure import project

# What makes the SQL that ends sessions; whatever takes somebody's rights away is made with it.
SOURCE = "ending_sessions"
WRITES_USERS = re.compile(r"\b(UPDATE|INSERT INTO|DELETE FROM|MERGE INTO|TRUNCATE)\s+(ONLY\s+)?users\b", re.IGNORECASE)
MIGRATIONS = sorted((project.LAYER / "roster" / "infrastructure" / "migration_files").glob("*.sql"))
SHOWS_NOTHING = {"0010_user_lists": "name_folded, which no entry has"}
SHIPPED = {
    ".".join(path.relative_to(project.LAYER).with_suffix("").parts): path.read_text("utf-8")
    for path in project.sources("layers/shared/roster")
}
WIRING = project.sources("layers/shared/roster/wiring")

Named = set[tuple[str, str]]
"""Names that end sessions or write users, each with the module that defines it."""


def known_as(module: str, tree: ast.Module, ending: Named) -> set[str]:
    """Return how a module spells those names."""
    spelled = {name for home, name in ending if home == module}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                here = alias.asname or alias.name
                spelled |= {here} if (node.module, alias.name) in ending else set()
                spelled |= {f"{here}.{name}" for home, name in ending if home == f"{node.module}.{alias.name}"}
    return spelled


def defined_with(module: str, source: str, ending: Named) -> Iterator[tuple[str, str]]:
    """Yield what a module defines by those names, or by SQL that writes users: constants, functions and classes."""
    tree = ast.parse(source)
    uses = re.compile("|".join(rf"(?<![\w.]){re.escape(name)}\b" for name in known_as(module, tree, ending)) or "(?!)")
    for node in tree.body:
        segment = ast.get_source_segment(source, node) or ""
        if uses.search(segment) or WRITES_USERS.search(segment):
            targets = node.targets if isinstance(node, ast.Assign) else []
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            names += [node.name] if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
            yield from ((module, name) for name in names)


def ending(modules: Mapping[str, str]) -> set[str]:
    """Return the classes that end sessions or write users, however many names lie between them and the SQL."""
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


def test_the_adapters_that_end_sessions_or_write_users_are_known() -> None:
    assert shipped() >= {"PostgresAccounts", "PostgresLinks", "PostgresSessions", "PostgresUsers"}
    assert "PostgresTrail" not in shipped()
    assert "PostgresStandings" not in shipped()


def test_one_that_ends_them_in_a_roundabout_way_is_known_too() -> None:
    planted = {
        "roster.links.statements": "from roster.auth import statements as auth\nRESET = (_X, auth.END_SESSIONS)",
        "roster.links.postgres": "from roster.links import statements\nclass PostgresLinks:\n    x = statements.RESET",
    }
    assert "PostgresLinks" in ending(SHIPPED | planted)


@pytest.mark.parametrize("statement", ["UPDATE users SET", "INSERT INTO users (", "update only\n  users set"])
def test_one_that_writes_users_is_known(statement: str) -> None:
    planted = {
        "roster.badges.statements": f'_AWARD = """{statement}"""\nBOTH = (_AWARD,)',
        "roster.badges.postgres": "from roster.badges import statements as s\nclass PostgresBadges:\n    x = s.BOTH",
    }
    assert "PostgresBadges" in ending(SHIPPED | planted)


def test_only_adapters_and_statements_write_users() -> None:
    """Elsewhere nobody would look for it."""
    assert [
        module
        for module, source in SHIPPED.items()
        if WRITES_USERS.search(source) and "postgres" not in module and "statements" not in module
    ] == []


def escaping(sql: str) -> bool:
    """Return whether a migration changes users whom the cache may hold, and leaves the epoch as it is."""
    return bool(WRITES_USERS.search(sql)) and not re.search(r"UPDATE cache_control\s+SET\s+epoch", sql)


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: str(path.stem))
def test_a_migration_that_changes_users_begins_a_new_epoch(path: Path) -> None:
    assert escaping(path.read_text("utf-8")) == (path.stem in SHOWS_NOTHING)


def test_one_that_does_not_is_found() -> None:
    change = "UPDATE users SET role = 'user';"
    assert escaping(change)
    assert not escaping(f"{change} UPDATE cache_control SET epoch = 5, is_enabled = false;")


@pytest.mark.parametrize("path", WIRING, ids=lambda path: str(path.stem))
def test_who_ends_sessions_stands_behind_the_fence(path: Path) -> None:
    assert unfenced(path.read_text("utf-8"), shipped()) == [], (
        "put it behind `fence.fence()`: by `change` with the keys of all that it touches, or by `changed` afterwards"
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
