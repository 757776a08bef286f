"""What is looked for in the answers: each judge names the cells that are wrong."""

import re
from collections.abc import Iterable

from roster.api import policy
from roster.api.policy import Who

from tests.security.matrix import oracle
from tests.security.matrix.cast import Standing
from tests.security.matrix.runner import Outcome
from tests.security.matrix.targets import Kind
from tools.openapi import document

_ADDRESS = re.compile(rb"[\w.-]+@(?:roster\.test|example\.com)")
_OF_ONE_REQUEST = ("x-amzn-requestid", "x-amz-apigw-id", "x-amzn-trace-id", "date")


def wrong_statuses(outcomes: Iterable[Outcome], *, registration_is_open: bool = True) -> list[str]:
    expected = [(each, oracle.expected(each.cell, registration_is_open=registration_is_open)) for each in outcomes]
    return [
        f"{each.cell.name}: {each.answer.status} instead of {status}"
        for each, status in expected
        if each.answer.status != status
    ]


def wrong_changes(outcomes: Iterable[Outcome]) -> list[str]:
    """Name whatever changed a row but by a write that was answered with success, or another row than its target's."""
    return [each.cell.name for each in outcomes if not each.changed <= _may_change(each)]


def _may_change(outcome: Outcome) -> frozenset[int]:
    cell = outcome.cell
    if outcome.answer.status >= 300 or cell.method in ("GET", "HEAD"):
        return frozenset()
    if policy.who_may(cell.method, cell.path) in (Who.ANYONE, Who.ANYONE_WHERE_OPEN, Who.HOLDER):
        return outcome.changed
    return frozenset({cell.target.user_id(cell.principal) or cell.principal.user_id})


def disclosures(outcomes: Iterable[Outcome]) -> list[str]:
    """Name whatever shows an address in a refusal, or anyone's but one's own to who is no admin."""
    return [each.cell.name for each in outcomes if _addresses(each.answer.body) - _may_see(each)]


def _may_see(outcome: Outcome) -> set[bytes]:
    cell, found = outcome.cell, _addresses(outcome.answer.body)
    if outcome.answer.status >= 300:
        return set()
    if cell.principal.standing is Standing.ADMIN or policy.who_may(cell.method, cell.path) is Who.HOLDER:
        return found
    return {cell.principal.address.encode()} | _addresses(cell.sent()) | _published(cell.path)


def _published(path: str) -> set[bytes]:
    """Return the addresses that the OpenAPI document shows to everybody: its examples."""
    return _addresses(document.PATH.read_bytes()) if path == "/api/openapi.json" else set()


def _addresses(text: bytes) -> set[bytes]:
    return set(_ADDRESS.findall(text))


def distinguishable(outcomes: Iterable[Outcome]) -> list[str]:
    """Name the requests about which one who is no admin gets different answers for foreign and missing things."""
    answers: dict[tuple[str, ...], set[str]] = {}
    for outcome in outcomes:
        cell = outcome.cell
        if (
            cell.target.kind in (Kind.FOREIGN, Kind.MISSING, Kind.ERASED)
            and cell.principal.standing is not Standing.ADMIN
        ):
            asked = (cell.method, cell.path, cell.principal.name, cell.variant.name)
            answers.setdefault(asked, set()).add(_fingerprint(outcome))
    return [", ".join(asked) for asked, told in answers.items() if len(told) > 1]


def _fingerprint(outcome: Outcome) -> str:
    answer = outcome.answer
    headers = sorted((name, value) for name, value in answer.headers if name.lower() not in _OF_ONE_REQUEST)
    return repr((answer.status, headers, outcome.told))


JUDGES = (wrong_statuses, wrong_changes, disclosures, distinguishable)
