"""The gate on real servers: what a request costs, and that whatever takes rights away is noticed by the next one."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest
import redis
from roster.infrastructure import fenced_cache, settings
from roster.sessions import refresh_tokens
from roster.sessions.repository import Lifetime, NewSession
from roster.wiring import fence, sessions

from tests.builders import PASSWORD, a_caller, a_context, a_session_id, an_event
from tests.contracts.house import A_CLIENT, TOKEN, House
from tests.functions import handler_of
from tests.servers import execute

pytestmark = pytest.mark.integration

Result = TypeVar("Result")


def test_only_the_control_row_is_asked_for_once_its_lease_is_over(house: House, statements: list[str]) -> None:
    assert [house.get(house.ada) for _ in range(2)] == [200, 200]
    control = fence.fence()._control
    held = control._lease
    assert held
    control._lease = held._replace(monotonic=held.monotonic - 5)
    statements.clear()
    assert [house.get(house.ada) for _ in range(3)] == [200] * 3
    assert len(statements) == 1
    assert "FROM cache_control" in statements[0]


def test_a_dead_session_costs_postgresql_one_look_however_often_it_comes(house: House, statements: list[str]) -> None:
    gone = house.ada._replace(session_id=a_session_id(77))
    assert house.get(gone) == 401
    statements.clear()
    assert [house.get(gone) for _ in range(3)] == [401] * 3
    assert statements == []


ENDS: dict[str, Callable[[House, str], dict[str, Any]]] = {
    "logout": lambda house, path: house.call("log_out", "POST", "/api/auth/logout", house.ada),
    "logout everywhere": lambda house, path: house.call(
        "log_out", "POST", "/api/auth/logout", house.ada, {"everywhere": True}
    ),
    "its own end": lambda house, path: house.call(
        "end_session", "DELETE", f"/api/auth/sessions/{house.ada.session_id}", house.ada
    ),
    "a change of password": lambda house, path: house.call(
        "change_password",
        "PUT",
        f"{path}/password",
        house.ada,
        {"current_password": PASSWORD, "new_password": "another lighthouse at dusk"},
    ),
    "disabling": lambda house, path: house.call("change_user", "PATCH", path, house.admin, {"status": "disabled"}),
    "disabling by PUT": lambda house, path: house.call(
        "replace_user",
        "PUT",
        path,
        house.admin,
        {"email": "ada@example.com", "name": "Ada", "role": "user", "status": "disabled"},
    ),
    "an admin's end of all": lambda house, path: house.call(
        "end_user_sessions", "DELETE", f"{path}/sessions", house.admin
    ),
    "a password that is reset by link": lambda house, path: house.call(
        "confirm_password_reset",
        "POST",
        "/api/auth/password-reset/confirm",
        None,
        {"token": house.mailed(), "new_password": "another lighthouse at dusk"},
    ),
    "erasing": lambda house, path: house.call("delete_user", "DELETE", path, house.admin),
}


def is_noticed(house: House, end: str) -> bool:
    assert [house.get(house.ada) for _ in range(3)] == [200] * 3, "it is cached"
    assert ENDS[end](house, f"/api/users/{house.ada.user_id}")["statusCode"] < 300
    return house.get(house.ada) == 401


@pytest.mark.parametrize("end", ENDS)
def test_an_ended_session_is_noticed_by_the_next_request(end: str, house: House) -> None:
    assert is_noticed(house, end)


# An erased user is missed by the handler, too.
@pytest.mark.parametrize("end", sorted(ENDS.keys() - {"erasing"}))
def test_without_the_fence_none_of_them_would_be(end: str, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def change(self: object, keys: object, work: Callable[[], Result]) -> Result:
        return work()

    monkeypatch.setattr(fenced_cache.FencedCache, "change", change)
    assert not is_noticed(house, end)


def test_a_lost_role_is_noticed_by_the_next_request(house: House) -> None:
    path = f"/api/users/{house.admin.user_id}"
    other = a_caller(3, "admin")
    assert [house.call("list_users", "GET", "/api/users", house.admin)["statusCode"] for _ in range(2)] == [200] * 2
    assert house.call("change_user", "PATCH", path, other, {"role": "user"})["statusCode"] == 200
    assert house.call("list_users", "GET", "/api/users", house.admin)["statusCode"] == 403


def test_a_stolen_refresh_token_ends_the_session_for_the_next_request(house: House) -> None:
    """Somebody else has used the token, longer ago than the grace."""
    thief = NewSession(a_session_id(66), house.ada.user_id, refresh_tokens.hashed(TOKEN), A_CLIENT, None)
    assert sessions.repository().add(thief, Lifetime(3600, 3600))
    stolen = house.ada._replace(session_id=a_session_id(66))
    assert refreshed(house) == 200
    execute(settings.database_url(), "UPDATE used_refresh_tokens SET used_at = used_at - interval '11 s'")
    assert [house.get(stolen) for _ in range(2)] == [200, 200]
    assert refreshed(house) == 401
    assert house.get(stolen) == 401
    assert house.get(house.ada) == 200, "the other session is not meant"


def refreshed(house: House) -> int:
    event = an_event("POST", "/api/auth/refresh", body={"refresh_token": TOKEN})
    status: int = handler_of("refresh_session")(event, a_context())["statusCode"]
    return status


def test_other_sessions_of_the_user_live_on(house: House) -> None:
    elsewhere = house.ada._replace(session_id=a_session_id(55))
    house.log_in(elsewhere, b"e" * 32)
    assert (house.get(house.ada), house.get(elsewhere)) == (200, 200)
    assert house.call("log_out", "POST", "/api/auth/logout", house.ada)["statusCode"] == 204
    assert (house.get(house.ada), house.get(elsewhere)) == (401, 200)


def test_what_redis_holds_are_ids_ends_and_a_role(house: House, redis_url: str) -> None:
    house.get(house.ada)
    with redis.Redis.from_url(redis_url) as client:
        (key,) = [key for key in client.scan_iter("*standing*") if key.endswith(b":v")]
        entry = client.get(key)
    assert entry
    assert b"hash" not in entry
    assert b"example.com" not in entry
    assert len(entry) < 150
