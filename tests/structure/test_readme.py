"""The README's table of endpoints is the template's."""

import re

from tests.structure import project
from tests.structure.project import ROOT

_ROW = re.compile(r"^\| *`([A-Z]+ /[^`]*)` *\|", re.MULTILINE)


def documented() -> list[str]:
    return _ROW.findall((ROOT / "README.md").read_text("utf-8"))


def endpoints() -> set[str]:
    answered = [route for route in project.routes() if route.function not in project.refusing()]
    return {route.label for route in answered if route.method != "HEAD"}


def test_every_endpoint_is_in_the_readme_and_every_row_is_an_endpoint() -> None:
    assert set(documented()) == endpoints()


def test_no_endpoint_is_listed_twice() -> None:
    assert len(documented()) == len(set(documented()))
