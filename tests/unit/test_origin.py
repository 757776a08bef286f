"""The origin of the work at hand: one per request, and nobody's outside of any."""

import threading

import pytest
from roster.infrastructure import origin
from roster.infrastructure.origin import Origin

ADA = Origin(1, "a session", "203.0.113.7", "a request")


def test_work_of_nobody_comes_from_nowhere() -> None:
    assert origin.current() == Origin(None, None, None, "none")


def test_the_origin_holds_to_the_end_of_the_block() -> None:
    with origin.within(ADA):
        assert origin.current() == ADA
    assert origin.current() == Origin()


def test_a_block_within_a_block_gives_the_outer_origin_back() -> None:
    with origin.within(ADA):
        with origin.within(Origin(2)):
            assert origin.current() == Origin(2)
        assert origin.current() == ADA


def test_an_error_ends_the_block_too() -> None:
    with pytest.raises(ValueError, match="x"), origin.within(ADA):
        raise ValueError("x")
    assert origin.current() == Origin()


def test_threads_have_origins_of_their_own() -> None:
    found: list[Origin] = []
    with origin.within(ADA):
        thread = threading.Thread(target=lambda: found.append(origin.current()))
        thread.start()
        thread.join()
    assert found == [Origin()]
