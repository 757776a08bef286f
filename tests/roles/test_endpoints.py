"""Every function does its work as the role that is stated for it, from a registration to the end of an account."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from roster.auth.caller import Caller
from roster.auth.client import Client
from roster.infrastructure.cache_control_postgres import PostgresControlRows
from roster.sessions.repository import Lifetime, NewSession
from roster.wiring import sessions, stores, tokens, users

from local.postgres_database import READER, WRITER
from tests.builders import PASSWORD, a_caller, a_new_user, a_session_id
from tests.functions import STEMS
from tests.handlers.endpoints import BY_STEM, STORELESS
from tests.roles import stated
from tests.roles.by_role import ByRole
from tests.servers import Postgres

pytestmark = pytest.mark.integration

EVENTS = Path(__file__).parents[2] / "events"
ADDRESS, NEW_PASSWORD = "ada@example.com", "another lighthouse at dusk"


@pytest.fixture
def api(server: Postgres, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[ByRole]:
    api = ByRole(server.emptied(), redis_url, monkeypatch)
    yield api
    api.close()
    shutil.rmtree(api.mail)


def logged_in(api: ByRole, user_id: int) -> Caller:
    """Open a session behind the handlers' backs."""
    session_id = a_session_id(user_id)
    new = NewSession(session_id, user_id, user_id.to_bytes(32, "big"), Client("203.0.113.7", "pytest"), None)
    with api.playing(WRITER):
        assert sessions.repository().add(new, Lifetime(3600, 3600))
    return a_caller(user_id, session_id=session_id)


def an_admin(api: ByRole) -> Caller:
    with api.playing(WRITER):
        admin = users.repository().add(a_new_user("root@example.com", "Root", role="admin"))
    return logged_in(api, admin.id)._replace(role="admin")


def test_all_functions_work_as_the_roles_that_are_stated_for_them(api: ByRole) -> None:
    for stem in {*STORELESS, "refuse_route"}:
        assert api.invoke(stem, BY_STEM[stem].event())["statusCode"] == BY_STEM[stem].status
    user_id = api.ask("create_user", "POST", "/api/users", None, _credentials(name="Ada"))["id"]
    admin, ada = an_admin(api), logged_in(api, user_id)
    _reads_and_changes(api, ada, admin)
    _orders(api, ada)
    _second_factor(api, ada, admin)
    _mail(api, ada)
    _sessions(api, ada, admin)
    assert api.called == set(STEMS) - stated.MIGRATING - {"deploy_migrations", "make_keys", "rotate_signing_key"}


def _credentials(**more: Any) -> dict[str, Any]:
    return {"email": ADDRESS, "password": PASSWORD} | more


def _reads_and_changes(api: ByRole, ada: Caller, admin: Caller) -> None:
    me = f"/api/users/{ada.user_id}"
    assert api.ask("check_health", "GET", "/api/health")["status"] == "up"
    assert api.ask("get_user", "GET", me, ada)["email"] == ADDRESS
    assert len(api.ask("list_users", "GET", "/api/users", admin)["items"]) == 2
    assert api.ask("change_user", "PATCH", me, ada, {"name": "Ada King"})["name"] == "Ada King"
    assert api.ask("replace_user", "PUT", me, ada, {"email": ADDRESS, "name": "Ada"})["name"] == "Ada"


def _orders(api: ByRole, ada: Caller) -> None:
    orders = f"/api/users/{ada.user_id}/orders"
    made = api.ask("create_order", "POST", orders, ada, BY_STEM["create_order"].body)
    assert api.ask("get_order", "GET", f"{orders}/{made['id']}", ada)["total"] == 3998
    assert len(api.ask("list_orders", "GET", orders, ada)["items"]) == 1
    api.ask("change_order", "PATCH", f"{orders}/{made['id']}", ada, {"status": "cancelled"})


def _second_factor(api: ByRole, ada: Caller, admin: Caller) -> None:
    secret = _enrolled(api, ada)
    assert api.ask("get_totp", "GET", "/api/auth/totp", ada)["enabled"] is True
    challenge = api.ask("log_in", "POST", "/api/auth/login", None, _credentials())["second_factor"]["challenge"]
    answer = {"challenge": challenge, "code": api.code(secret)}
    assert api.ask("log_in_totp", "POST", "/api/auth/login/totp", None, answer)["access_token"]
    api.ask("renew_recovery_codes", "POST", "/api/auth/totp/recovery-codes", ada, {"code": api.code(secret)})
    proof = {"current_password": PASSWORD, "code": api.code(secret)}
    api.ask("disable_totp", "POST", "/api/auth/totp/disable", ada, proof)
    _enrolled(api, ada)
    api.ask("remove_totp", "DELETE", f"/api/users/{ada.user_id}/totp", admin)


