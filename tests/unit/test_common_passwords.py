"""The list of common passwords that ships: what is on it, how often it errs, and what it costs."""

import hashlib
import random
import string
import time
from collections.abc import Callable, Iterator

import pytest
from roster.auth import common_passwords

SHA256 = "5fbe348371208998d79a7bc1c19a9fed48eea3fa825133be4de07d2b22b1d70d"
BYTES_MAX = 150_000
ERROR_MAX = 1e-6
# Of each source the first, one from the middle and the last; of the million also what is long.
LISTED = [
    "password", "12345678", "qwertyuiop", "iloveyou", "football1", "sunshine", "princess1", "trustno1",
    "passwordpassword", "1qaz2wsx3edc4rfv", "qwerty123456789", "30secondstomars", "123456789qwerty", "passwordstandard",
]  # fmt: skip
UNLISTED = ["", "a lighthouse at noon", "a harbour at midnight", "correct horse battery staple", "Password", "\ud800"]


@pytest.fixture(autouse=True)
def _unread() -> Iterator[None]:
    common_passwords._bits.cache_clear()
    yield
    common_passwords._bits.cache_clear()


def random_texts(count: int) -> Iterator[str]:
    chance = random.Random(20_261_122)
    for _ in range(count):
        yield "".join(chance.choices(string.ascii_lowercase + string.digits, k=chance.randint(8, 20)))


def fastest_seconds(times: int, work: Callable[[], object]) -> float:
    """Return how long the fastest of some runs took: other processes can only add to it."""

    def seconds() -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    return min(seconds() for _ in range(times))


def test_the_file_is_the_one_that_was_made() -> None:
    content = common_passwords.FILE.read_bytes()
    assert hashlib.sha256(content).hexdigest() == SHA256, "type `make common-passwords`"
    assert len(content) == common_passwords.BITS // 8 <= BYTES_MAX


@pytest.mark.parametrize("password", LISTED)
def test_a_common_password_is_on_the_list(password: str) -> None:
    assert common_passwords.contains(password)


@pytest.mark.parametrize("password", UNLISTED, ids=ascii)
def test_an_uncommon_password_is_not(password: str) -> None:
    assert not common_passwords.contains(password)


def test_of_100_000_random_texts_none_is_on_the_list() -> None:
    assert [text for text in random_texts(100_000) if common_passwords.contains(text)] == []


def test_at_most_one_in_a_million_is_called_common_by_mistake() -> None:
    bits_set = sum(byte.bit_count() for byte in common_passwords.FILE.read_bytes())
    assert (bits_set / common_passwords.BITS) ** common_passwords.HASHES <= ERROR_MAX


def test_a_password_stands_at_20_places_that_are_spread_over_the_file() -> None:
    places = [position for text in random_texts(1_000) for position in common_passwords.positions(text)]
    assert len(places) == 20_000
    assert len(set(places)) > 19_500
    assert min(places) < 1_000 < common_passwords.BITS - 1_000 < max(places) < common_passwords.BITS


def test_the_file_is_read_once_and_only_when_it_is_asked_for() -> None:
    assert common_passwords._bits.cache_info().misses == 0
    for password in LISTED:
        common_passwords.contains(password)
    assert common_passwords._bits.cache_info().misses == 1


def test_reading_costs_less_than_5_milliseconds() -> None:
    def read() -> None:
        common_passwords._bits.cache_clear()
        common_passwords.contains("password")

    assert fastest_seconds(5, read) < 0.005


def test_a_look_costs_microseconds() -> None:
    common_passwords.contains("password")
    assert fastest_seconds(20, lambda: common_passwords.contains("password")) < 0.000_1
