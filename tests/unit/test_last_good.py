"""What was read last and was good, and when it is read anew."""

import pytest
from roster.infrastructure.last_good import MAX_AGE_SECONDS, LastGood

from tests.unit.fake_connections import FakeClock


class Reader:
    """Reads numbers, and counts how often."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, text: str) -> int:
        self.read.append(text)
        return int(text)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    return FakeClock(monkeypatch)


@pytest.fixture
def reader(clock: FakeClock) -> Reader:
    return Reader()


@pytest.fixture
def known(reader: Reader) -> LastGood[int]:
    return LastGood(reader, ValueError)


def test_the_same_text_is_read_once(known: LastGood[int], reader: Reader) -> None:
    assert [known.of("1"), known.of("1")] == [1, 1]
    assert reader.read == ["1"]


def test_another_text_is_read_at_once(known: LastGood[int], reader: Reader) -> None:
    assert [known.of("1"), known.of("2"), known.of("1")] == [1, 2, 1]
    assert reader.read == ["1", "2", "1"]


def test_what_depends_on_the_time_is_seen_within_a_minute(
    known: LastGood[int], reader: Reader, clock: FakeClock
) -> None:
    known.of("1")
    clock.passes(MAX_AGE_SECONDS - 1)
    known.of("1")
    clock.passes(1)
    known.of("1")
    assert reader.read == ["1", "1"]


def test_what_cannot_be_read_leaves_what_was_good_and_is_counted(
    known: LastGood[int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    monkeypatch.setattr("roster.infrastructure.observability.count", counted.append)
    assert [known.of("1"), known.of("s3cret"), known.of("2")] == [1, 1, 2]
    assert counted == ["KeysUnreadable"]
    assert "s3cret" not in capsys.readouterr().out


def test_without_anything_good_the_refusal_is_told(known: LastGood[int]) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        known.of("s3cret")


def test_other_faults_are_not_hidden() -> None:
    known = LastGood(lambda text: 1 // int(text), ValueError)
    assert known.of("1") == 1
    with pytest.raises(ZeroDivisionError):
        known.of("0")
