"""Where changes come from, as the handlers tell the audit trail: who asked, by which session, from where."""

from typing import Any

import pytest
from roster.audit.models import AuditEvent
from roster.auth.caller import Caller
from roster.infrastructure import origin
from roster.infrastructure.origin import Origin

from tests import forge
from tests.builders import PASSWORD, a_session_id, an_event
from tests.envelope import assert_answer
from tests.handlers.endpoints import ENDPOINTS, Endpoint
from tests.handlers.world import ADA, ADMIN, World

SOURCE_IP = "203.0.113.7"
REQUEST_ID = "0d5b7f6e-3c1a-4f0b-9e0e-6a3d8c2b1f47"
# Each changes something, so each is told of; a refreshed session and a mail that was asked for nobody has to know.
UNTOLD = ("refresh_session", "request_email_verification", "request_password_reset")
WRITING = [each for each in ENDPOINTS if each.method not in ("GET", "HEAD") and each.stem not in UNTOLD]


def origin_of(event: AuditEvent) -> Origin:
    return Origin(event.actor_id, event.session_id, event.source_ip, event.request_id)


def by(caller: Caller | None) -> Origin:
    return Origin(caller and caller.user_id, caller and caller.session_id, SOURCE_IP, REQUEST_ID)


def told_by(world: World, stem: str, event: dict[str, Any]) -> list[AuditEvent]:
    """Return what a request that succeeds leaves in the trail."""
    world.tables.events.clear()
    assert world.call(stem, event)["statusCode"] < 300
    return list(world.tables.events)


@pytest.mark.parametrize("endpoint", WRITING, ids=lambda endpoint: endpoint.stem)
def test_whatever_an_endpoint_changes_is_told_with_its_origin(endpoint: Endpoint, world: World) -> None:
    events = told_by(world, endpoint.stem, endpoint.event())
    expected = by(endpoint.caller)
    if endpoint.stem == "delete_user":
        expected = expected._replace(source_ip=None)
    assert events
    assert {origin_of(event) for event in events} == {expected}


def test_what_an_admin_does_to_another_is_told_of_both(world: World) -> None:
    (event,) = told_by(world, "change_user", an_event("PATCH", "/api/users/1", ADMIN, {"role": "admin"}))
    assert (origin_of(event), event.subject_id) == (by(ADMIN), 1)


def test_who_registers_somebody_with_an_access_token_is_told(world: World) -> None:
    token = forge.signed(payload=forge.claims(sub="1", sid=a_session_id(1), role="user"))
    body = {"email": "bob@example.com", "name": "Bob", "password": PASSWORD}
    headers = {"Authorization": f"Bearer {token}"}
    (event,) = told_by(world, "create_user", an_event("POST", "/api/users", None, body, headers))
    assert (origin_of(event), event.subject_id) == (by(ADA), 2)


@pytest.mark.parametrize("body", [{"name": ""}, {"role": "admin"}, {"email": "nobody"}, {}])
def test_what_changes_nothing_is_not_told(body: dict[str, Any], world: World) -> None:
    world.tables.events.clear()
    world.call("change_user", an_event("PATCH", "/api/users/1", ADA, body))
    world.call("change_user", an_event("PATCH", "/api/users/1", ADA, {"name": "Augusta"}, {"If-Match": '"1-7"'}))
    assert world.tables.events == []


def test_what_a_client_says_of_its_address_is_not_believed(world: World) -> None:
    headers = {"X-Forwarded-For": "198.51.100.1", "Forwarded": "for=198.51.100.1"}
    (event,) = told_by(world, "change_user", an_event("PATCH", "/api/users/1", ADA, {"name": "A"}, headers))
    assert event.source_ip == SOURCE_IP


def test_after_a_request_nobody_is_left(world: World) -> None:
    for body in ({"name": "Augusta"}, "{not json"):
        world.call("change_user", an_event("PATCH", "/api/users/1", ADA, body))
        assert origin.current() == Origin()


def test_a_listing_shows_admins_what_was_told(world: World) -> None:
    told_by(world, "change_user", an_event("PATCH", "/api/users/1", ADA, {"name": "Augusta"}))
    page = assert_answer(world.call("list_audit_events", an_event(path="/api/audit", caller=ADMIN)), 200)
    (item,) = page["items"]
    assert (item["actor_id"], item["session_id"], item["source_ip"]) == (1, ADA.session_id, SOURCE_IP)
    assert (item["request_id"], item["before"], item["after"]) == (
        REQUEST_ID,
        {"name": "Ada Lovelace"},
        {"name": "Augusta"},
    )
