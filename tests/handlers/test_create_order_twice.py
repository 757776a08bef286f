"""POST /api/users/{user_id}/orders with an Idempotency-Key: the same request is one order."""

from typing import Any

import pytest
from roster.auth.caller import Caller

from tests.builders import an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers.world import ADA, ADMIN, World

LAMP = {"sku": "LAMP-7", "quantity": 2, "unit_price": 1999}
ORDER = {"currency": "EUR", "items": [LAMP]}


def order(world: World, caller: Caller = ADA, user_id: object = 1, body: object = ORDER) -> dict[str, Any]:
    headers = {"Idempotency-Key": "a-key"}
    return world.call("create_order", an_event("POST", f"/api/users/{user_id}/orders", caller, body, headers))


def is_replayed(response: dict[str, Any]) -> bool:
    return bool(response["headers"].get("Idempotency-Replayed") == "true")


@pytest.mark.parametrize("caller", [ADA, ADMIN])
def test_the_second_answer_is_the_first(caller: Caller, world: World) -> None:
    first, second = order(world, caller), order(world, caller)
    assert assert_answer(first, 201)["total"] == 3998
    assert second == first | {"headers": first["headers"] | {"Idempotency-Replayed": "true"}}
    assert list(world.tables.orders) == [1]


def test_the_second_answer_is_the_first_though_the_order_has_gone_on(world: World) -> None:
    first = order(world)
    event = an_event("PATCH", "/api/users/1/orders/1", ADA, {"status": "cancelled"})
    assert assert_answer(world.call("change_order", event), 200)["status"] == "cancelled"
    second = order(world)
    assert (second["body"], second["headers"]["ETag"]) == (first["body"], '"1-1"')


def test_me_is_the_caller_by_any_name(world: World) -> None:
    assert [is_replayed(order(world, user_id=each)) for each in ("me", 1, "me")] == [False, True, True]
    assert list(world.tables.orders) == [1]


def test_the_same_body_for_another_user_is_another_request(world: World) -> None:
    other = world.add("bob@example.com")
    order(world, ADMIN, 1)
    assert_envelope(order(world, ADMIN, other.id), 422, "invalid_input", "header.Idempotency-Key")
    assert_envelope(order(world, ADMIN, 1, ORDER | {"currency": "JPY"}), 422, "invalid_input", "header.Idempotency-Key")
    assert list(world.tables.orders) == [1]


def test_what_the_user_ordered_and_what_an_admin_ordered_for_them_are_two_things(world: World) -> None:
    assert [is_replayed(order(world, caller)) for caller in (ADA, ADMIN, ADA, ADMIN)] == [False, False, True, True]
    assert list(world.tables.orders) == [1, 2]


def test_who_may_not_order_is_refused_before_anybody_looks_at_a_key(world: World) -> None:
    other = world.add("bob@example.com")
    order(world, ADMIN, other.id)
    assert_envelope(order(world, ADA, other.id), 403, "not_allowed")
    assert_envelope(order(world, ADA, body={"currency": "EUR", "items": []}), 422, "invalid_input", "body.items")
    assert len(world.answers.rows) == 1


def test_an_order_for_who_is_erased_is_not_answered_from_memory(world: World) -> None:
    order(world, ADMIN)
    world.users.remove(1)
    assert_envelope(order(world, ADMIN), 404, "user_not_found")


def test_a_key_that_is_none_is_refused(world: World) -> None:
    event = an_event("POST", "/api/users/1/orders", ADA, ORDER, {"Idempotency-Key": "a key"})
    assert_envelope(world.call("create_order", event), 400, "malformed_idempotency_key")
    assert world.tables.orders == {}


def test_an_order_in_flight_is_told_to_wait(world: World) -> None:
    order(world)
    (row,) = world.answers.rows.values()
    row.is_held = True
    assert_envelope(order(world), 409, "request_in_flight")
