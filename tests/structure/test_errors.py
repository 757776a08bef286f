"""Every error code is documented, with the status and the text that clients get."""

import importlib
import pkgutil
import re

import pytest
import roster
from roster.api import problems
from roster.errors import RosterError

from tests.structure import project
from tests.structure.project import ROOT

_ROW = re.compile(r"^\| *`([a-z_]+)` *\| *(\d{3}) *\| *(.*?) *\|", re.MULTILINE)
_DETAIL = re.compile(r'PydanticCustomError\(\s*"([a-z_]+)"|FieldProblem\((?:[^()]|\([^()]*\))*?, "([a-z_]+)",')


def documented() -> dict[str, int]:
    rows = _ROW.findall((ROOT / "docs" / "errors.md").read_text("utf-8"))
    return {code: int(status) for code, status, _ in rows}


def raised() -> dict[str, int]:
    for module in pkgutil.walk_packages(roster.__path__, "roster."):
        importlib.import_module(module.name)
    ours = [kind for kind in kinds(RosterError) if kind.__module__.startswith("roster.")]
    return {kind.code: status_of(kind) for kind in ours}


def kinds(kind: type[RosterError]) -> list[type[RosterError]]:
    return [kind, *(found for below in kind.__subclasses__() for found in kinds(below))]


def status_of(kind: type[RosterError]) -> int:
    return problems.status_of(kind.__new__(kind))


def answered_by_the_gateway() -> dict[str, int]:
    bodies = [each["ResponseTemplates"]["application/json"] for each in project.api()["GatewayResponses"].values()]
    return {
        code: int(status) for body in bodies for status, code in re.findall(r'"status": (\d+), "code": "(\w+)"', body)
    }


def test_what_the_code_raises_and_the_gateway_answers_is_what_is_documented() -> None:
    assert documented() == answered_by_the_gateway() | raised()


def test_functions_and_gateway_give_a_code_the_same_status() -> None:
    both = raised().keys() & answered_by_the_gateway().keys()
    assert {code: raised()[code] for code in both} == {code: answered_by_the_gateway()[code] for code in both}


@pytest.mark.parametrize("code", sorted(documented()))
def test_a_documented_code_says_what_it_means(code: str) -> None:
    rows = _ROW.findall((ROOT / "docs" / "errors.md").read_text("utf-8"))
    assert [meaning for found, _, meaning in rows if found == code and len(meaning) > 10]


def test_the_codes_of_our_own_rules_about_fields_are_documented() -> None:
    texts = [path.read_text("utf-8") for path in project.sources("layers/shared/roster")]
    ours = {code for text in texts for found in _DETAIL.findall(text) for code in found if code}
    last_paragraph = (ROOT / "docs" / "errors.md").read_text("utf-8").rsplit("\n\n", 1)[1]
    assert ours <= set(re.findall(r"`([a-z_]+)`", last_paragraph))
    assert len(ours) > 8