def _enrolled(api: ByRole, ada: Caller) -> str:
    secret = api.ask("enrol_totp", "POST", "/api/auth/totp", ada, {"current_password": PASSWORD})["secret"]
    api.ask("confirm_totp", "POST", "/api/auth/totp/confirm", ada, {"code": api.code(secret)})
    return str(secret)


def _mail(api: ByRole, ada: Caller) -> None:
    api.ask("request_email_verification", "POST", "/api/auth/verify-email", ada)
    token = api.mailed_token(ADDRESS)
    api.invoke("record_bounces", json.loads((EVENTS / "record_bounces.json").read_text("utf-8")))
    api.ask("confirm_email", "POST", "/api/auth/verify-email/confirm", None, {"token": token})
    api.ask("request_password_reset", "POST", "/api/auth/password-reset", None, {"email": ADDRESS})
    new = {"token": api.mailed_token(ADDRESS), "new_password": NEW_PASSWORD}
    api.ask("confirm_password_reset", "POST", "/api/auth/password-reset/confirm", None, new)


def _sessions(api: ByRole, before: Caller, admin: Caller) -> None:
    opened = api.ask("log_in", "POST", "/api/auth/login", None, _credentials(password=NEW_PASSWORD))
    token = {"refresh_token": opened["refresh_token"]}
    assert api.ask("refresh_session", "POST", "/api/auth/refresh", None, token)["access_token"]
    ada = tokens.verify(opened["access_token"])
    event = {"type": "TOKEN", "authorizationToken": f"Bearer {opened['access_token']}", "methodArn": _ARN}
    assert api.invoke("authorize_request", event)["principalId"] == str(before.user_id)
    assert len(api.ask("list_sessions", "GET", "/api/auth/sessions", ada)["items"]) == 1
    user = f"/api/users/{ada.user_id}"
    assert len(api.ask("list_user_sessions", "GET", f"{user}/sessions", admin)["items"]) == 1
    change = {"current_password": NEW_PASSWORD, "new_password": PASSWORD}
    api.ask("change_password", "PUT", f"{user}/password", ada, change)
    ada = logged_in(api, ada.user_id)
    api.ask("end_session", "DELETE", f"/api/auth/sessions/{ada.session_id}", ada)
    api.ask("log_out", "POST", "/api/auth/logout", logged_in(api, ada.user_id))
    api.ask("end_user_sessions", "DELETE", f"{user}/sessions", admin)
    assert api.ask("list_audit_events", "GET", "/api/audit", admin)["items"]
    api.ask("delete_user", "DELETE", user, admin)


_ARN = "arn:aws:execute-api:eu-central-1:123456789012:api/dev/GET/api/users/1"


@pytest.mark.parametrize("stem", ["change_user", "create_user"])
def test_a_function_that_writes_cannot_do_so_as_the_reader(api: ByRole, stem: str) -> None:
    user_id = api.ask("create_user", "POST", "/api/users", None, _credentials(name="Ada"))["id"]
    ada = logged_in(api, user_id)
    api.roles[stem] = READER
    body = {"name": "Ada King"} if stem == "change_user" else _credentials(email="b@example.com", name="Bob")
    event = BY_STEM[stem].event(body=body, caller=ada if stem == "change_user" else None)
    assert api.invoke(stem, event)["statusCode"] == 500


def test_whoever_reads_turns_the_cache_on_and_moves_its_fence(api: ByRole) -> None:
    user_id = api.ask("create_user", "POST", "/api/users", None, _credentials(name="Ada"))["id"]
    ada = logged_in(api, user_id)
    with api.playing(READER):
        rows = PostgresControlRows(stores.database)
        before = rows.read()
        if not before.is_enabled:
            assert rows.enable(before.epoch, "one server")
        assert rows.move(rows.read().epoch, "another server")
        assert rows.read().server_id == "another server"
    assert api.ask("get_user", "GET", f"/api/users/{user_id}", ada)["id"] == user_id
