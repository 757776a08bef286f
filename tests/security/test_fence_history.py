"""The checker of histories is held to it as well: one planted violation of each kind is found, and no more."""

import pytest

from tests.security.fence_history import Findings, Operation, check

OPEN = Operation("open", 1, 1, 0.0, 1.0, outcome=True)
END = Operation("end", 1, 1, 5.0, 6.0, outcome=True)
NOTHING = Findings([], [], [], [])


def look(invoked: float, returned: float, *, alive: bool | None) -> Operation:
    return Operation("look", 1, 1, invoked, returned, alive)


GOOD = [
    OPEN,
    look(0.2, 0.3, alive=False),
    look(0.4, 0.5, alive=True),
    look(2.0, 3.0, alive=True),
    look(4.0, 5.5, alive=True),
    look(5.1, 5.2, alive=False),
    look(4.0, 9.0, alive=True),
    END,
    look(6.1, 6.2, alive=False),
    look(6.1, 6.2, alive=None),
]


def test_what_may_happen_is_let_pass() -> None:
    assert check(GOOD) == NOTHING


def test_an_end_that_was_never_acknowledged_promises_nothing() -> None:
    end = END._replace(outcome=None)
    assert check([OPEN, end, look(7.0, 8.0, alive=True)]) == NOTHING
    assert check([OPEN, end, look(7.0, 8.0, alive=False)]) == NOTHING


@pytest.mark.parametrize(
    ("kind", "planted", "history"),
    [
        ("stale", look(6.1, 6.2, alive=True), [OPEN, END]),
        ("lost", look(2.0, 3.0, alive=False), [OPEN, END]),
        ("lost", look(9.0, 9.5, alive=False), [OPEN]),
        ("phantom", look(-2.0, -1.0, alive=True), [OPEN, END]),
        ("phantom", look(2.0, 3.0, alive=True), []),
        ("revived", look(5.7, 5.8, alive=True), [OPEN, END, look(5.1, 5.6, alive=False)]),
    ],
)
def test_one_planted_violation_is_found(kind: str, planted: Operation, history: list[Operation]) -> None:
    findings = check([*history, planted])
    assert findings == NOTHING._replace(**{kind: [planted]})
