"""PATCH /api/users/{user_id}/orders/{order_id}: cancelling for its user, the rest for admins."""

from typing import Any

import pytest
from roster.auth.caller import Caller

from tests.builders import an_event, an_order
from tests.envelope import assert_answer, assert_envelope
from tests.handlers.world import ADA, ADMIN, ORDER_FIELDS, STRANGER, World


@pytest.fixture(autouse=True)
def _an_order(world: World) -> None:
    world.tables.orders[7] = an_order(id=7, user_id=1)


def patch(
    world: World, body: object, caller: Caller = ADA, if_match: str | None = None, order: int = 7
) -> dict[str, Any]:
    headers = {} if if_match is None else {"If-Match": if_match}
    return world.call("change_order", an_event("PATCH", f"/api/users/1/orders/{order}", caller, body, headers))


def in_status(world: World, status: str) -> None:
    world.tables.orders[7] = an_order(id=7, user_id=1, status=status, version=5)


@pytest.mark.parametrize("caller", [ADA, ADMIN])
def test_a_pending_order_can_be_cancelled_by_its_user_and_by_an_admin(caller: Caller, world: World) -> None:
    response = patch(world, {"status": "cancelled"}, caller)
    order = assert_answer(response, 200)
    assert order.keys() == ORDER_FIELDS
    assert (order["status"], order["total"]) == ("cancelled", 3998)
    assert response["headers"]["ETag"] == '"7-2"'


def test_an_admin_moves_an_order_on_step_by_step(world: World) -> None:
    told = [patch(world, {"status": status}, ADMIN) for status in ("paid", "shipped")]
    assert [assert_answer(response, 200)["status"] for response in told] == ["paid", "shipped"]
    assert [response["headers"]["ETag"] for response in told] == ['"7-2"', '"7-3"']


@pytest.mark.parametrize("asked", ["pending", "paid", "shipped"])
@pytest.mark.parametrize("status", ["pending", "paid", "shipped", "cancelled"])
def test_what_is_for_admins_is_403_for_its_user_whatever_the_status(asked: str, status: str, world: World) -> None:
    in_status(world, status)
    assert_envelope(patch(world, {"status": asked}), 403, "not_allowed")
    assert_envelope(patch(world, {"status": asked}, order=999), 403, "not_allowed")
    assert world.tables.orders[7].version == 5


@pytest.mark.parametrize("caller", [ADA, ADMIN])
@pytest.mark.parametrize("status", ["paid", "shipped", "cancelled"])
def test_what_is_no_longer_pending_is_not_cancelled(caller: Caller, status: str, world: World) -> None:
    in_status(world, status)
    assert_envelope(patch(world, {"status": "cancelled"}, caller), 409, "illegal_transition")
    assert world.tables.orders[7].version == 5


@pytest.mark.parametrize(
    ("status", "asked"),
    [("pending", "pending"), ("pending", "shipped"), ("paid", "paid"), ("paid", "pending"), ("shipped", "paid"),
     ("shipped", "shipped"), ("cancelled", "pending"), ("cancelled", "paid")],
)  # fmt: skip
def test_no_step_is_skipped_repeated_or_taken_back(status: str, asked: str, world: World) -> None:
    in_status(world, status)
    assert_envelope(patch(world, {"status": asked}, ADMIN), 409, "illegal_transition")
    assert world.tables.orders[7].version == 5


@pytest.mark.parametrize("value", ["Paid", "", "refunded", " paid", None, 1, ["paid"], "s3cret"])
def test_an_unknown_status_is_refused(value: object, world: World) -> None:
    response = patch(world, {"status": value}, ADMIN)
    assert_envelope(response, 422, "invalid_input", "body.status")
    assert "s3cret" not in response["body"]


@pytest.mark.parametrize("if_match", [None, "*", '"7-1"'])
def test_naming_nothing_changes_nothing(if_match: str | None, world: World) -> None:
    assert patch(world, {}, if_match=if_match)["headers"]["ETag"] == '"7-1"'


@pytest.mark.parametrize("if_match", ["*", '"7-1"', '"x", "7-1"'])
def test_the_named_version_is_changed(if_match: str, world: World) -> None:
    assert_answer(patch(world, {"status": "cancelled"}, if_match=if_match), 200)


@pytest.mark.parametrize("if_match", ['"7-2"', '"1-1"', 'W/"7-1"', '""'])
@pytest.mark.parametrize("body", [{"status": "cancelled"}, {}])
def test_another_version_is_stale(if_match: str, body: dict[str, str], world: World) -> None:
    assert_envelope(patch(world, body, if_match=if_match), 412, "stale_version")
    in_status(world, "shipped")
    assert_envelope(patch(world, body, if_match=if_match), 412, "stale_version")


def test_a_malformed_condition_is_refused(world: World) -> None:
    assert_envelope(patch(world, {"status": "cancelled"}, if_match="7-1"), 400, "malformed_condition")


@pytest.mark.parametrize("body", [{"status": "cancelled"}, {}])
def test_a_missing_order_is_missing_and_a_stranger_learns_nothing(body: dict[str, str], world: World) -> None:
    for caller in (ADA, ADMIN):
        assert_envelope(patch(world, body, caller, order=999), 404, "order_not_found")
    for order in (7, 999):
        assert_envelope(patch(world, body, STRANGER, order=order), 403, "not_allowed")


def test_an_admin_moves_on_what_an_erased_user_ordered(world: World) -> None:
    world.users.remove(1)
    assert assert_answer(patch(world, {"status": "paid"}, ADMIN), 200)["status"] == "paid"
    never = an_event("PATCH", "/api/users/999/orders/7", ADMIN, {"status": "shipped"})
    assert_envelope(world.call("change_order", never), 404, "user_not_found")
