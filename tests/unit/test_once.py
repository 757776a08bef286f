"""One object for the life of a process."""

import threading
import time

import pytest
from roster.wiring.once import once


def test_it_is_made_on_first_use_and_then_kept() -> None:
    made: list[object] = []

    @once
    def thing() -> object:
        made.append(object())
        return made[-1]

    assert made == []
    assert thing() is thing() is made[0]


def test_none_is_kept_too() -> None:
    calls: list[int] = []
    nothing = once(lambda: calls.append(1))
    nothing()
    nothing()
    assert calls == [1]


def test_threads_that_ask_at_once_get_the_same_one() -> None:
    calls: list[int] = []
    barrier = threading.Barrier(20)

    @once
    def thing() -> object:
        calls.append(1)
        time.sleep(0.01)
        return object()

    got: list[object] = []

    def ask() -> None:
        barrier.wait()
        got.append(thing())

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == [1]
    assert len(set(map(id, got))) == 1


def test_a_failure_is_not_kept() -> None:
    answers = iter([ValueError(), None])

    @once
    def thing() -> str:
        failure = next(answers)
        if failure:
            raise failure
        return "made"

    with pytest.raises(ValueError):  # noqa: PT011 (any)
        thing()
    assert thing() == "made"


def test_what_was_made_can_be_forgotten() -> None:
    thing = once(object)
    first = thing()
    assert thing.forget() == [first]
    assert thing.forget() == []
    assert thing() is not first
