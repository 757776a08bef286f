"""The house rules hold in all that ships, and each of them catches what it is there for."""

import ast

import pytest

from tests.structure import project
from tests.structure.rules import RULES, Rule

SHIPPED = project.sources("layers/shared/roster", "functions")

PLANTED = [
    ("environment", "import os\nos.environ['X']"),
    ("environment", "import os\nos.getenv('X')"),
    ("environment", "from os import environ"),
    ("SQL", "x = 'SELECT 1'"),
    ("SQL", "x = f'''\n  UPDATE users SET {y}'''"),
    ("SQL", "x = 'WITH a AS (SELECT 1) SELECT * FROM a'"),
    ("SQL", "x = 'SET statement_timeout = 1'"),
    ("AWS SDK", "import boto3"),
    ("AWS SDK", "def f():\n    from botocore.session import Session"),
    ("PyJWT", "from jwt import encode"),
    ("PyJWT", "import jwt.algorithms"),
    ("verified", "import jwt\njwt.decode(t, options={'verify_signature': False})"),
    ("verified", "from jwt import decode"),
    ("verified", "import jwt\njwt.get_unverified_header(t)"),
    ("printed", "print('x')"),
    ("state", "c.set_session(readonly=True)"),
    ("state", "c.reset()"),
    ("state", "c.cursor('a name')"),
    ("state", "c.cursor(name='a name')"),
    ("state", "c.set_client_encoding('LATIN1')"),
]


def broken(rule: Rule, name: str, source: str) -> list[str]:
    return [] if name in rule.exempt else [f"{name}:{line}" for line in rule.find(ast.parse(source))]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.what)
def test_house_rule(rule: Rule) -> None:
    assert [place for path in SHIPPED for place in broken(rule, project.name_of(path), path.read_text("utf-8"))] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.what)
def test_who_is_exempt_makes_use_of_it(rule: Rule) -> None:
    assert [
        name for name in rule.exempt if not any(rule.find(ast.parse((project.ROOT / name).read_text("utf-8"))))
    ] == []


@pytest.mark.parametrize(("word", "source"), PLANTED)
def test_a_planted_violation_is_caught(word: str, source: str) -> None:
    (rule,) = (rule for rule in RULES if word in rule.what)
    assert broken(rule, "functions/any/app.py", source)


@pytest.mark.parametrize(
    "source", ["_ends_at.reset(token)", "c.cursor()", "x = 'Selected users'", '"""SELECT is what this is about."""']
)
def test_what_only_looks_like_a_violation_is_let_through(source: str) -> None:
    assert [rule.what for rule in RULES if broken(rule, "functions/any/app.py", source)] == []
