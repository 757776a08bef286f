"""Each function has its role by what it does: what changes something writes, what only shows something reads."""

import ast

from local.postgres_database import READER, WRITER
from tests.functions import FOLDER, STEMS
from tests.handlers.endpoints import STORELESS
from tests.roles.stated import MIGRATING, READING, WITHOUT_DATABASE, role_of


def method_of(stem: str) -> str:
    """Return the method that a handler's docstring opens with, or the first word of one that has no route."""
    docstring = ast.get_docstring(ast.parse((FOLDER / stem / "app.py").read_text("utf-8")))
    assert docstring
    return docstring.split()[0]


def test_every_function_that_is_named_is_there() -> None:
    assert set(STEMS) >= READING | WITHOUT_DATABASE | MIGRATING
    assert not READING & WITHOUT_DATABASE


def test_who_only_shows_something_reads_and_who_changes_something_writes() -> None:
    by_method = {stem: method_of(stem) for stem in STEMS if stem not in WITHOUT_DATABASE | MIGRATING}
    assert {stem for stem, method in by_method.items() if method == "GET"} == READING
    assert {role_of(stem) for stem in by_method} == {READER, WRITER}
    assert all(role_of(stem) == WRITER for stem, method in by_method.items() if method != "GET")


def test_what_reaches_no_store_has_no_role() -> None:
    assert {stem for stem in WITHOUT_DATABASE if role_of(stem) is None} == STORELESS | {
        "make_keys",
        "rotate_signing_key",
        "authorize_request",
        "deploy_migrations",
        "refuse_route",
    }
