"""No statement in the code goes unseen, however it is written down."""

import ast
import types

import pytest

from benchmarks.plans import catalogue, coverage
from tests.structure import project, rules


def a_module(**values: object) -> types.ModuleType:
    module = types.ModuleType("roster.planted.statements")
    vars(module).update(values)
    return module


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("SELECT id FROM users", "X"),
        ("\n    WITH a AS (SELECT 1) SELECT * FROM a", "X"),
        (("no", "DELETE FROM users"), "X[1]"),
        ({"by_name": "UPDATE users SET name = ''"}, "X[by_name]"),
        ({"a": ("INSERT INTO users DEFAULT VALUES", 1)}, "X[a][0]"),
    ],
)
def test_a_planted_constant_is_collected(value: object, name: str) -> None:
    assert list(catalogue.constants([a_module(X=value)]).values()) == [f"planted.statements.{name}"]


@pytest.mark.parametrize("value", ["DELETE", "Selected", "SET", "id, name", "WHERE id = 1", 7, None])
def test_what_is_no_statement_is_not(value: object) -> None:
    assert catalogue.constants([a_module(X=value)]) == {}


def test_a_new_constant_that_no_case_runs_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    known = set(coverage.unseen([]))
    monkeypatch.setattr("roster.users.statements.PLANTED", "SELECT 1 FROM users", raising=False)
    assert set(coverage.unseen([])) - known == {"users.statements.PLANTED"}
    assert set(coverage.unseen(["SELECT 1 FROM users"])) == known


def test_a_statement_made_in_a_function_is_reported_until_a_product_of_it_was_seen() -> None:
    source = """
def page(order):
    '''SELECT is only what this is about.'''
    return f"SELECT id FROM users ORDER BY {order} LIMIT 1"
"""
    (found,) = catalogue.made("roster.planted", source)
    assert found.name == "planted.page"
    assert coverage.missing([], {}, [found]) == ["planted.page"]
    assert coverage.missing(["SELECT id FROM users ORDER BY name LIMIT 1"], {}, [found]) == []


def test_what_was_sent_and_stands_nowhere_is_reported() -> None:
    assert coverage.unknown(["SELECT 1", "VALUES (1), (2)"]) == ["VALUES (1), (2)"]


def test_whoever_is_excused_is_there_and_has_a_reason() -> None:
    assert coverage.EXCUSED.keys() <= set(coverage.missing([], *coverage.collected(), excused=()))
    assert all(len(reason) > 15 for reason in coverage.EXCUSED.values())


def test_the_catalogue_takes_for_sql_what_the_house_rules_do() -> None:
    sources = [path.read_text("utf-8") for path in project.sources("layers/shared/roster")]
    texts = {
        node.value
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    sql = {text for text in texts if rules._SQL.match(text)}
    assert len(sql) > 50
    assert {text for text in sql if not catalogue.is_sql(text)} == set()
