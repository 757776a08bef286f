"""Pages of lists: each list hands out the cursors that it takes."""

from datetime import UTC, datetime
from typing import get_args

import pytest
from pydantic import ValidationError
from roster.api import pages
from roster.api.pages import AuditQuery, UsersQuery
from roster.audit.models import Action, AuditEvent
from roster.audit.models import Filters as AuditFilters
from roster.audit.models import Slice as AuditSlice
from roster.auth.caller import ID_MAX
from roster.errors import InvalidInputError
from roster.users.listing import Filters, Listing, Place, Slice, Sort

from tests import environment
from tests.builders import a_user


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    environment.set_up(monkeypatch)


NOON = datetime(2026, 11, 22, 12, 0, 0, 123_000, tzinfo=UTC)
PLACES = {"id": Place(7, 7), "created_at": Place(NOON, 7), "name": Place("🦊" * 200, ID_MAX)}


def asked(**query: str) -> UsersQuery:
    return UsersQuery.model_validate(query)


@pytest.mark.parametrize("sort", get_args(Sort))
def test_a_cursor_comes_back_as_the_place_where_it_was_made(sort: str) -> None:
    place = PLACES[sort.lstrip("-")]
    cursor = pages.page_of(Slice([a_user()], place), asked(sort=sort)).next_cursor
    assert cursor is not None
    assert asked(sort=sort, cursor=cursor).listing().after == place


def test_the_longest_query_of_users_has_a_cursor_that_comes_back() -> None:
    query = {"q": "🦊" * 200, "role": "admin", "status": "active", "email": "a" * 64 + "@example.com",
             "created_from": "2026-11-22T12:00:00.123456+01:00", "created_to": "2026-11-23T12:00:00.123456+01:00",
             "sort": "-name"}  # fmt: skip
    cursor = pages.page_of(Slice([a_user()], PLACES["name"]), asked(**query)).next_cursor
    assert cursor is not None
    assert asked(**query, cursor=cursor).listing().after == PLACES["name"]


def test_a_cursor_belongs_to_what_is_asked_and_not_to_how_it_is_written() -> None:
    cursor = pages.page_of(Slice([a_user()], PLACES["id"]), asked(q="Ada", email="ADA@example.com")).next_cursor
    assert cursor is not None
    assert asked(q="ADA", email="ada@example.com ", cursor=cursor, limit="1").listing().after == PLACES["id"]
    for other in ({"q": "ada"}, {"q": "adam", "email": "ada@example.com"}, {}):
        with pytest.raises(InvalidInputError):
            asked(**other, cursor=cursor).listing()


def test_the_last_page_has_no_cursor() -> None:
    assert pages.page_of(Slice([a_user()], None), asked()).next_cursor is None


def test_a_page_holds_its_users_in_their_order() -> None:
    users = [a_user(id=2), a_user(id=1)]
    assert pages.page_of(Slice(users, None), asked()).items == users


def test_a_query_says_what_is_listed() -> None:
    query = asked(
        role="admin", status="disabled", email=" Ada@Bücher.example", q="ADA", sort="-name", limit="7",
        created_from="2026-11-22T13:00:00.123+01:00", created_to="2026-11-22T12:00:00.123Z",
    )  # fmt: skip
    filters = Filters("admin", "disabled", "ada@xn--bcher-kva.example", "ada", NOON, NOON)
    assert query.listing() == Listing(7, filters, "-name", None)
    assert asked().listing() == Listing(20)


@pytest.mark.parametrize(
    ("name", "value"),
    [("q", ""), ("q", "a" * 201), ("q", "\0"), ("q", "\ud800"), ("role", "root"), ("role", ""), ("status", "Active"),
     ("email", "ada"), ("email", "ada@"), ("email", ""), ("sort", "email"), ("sort", "+id"), ("sort", ""),
     ("sort", "ID")],
)  # fmt: skip
def test_what_no_list_knows_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        asked(**{name: value})
    assert [each["loc"] for each in refusal.value.errors()] == [(name,)]


@pytest.mark.parametrize("action", get_args(Action))
def test_the_longest_cursor_of_events_comes_back(action: Action) -> None:
    filters = AuditFilters(ID_MAX, ID_MAX, action)
    cursor = pages.page_of_events(AuditSlice(list[AuditEvent](), ID_MAX), filters).next_cursor
    sent = {"cursor": cursor, "subject_id": str(ID_MAX), "actor_id": str(ID_MAX), "action": action}
    query = AuditQuery.model_validate(sent)
    assert (query.before_id(), query.filters()) == (ID_MAX, filters)
