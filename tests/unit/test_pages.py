"""Pages: what a query may ask for, and cursors that nobody can make up."""

import base64
import json
from typing import get_args

import pytest
from pydantic import ValidationError
from roster.api import pages
from roster.api.pages import AuditQuery, PageQuery
from roster.audit.models import Action, AuditEvent, Filters
from roster.audit.models import Slice as AuditSlice
from roster.auth.caller import ID_MAX
from roster.users.service import Slice

from tests.builders import a_user


def cursor_after(user_id: int) -> str:
    cursor = pages.page_of(Slice([a_user()], user_id)).next_cursor
    assert cursor is not None
    return cursor


def made_up(value: object) -> str:
    octets = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(octets).decode()


def read(**query: str) -> PageQuery:
    return PageQuery.model_validate(query)


def test_the_first_page_has_twenty_items() -> None:
    assert (read().limit, read().cursor) == (20, 0)


@pytest.mark.parametrize("limit", [1, 20, 100])
def test_a_limit_from_1_to_100_is_taken(limit: int) -> None:
    assert read(limit=str(limit)).limit == limit


@pytest.mark.parametrize(
    "limit", ["", "0", "101", "-1", "+1", "1.0", "1e1", " 1", "1_0", "abc", "１", "٣", "0x1", "9" * 30, "null", "true"]
)
def test_any_other_limit_is_refused(limit: str) -> None:
    with pytest.raises(ValidationError):
        read(limit=limit)


@pytest.mark.parametrize("user_id", [1, 20, 2**31, 2**63 - 1])
def test_a_cursor_comes_back_as_the_place_where_it_was_made(user_id: int) -> None:
    assert read(cursor=cursor_after(user_id)).cursor == user_id


def test_the_last_page_has_no_cursor() -> None:
    assert pages.page_of(Slice([a_user()], None)).next_cursor is None


def test_a_page_holds_its_users_in_their_order() -> None:
    users = [a_user(id=2), a_user(id=1)]
    assert pages.page_of(Slice(users, None)).items == users


@pytest.mark.parametrize(
    "value",
    [
        {"after": 0}, {"after": -1}, {"after": 2**63}, {"after": "5"}, {"after": 5.0}, {"after": True}, {"after": None},
        {"after": [5]}, {"after": 5, "x": 1}, {"before": 5}, {}, [], [5], 5, "5", None, b"", b"{", b"\xff\xfe",
        b'{"after":5}',
        b'{"after": 5} ', b'{"after": 1, "after": 5}', b'{"after": ' + b"9" * 5000 + b"}", b'{"after": 5e0}',
        b'{"after": NaN}',
    ],
)  # fmt: skip
def test_a_cursor_that_was_made_up_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        read(cursor=made_up(value))


@pytest.mark.parametrize(
    "text", ["", "abc", "é", "１", "*", "=", "../..", "' OR 1=1", "\0", "\ud800", "e30", "a" * 8000]
)
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        read(cursor=text)


def test_a_deeply_nested_cursor_is_refused() -> None:
    with pytest.raises(ValidationError):
        read(cursor=made_up(b"[" * 5000))


def test_no_character_of_a_cursor_can_be_exchanged_for_a_place_that_was_not_given() -> None:
    cursor = cursor_after(5)
    for place in range(len(cursor)):
        for other in ("A", "z", "0", "="):
            changed = cursor[:place] + other + cursor[place + 1 :]
            try:
                position = read(cursor=changed).cursor
            except ValidationError:
                continue
            assert changed == cursor_after(position)


@pytest.mark.parametrize("blank", [" ", "\n", "=", "%3D", "\0"])
def test_a_cursor_has_one_spelling(blank: str) -> None:
    for changed in (cursor_after(5) + blank, blank + cursor_after(5), cursor_after(5).rstrip("=")[:-1]):
        with pytest.raises(ValidationError):
            read(cursor=changed)


@pytest.mark.parametrize("action", get_args(Action))
def test_the_longest_cursor_of_events_comes_back(action: Action) -> None:
    filters = Filters(ID_MAX, ID_MAX, action)
    cursor = pages.page_of_events(AuditSlice(list[AuditEvent](), ID_MAX), filters).next_cursor
    sent = {"cursor": cursor, "subject_id": str(ID_MAX), "actor_id": str(ID_MAX), "action": action}
    query = AuditQuery.model_validate(sent)
    assert (query.cursor, query.filters()) == (ID_MAX, filters)
