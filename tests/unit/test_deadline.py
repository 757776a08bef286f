"""Deadlines: how long the work at hand may still take."""

import threading

import pytest
from roster.infrastructure import deadline


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> "FakeClock":
    return FakeClock(monkeypatch)


class FakeClock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = 1000.0
        monkeypatch.setattr(deadline, "time", self)

    def monotonic(self) -> float:
        return self.seconds


def test_outside_of_any_deadline_there_is_an_allowance() -> None:
    assert deadline.remaining_seconds() == 10.0


def test_the_time_runs_down_to_zero_and_no_further(clock: FakeClock) -> None:
    with deadline.within(3):
        assert deadline.remaining_seconds() == 3
        clock.seconds += 2
        assert deadline.remaining_seconds() == 1
        clock.seconds += 5
        assert deadline.remaining_seconds() == 0


@pytest.mark.parametrize(("outer", "inner", "left"), [(3, 10, 3), (3, 1, 1), (3, 3, 3), (-1, 5, 0)])
def test_the_deadline_that_ends_first_counts(outer: float, inner: float, left: float, clock: FakeClock) -> None:
    with deadline.within(outer), deadline.within(inner):
        assert deadline.remaining_seconds() == left


def test_after_the_inner_block_the_outer_deadline_counts_again(clock: FakeClock) -> None:
    with deadline.within(3):
        with deadline.within(1):
            clock.seconds += 0.5
        assert deadline.remaining_seconds() == 2.5


def test_a_deadline_ends_with_its_block_even_when_that_fails() -> None:
    with pytest.raises(ZeroDivisionError), deadline.within(1):
        raise ZeroDivisionError
    assert deadline.remaining_seconds() == 10.0


def test_a_deadline_is_for_its_own_thread() -> None:
    seen: list[float] = []
    with deadline.within(1):
        other = threading.Thread(target=lambda: seen.append(deadline.remaining_seconds()))
        other.start()
        other.join()
    assert seen == [10.0]
