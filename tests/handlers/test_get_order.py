"""GET /api/users/{user_id}/orders/{order_id}: one order, for its user or an admin."""

import pytest
from roster.auth.caller import Caller

from tests.builders import an_event, an_order
from tests.envelope import assert_answer, assert_envelope
from tests.handlers.world import ADA, ADMIN, ORDER_FIELDS, STRANGER, World


@pytest.fixture(autouse=True)
def _an_order(world: World) -> None:
    world.tables.orders[7] = an_order(id=7, user_id=1)


@pytest.mark.parametrize("caller", [ADA, ADMIN])
def test_an_order_is_shown_to_its_user_and_to_an_admin(caller: Caller, world: World) -> None:
    response = world.call("get_order", an_event(path="/api/users/1/orders/7", caller=caller))
    order = assert_answer(response, 200)
    assert order.keys() == ORDER_FIELDS
    assert order["items"] == [{"sku": "LAMP-7", "quantity": 2, "unit_price": 1999}]
    assert (order["total"], order["created_at"]) == (3998, "2026-11-22T12:00:00.123Z")
    assert response["headers"]["ETag"] == '"7-1"'
    assert response["headers"]["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("tags", ['"7-1"', 'W/"7-1"', "*"])
def test_an_answer_that_the_client_has_is_not_sent_again(method: str, tags: str, world: World) -> None:
    event = an_event(method, "/api/users/me/orders/7", ADA, headers={"If-None-Match": tags})
    assert assert_answer(world.call("get_order", event), 304) is None


def test_a_tag_of_the_user_or_of_another_version_is_another(world: World) -> None:
    event = an_event(path="/api/users/me/orders/7", caller=ADA, headers={"If-None-Match": '"1-1", "7-2"'})
    assert assert_answer(world.call("get_order", event), 200)["id"] == 7


@pytest.mark.parametrize("order_id", ["8", "999", str(2**63 - 1), "0", "07", "abc", "-7", "7.0", str(2**63), "me", ""])
@pytest.mark.parametrize("caller", [ADA, ADMIN])
def test_what_is_not_there_or_no_id_is_missing(order_id: str, caller: Caller, world: World) -> None:
    event = an_event(path="/api/users/1/orders/7", caller=caller)
    event["pathParameters"]["order_id"] = order_id
    assert_envelope(world.call("get_order", event), 404, "order_not_found")


def test_anothers_order_is_missing_under_ones_own_path(world: World) -> None:
    bob = world.add("bob@example.com").id
    world.tables.orders[8] = an_order(id=8, user_id=bob)
    for caller in (ADA, ADMIN):
        event = an_event(path="/api/users/1/orders/8", caller=caller)
        assert_envelope(world.call("get_order", event), 404, "order_not_found")


@pytest.mark.parametrize("path", ["/api/users/1/orders/7", "/api/users/1/orders/8", "/api/users/999/orders/7"])
def test_a_stranger_learns_nothing(path: str, world: World) -> None:
    assert_envelope(world.call("get_order", an_event(path=path, caller=STRANGER)), 403, "not_allowed")
    assert "orders.find" not in world.tables.calls


def test_an_admin_is_told_who_never_existed_and_still_reads_what_an_erased_user_ordered(world: World) -> None:
    missing = world.call("get_order", an_event(path="/api/users/999/orders/7", caller=ADMIN))
    assert_envelope(missing, 404, "user_not_found")
    world.users.remove(1)
    assert assert_answer(world.call("get_order", an_event(path="/api/users/1/orders/7", caller=ADMIN)), 200)["id"] == 7
    other = world.call("get_order", an_event(path="/api/users/1/orders/8", caller=ADMIN))
    assert_envelope(other, 404, "order_not_found")


def test_head_answers_as_get_without_the_body(world: World) -> None:
    get = world.call("get_order", an_event("GET", "/api/users/1/orders/7", ADA))
    assert world.call("get_order", an_event("HEAD", "/api/users/1/orders/7", ADA)) == get | {"body": ""}
