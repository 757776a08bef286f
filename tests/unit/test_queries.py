"""What queries of lists are made of: one spelling each, and what is out of order is refused."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError
from roster.api.queries import EndTime, PageQuery, Time
from roster.auth.inputs import absent


class RangeQuery(PageQuery):
    made_from: Time = absent()
    made_to: EndTime = absent()


def read(**query: str) -> RangeQuery:
    return RangeQuery.model_validate(query)


def test_a_page_has_twenty_items_unless_it_is_said() -> None:
    assert read().limit == 20
    assert read().cursor is None


@pytest.mark.parametrize("limit", [1, 20, 100])
def test_a_limit_from_1_to_100_is_taken(limit: int) -> None:
    assert read(limit=str(limit)).limit == limit


@pytest.mark.parametrize(
    "limit",
    ["", "0", "101", "-1", "+1", "1.0", "1e1", "1e9", " 1", "1_0", "abc", "１", "٣", "0x1", "9" * 30, "null", "true"],
)
def test_any_other_limit_is_refused(limit: str) -> None:
    with pytest.raises(ValidationError):
        read(limit=limit)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-22T14:05:09Z", datetime(2026, 11, 22, 14, 5, 9, tzinfo=UTC)),
        ("2026-11-22t14:05:09z", datetime(2026, 11, 22, 14, 5, 9, tzinfo=UTC)),
        ("2026-11-22T14:05:09.123Z", datetime(2026, 11, 22, 14, 5, 9, 123_000, tzinfo=UTC)),
        ("2026-11-22T14:05:09.1Z", datetime(2026, 11, 22, 14, 5, 9, 100_000, tzinfo=UTC)),
        ("2026-11-22T14:05:09.123456789Z", datetime(2026, 11, 22, 14, 5, 9, 123_456, tzinfo=UTC)),
        ("2026-11-22T14:05:09+05:30", datetime(2026, 11, 22, 8, 35, 9, tzinfo=UTC)),
        ("2026-11-22T14:05:09-00:00", datetime(2026, 11, 22, 14, 5, 9, tzinfo=UTC)),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59.999999Z", datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
    ],
)
def test_a_time_of_rfc_3339_is_read_as_utc(text: str, time: datetime) -> None:
    found = read(made_from=text).made_from
    assert found == time
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "", "now", "2026-11-22", "2026-11-22T14:05Z", "2026-11-22T14:05:09", "2026-11-22 14:05:09Z", "20261122T140509Z",
        "2026-11-22T14:05:09 01:00", "2026-11-22T14:05:09+0100", "2026-11-22T14:05:09+24:00", "2026-11-22T24:00:00Z",
        "2026-11-22T14:05:60Z", "2026-11-22T14:05:09.Z", "2026-11-22T14:05:09,1Z", "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-11-31T00:00:00Z", "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "10000-01-01T00:00:00Z", "-001-01-01T00:00:00Z",
        "2026-W47-7T14:05:09Z", "２026-11-22T14:05:09Z", "1795356309", "infinity", "2026-11-22T14:05:09Z\n",
        " 2026-11-22T14:05:09Z", "2026-11-22T14:05:09." + "1" * 5000 + "Z", "2026-11-22T14:05:09+00:00:30", "\ud800",
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused_by_name(text: str) -> None:
    for name in ("made_from", "made_to"):
        with pytest.raises(ValidationError) as refusal:
            read(**{name: text})
        assert [(each["loc"], each["type"]) for each in refusal.value.errors()] == [((name,), "time")]


def test_a_range_that_ends_before_it_begins_is_refused_at_its_end() -> None:
    with pytest.raises(ValidationError) as refusal:
        read(made_from="2026-11-22T14:05:09Z", made_to="2026-11-22T15:05:08+01:00")
    assert [(each["loc"], each["type"]) for each in refusal.value.errors()] == [(("made_to",), "out_of_order")]


def test_a_range_may_be_empty_or_open_on_either_side() -> None:
    noon = "2026-11-22T12:00:00Z"
    assert read(made_from=noon, made_to=noon).made_to == read(made_from=noon).made_from
    assert read(made_to=noon).made_from is None


def test_an_end_beside_a_bad_beginning_says_no_more() -> None:
    with pytest.raises(ValidationError) as refusal:
        read(made_from="x", made_to="0001-01-01T00:00:00Z")
    assert [each["loc"] for each in refusal.value.errors()] == [("made_from",)]
