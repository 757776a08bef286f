"""Pages of lists: each list hands out the cursors that it takes."""

from typing import get_args

import pytest
from roster.api import pages
from roster.api.pages import AuditQuery, UsersQuery
from roster.audit.models import Action, AuditEvent, Filters
from roster.audit.models import Slice as AuditSlice
from roster.auth.caller import ID_MAX
from roster.users.service import Slice

from tests import environment
from tests.builders import a_user


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    environment.set_up(monkeypatch)


@pytest.mark.parametrize("user_id", [1, 20, 2**31, 2**63 - 1])
def test_a_cursor_comes_back_as_the_place_where_it_was_made(user_id: int) -> None:
    cursor = pages.page_of(Slice([a_user()], user_id)).next_cursor
    assert UsersQuery.model_validate({"cursor": cursor}).after_id() == user_id


def test_the_last_page_has_no_cursor() -> None:
    assert pages.page_of(Slice([a_user()], None)).next_cursor is None


def test_a_page_holds_its_users_in_their_order() -> None:
    users = [a_user(id=2), a_user(id=1)]
    assert pages.page_of(Slice(users, None)).items == users


@pytest.mark.parametrize("action", get_args(Action))
def test_the_longest_cursor_of_events_comes_back(action: Action) -> None:
    filters = Filters(ID_MAX, ID_MAX, action)
    cursor = pages.page_of_events(AuditSlice(list[AuditEvent](), ID_MAX), filters).next_cursor
    sent = {"cursor": cursor, "subject_id": str(ID_MAX), "actor_id": str(ID_MAX), "action": action}
    query = AuditQuery.model_validate(sent)
    assert (query.before_id(), query.filters()) == (ID_MAX, filters)
