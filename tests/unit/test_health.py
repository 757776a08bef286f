"""Health: which parts answer, and what that means for the whole."""

import pytest
from roster.errors import UnavailableError
from roster.infrastructure.health import Part, examine


def answering() -> bool:
    return True


def silent() -> bool:
    return False


def away() -> bool:
    raise UnavailableError


@pytest.mark.parametrize(
    ("database", "cache", "status"),
    [
        (answering, answering, "up"), (answering, silent, "degraded"), (answering, away, "degraded"),
        (silent, answering, "down"), (away, answering, "down"), (away, away, "down"),
    ],
)  # fmt: skip
def test_without_a_vital_part_the_service_is_down_and_without_another_degraded(
    database: object, cache: object, status: str
) -> None:
    parts = [Part("database", database, is_vital=True), Part("cache", cache, is_vital=False)]  # type: ignore[arg-type]
    assert examine(parts).status == status


def test_every_part_is_reported_even_if_an_earlier_one_is_down() -> None:
    report = examine([Part("database", away, is_vital=True), Part("cache", answering, is_vital=False)])
    assert {name: check.status for name, check in report.checks.items()} == {"database": "down", "cache": "up"}
    assert all(0 <= check.milliseconds < 1000 for check in report.checks.values())


def test_a_bug_is_not_taken_for_a_part_that_is_away() -> None:
    with pytest.raises(ZeroDivisionError):
        examine([Part("database", lambda: bool(1 // 0), is_vital=True)])
