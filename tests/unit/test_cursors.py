"""Cursors: they come back as they were made, for the same list and query, and nobody can make one up."""

import base64
import json
import random
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from roster.api import cursors
from roster.api.cursors import Cursors, Position, Query
from roster.errors import InvalidInputError
from roster.infrastructure import derived_keys
from roster.infrastructure.settings import SettingsError

from tests import environment

NOON = datetime(2026, 11, 22, 12, 0, 0, 123_000, tzinfo=UTC)
LISTED = Cursors("fish")
QUERY: dict[str, Any] = {"pond_id": 7, "colour": "red", "since": NOON, "sort": None}
PLACE: Position = (NOON, "näme 🦊", -5, 2**63 - 1)
VALUES = st.integers() | st.text() | st.datetimes(timezones=st.just(UTC))


@pytest.fixture(autouse=True, scope="module")
def _secret() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("API_SECRET", environment.SETTINGS["API_SECRET"])
        yield


def made(place: Position = PLACE, query: Query = QUERY, of: Cursors = LISTED) -> str:
    cursor = of.after(place, query)
    assert cursor is not None
    return cursor


def is_refused(cursor: str, query: Query = QUERY, of: Cursors = LISTED) -> bool:
    try:
        of.position(cursor, query)
    except InvalidInputError as error:
        (problem,) = error.problems
        return (problem.field, problem.code) == ("query.cursor", "cursor")
    return False


@given(st.lists(VALUES, min_size=1, max_size=4), st.dictionaries(st.text(), VALUES | st.none(), max_size=4))
def test_a_cursor_comes_back_as_the_place_that_it_was_made_of(place: list[Any], query: dict[str, Any]) -> None:
    cursor = LISTED.after(tuple(place), query)
    if cursor is not None and len(cursor) <= cursors.LENGTH_MAX:
        assert LISTED.position(cursor, dict(reversed(query.items()))) == tuple(place)


def test_no_place_has_no_cursor_and_no_cursor_no_place() -> None:
    assert LISTED.after(None, QUERY) is None
    assert LISTED.position(None, QUERY) is None


def test_a_cursor_can_stand_in_an_address_as_it_is() -> None:
    assert set(made()) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize(
    "other",
    [
        {}, QUERY | {"pond_id": 8}, QUERY | {"pond_id": "7"}, QUERY | {"colour": "Red"}, QUERY | {"sort": "colour"},
        QUERY | {"since": NOON + timedelta(microseconds=1)}, QUERY | {"since": NOON.isoformat()},
        QUERY | {"colour": None}, {name: value for name, value in QUERY.items() if name != "pond_id"},
    ],
)  # fmt: skip
def test_a_cursor_belongs_to_its_query(other: Query) -> None:
    assert is_refused(made(), other)
    assert is_refused(made(query=other))


def test_the_same_time_elsewhere_is_the_same_query() -> None:
    elsewhere = NOON.astimezone(timezone(timedelta(hours=5)))
    assert LISTED.position(made(), {**QUERY, "since": elsewhere}) == PLACE


def test_a_cursor_belongs_to_its_list() -> None:
    assert is_refused(made(), of=Cursors("birds"))
    assert is_refused(made(), of=Cursors("fish\n"))


def test_a_cursor_belongs_to_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    cursor = made()
    monkeypatch.setenv("API_SECRET", derived_keys.generate())
    assert is_refused(cursor)


def test_no_character_of_a_cursor_can_be_exchanged_left_out_or_put_in() -> None:
    cursor = made((5,))
    for place in range(len(cursor)):
        for other in ("A", "z", "0", "=", "", cursor[place] * 2, " ", "é"):
            changed = cursor[:place] + other + cursor[place + 1 :]
            assert changed == cursor or is_refused(changed)


def test_no_bit_of_a_cursor_can_be_turned() -> None:
    octets = base64.urlsafe_b64decode(made((5,)) + "==")
    for bit in range(len(octets) * 8):
        turned = bytearray(octets)
        turned[bit // 8] ^= 1 << bit % 8
        assert is_refused(base64.urlsafe_b64encode(turned).rstrip(b"=").decode())


@pytest.mark.parametrize("extra", ["=", "==", "A", "AAAA", " ", "\n", "%3D", "\0", "."])
def test_a_cursor_has_one_spelling(extra: str) -> None:
    for length in range(4):  # of the last group of base64
        cursor = made(("x" * length,))
        assert LISTED.position(cursor, QUERY) == ("x" * length,)
        for changed in (cursor + extra, extra + cursor, cursor[:-1], cursor[:-2], cursor[:40]):
            assert is_refused(changed)


def test_the_other_alphabet_of_base64_is_no_second_spelling() -> None:
    found = [cursor for number in range(99) if (cursor := made((number,))).count("_") + cursor.count("-")]
    assert all(is_refused(cursor.replace("_", "/").replace("-", "+")) for cursor in found)
    assert len(found) > 50


@pytest.mark.parametrize(
    "cursor",
    ["", "abc", "é", "１", "*", "=", "../..", "' OR 1=1", "\0", "\ud800", "e30", "a" * 8000, "A" * 43, "A" * 44],
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    assert is_refused(cursor)


@pytest.mark.parametrize("payload", [b"", b"[5]", b"[" * 5000, b"{}", b"\xff\xfe", b"[NaN]", b"9" * 5000])
def test_what_nobody_signed_is_not_even_read(payload: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(cursors, "_read")
    for mac in (bytes(32), b"", random.randbytes(32)):
        assert is_refused(base64.urlsafe_b64encode(mac + payload).rstrip(b"=").decode())


def test_the_signature_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[bytes] = []

    def compare(*macs: bytes) -> bool:
        compared.extend(macs)
        return False

    monkeypatch.setattr("hmac.compare_digest", compare)
    assert is_refused(made())
    assert len(compared) == 2


def test_a_longer_cursor_than_any_list_makes_is_refused_whoever_signed_it() -> None:
    assert LISTED.position(made(("x" * 1400,)), QUERY) == ("x" * 1400,)
    assert is_refused(made(("x" * 1600,)))


def test_each_purpose_has_a_key_of_its_own() -> None:
    found = {derived_keys.key_for(purpose) for purpose in ("", "cursors", "cursor", "fingerprints")}
    assert {len(key) for key in found} == {32}
    assert len(found) == 4
    assert derived_keys.key_for("cursors") == derived_keys.key_for("cursors")
    assert json.dumps(environment.SETTINGS["API_SECRET"]).encode() not in found


@pytest.mark.parametrize(
    "secret", ["", "short", "a" * 42, "a" * 45, "ä" * 43, " " + "a" * 43, "a" * 42 + "=", "+" * 43]
)
def test_a_secret_that_is_missing_short_or_misspelt_is_named_and_not_shown(
    secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_SECRET", secret)
    with pytest.raises(SettingsError, match="API_SECRET") as refusal:
        derived_keys.key_for("cursors")
    assert not secret or secret not in str(refusal.value)


@pytest.mark.parametrize("secret", ["a" * 43, "_-" * 22, "a" * 64, "a" * 86])
def test_a_longer_secret_is_fine(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_SECRET", secret)
    assert len(derived_keys.key_for("cursors")) == 32
