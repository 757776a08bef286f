"""The README's table of endpoints is the template's."""

import re

from roster.api import policy

from tests.structure import project
from tests.structure.project import ROOT

_ROW = re.compile(r"^\| *`([A-Z]+ /[^`]*)` *\| *([^|]*?) *\|", re.MULTILINE)


def rows() -> list[tuple[str, str]]:
    """Return label and second column of each endpoint's row."""
    return _ROW.findall((ROOT / "README.md").read_text("utf-8"))


def documented() -> list[str]:
    return [label for label, _ in rows()]


def endpoints() -> set[str]:
    answered = [route for route in project.routes() if route.function != project.REFUSING]
    return {route.label for route in answered if route.method != "HEAD"}


def test_every_endpoint_is_in_the_readme_and_every_row_is_an_endpoint() -> None:
    assert set(documented()) == endpoints()


def test_no_endpoint_is_listed_twice() -> None:
    assert len(documented()) == len(set(documented()))


def test_the_readme_says_whom_an_endpoint_is_for_in_the_words_of_the_policy() -> None:
    assert {label: whom for label, whom in rows() if whom != policy.who_may(*label.split(" "))} == {}
