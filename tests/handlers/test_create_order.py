"""POST /api/users/{user_id}/orders: ordering for oneself, or as an admin for somebody."""

from typing import Any

import pytest
from roster.auth.caller import Caller
from roster.orders.models import TOTAL_MAX

from tests.builders import an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers.world import ADA, ADMIN, ORDER_FIELDS, World

LAMP = {"sku": "LAMP-7", "quantity": 2, "unit_price": 1999}


def order(world: World, body: object, caller: Caller = ADA, user_id: object = 1) -> dict[str, Any]:
    return world.call("create_order", an_event("POST", f"/api/users/{user_id}/orders", caller, body))


def of(*items: object, currency: object = "EUR") -> dict[str, Any]:
    return {"currency": currency, "items": list(items)}


@pytest.mark.parametrize("caller", [ADA, ADMIN])
def test_an_order_is_answered_with_its_items_and_total(caller: Caller, world: World) -> None:
    response = order(world, of(LAMP, LAMP | {"sku": "SHADE", "quantity": 1}), caller)
    placed = assert_answer(response, 201)
    assert placed.keys() == ORDER_FIELDS
    assert (placed["id"], placed["user_id"], placed["currency"], placed["status"]) == (1, 1, "EUR", "pending")
    assert placed["items"] == [LAMP, {"sku": "SHADE", "quantity": 1, "unit_price": 1999}]
    assert placed["total"] == 5997
    assert response["headers"]["Location"] == "/dev/api/users/1/orders/1"
    assert response["headers"]["ETag"] == '"1-1"'
    assert world.tables.orders[1].total == 5997


def test_the_answer_is_what_is_shown_later(world: World) -> None:
    placed = order(world, of(LAMP), user_id="me")
    assert placed["headers"]["Location"] == "/dev/api/users/me/orders/1"
    shown = world.call("get_order", an_event(path="/api/users/me/orders/1", caller=ADA))
    assert (shown["body"], shown["headers"]["ETag"]) == (placed["body"], placed["headers"]["ETag"])


def test_an_admin_is_told_that_a_user_is_missing(world: World) -> None:
    assert_envelope(order(world, of(LAMP), ADMIN, 999), 404, "user_not_found")
    assert world.tables.orders == {}


def test_nobody_orders_for_who_is_erased(world: World) -> None:
    world.users.remove(1)
    assert_envelope(order(world, of(LAMP), ADMIN), 404, "user_not_found")
    assert world.tables.orders == {}


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"sku": ""}, "sku", "string_too_short"),
        ({"sku": "  "}, "sku", "empty"),
        ({"sku": "x" * 65}, "sku", "string_too_long"),
        ({"sku": "s3cret\n7"}, "sku", "sku"),
        ({"sku": "s3cret\u202e7"}, "sku", "sku"),
        ({"sku": "s3cret's"}, "sku", "sku"),
        ({"sku": 's3cret"'}, "sku", "sku"),
        ({"sku": "s3cret\\"}, "sku", "sku"),
        ({"sku": "s3crét"}, "sku", "sku"),
        ({"sku": 7}, "sku", "string_type"),
        ({"quantity": 0}, "quantity", "greater_than_equal"),
        ({"quantity": -1}, "quantity", "greater_than_equal"),
        ({"quantity": 1_000_001}, "quantity", "less_than_equal"),
        ({"quantity": 10**18}, "quantity", "less_than_equal"),
        ({"quantity": 1.5}, "quantity", "int_type"),
        ({"quantity": 2.0}, "quantity", "int_type"),
        ({"quantity": "2"}, "quantity", "int_type"),
        ({"quantity": True}, "quantity", "int_type"),
        ({"quantity": None}, "quantity", "int_type"),
        ({"quantity": 2, "unit_price": TOTAL_MAX}, "quantity", "total_too_large"),
        ({"quantity": 1_000_000, "unit_price": TOTAL_MAX // 1_000_000 + 1}, "quantity", "total_too_large"),
        ({"unit_price": -1}, "unit_price", "greater_than_equal"),
        ({"unit_price": TOTAL_MAX + 1}, "unit_price", "less_than_equal"),
        ({"unit_price": 19.99}, "unit_price", "int_type"),
        ({"discount": 1}, "discount", "extra_forbidden"),
        ({"position": 7}, "position", "extra_forbidden"),
    ],
)
def test_the_item_and_its_field_at_fault_are_named_and_nothing_is_ordered(
    changes: dict[str, Any], field: str, code: str, world: World
) -> None:
    response = order(world, of(LAMP, LAMP | changes))
    error = assert_envelope(response, 422, "invalid_input", f"body.items.1.{field}")
    assert error["details"][0]["code"] == code
    assert "s3cret" not in response["body"]
    assert world.tables.orders == {}


@pytest.mark.parametrize("number", ["9223372036854775808", "1e400", "1" + "0" * 400])
@pytest.mark.parametrize("name", ["quantity", "unit_price"])
def test_a_number_beyond_64_bits_is_named(number: str, name: str, world: World) -> None:
    item = {"quantity": "1", "unit_price": "1", name: number}
    text = f'{{"sku": "LAMP", "quantity": {item["quantity"]}, "unit_price": {item["unit_price"]}}}'
    response = order(world, f'{{"currency": "EUR", "items": [{text}]}}')
    assert_envelope(response, 422, "invalid_input", f"body.items.0.{name}")


@pytest.mark.parametrize(
    ("items", "code"),
    [
        ([], "too_short"),
        ([LAMP] * 101, "too_long"),
        ([LAMP | {"quantity": 1, "unit_price": TOTAL_MAX}, LAMP | {"quantity": 1, "unit_price": 1}], "total_too_large"),
        ([LAMP | {"quantity": 1, "unit_price": TOTAL_MAX}] * 100, "total_too_large"),
        ({"0": LAMP}, "list_type"),
        (None, "list_type"),
    ],
)
def test_items_that_are_wrong_together_are_named(items: Any, code: str, world: World) -> None:
    error = assert_envelope(order(world, {"currency": "EUR", "items": items}), 422, "invalid_input", "body.items")
    assert error["details"][0]["code"] == code
    assert world.tables.orders == {}


def test_all_that_is_allowed_at_most_is_taken(world: World) -> None:
    dear = {"sku": "x" * 64, "quantity": 1, "unit_price": TOTAL_MAX}
    free = {"sku": "7", "quantity": 1_000_000, "unit_price": 0}
    placed = assert_answer(order(world, of(dear, *[free] * 99)), 201)
    assert (placed["total"], len(placed["items"])) == (TOTAL_MAX, 100)


def test_the_same_sku_twice_is_two_items(world: World) -> None:
    cheap = LAMP | {"unit_price": 1}
    assert assert_answer(order(world, of(LAMP, cheap, LAMP)), 201)["items"] == [LAMP, cheap, LAMP]


def test_blanks_around_a_sku_are_cut_off(world: World) -> None:
    assert assert_answer(order(world, of(LAMP | {"sku": "  LAMP 7 "})), 201)["items"][0]["sku"] == "LAMP 7"


@pytest.mark.parametrize("code", ["EUR", "JPY", "KWD", "XOF", "ZWG"])
def test_a_currency_that_circulates_is_taken(code: str, world: World) -> None:
    assert assert_answer(order(world, of(LAMP, currency=code)), 201)["currency"] == code


@pytest.mark.parametrize(
    "code", ["eur", "Eur", " EUR", "EUR ", "EU", "EURO", "", "XXX", "XTS", "XAU", "BOV", "ЕUR", "978", "DEM"]
)
def test_any_other_currency_is_refused_and_not_echoed(code: str, world: World) -> None:
    response = order(world, of(LAMP, currency=code))
    error = assert_envelope(response, 422, "invalid_input", "body.currency")
    assert error["details"][0]["code"] == "currency"
    assert world.tables.orders == {}


@pytest.mark.parametrize("name", ["id", "total", "status", "user_id", "version", "created_at"])
def test_what_is_not_the_clients_to_say_is_refused(name: str, world: World) -> None:
    assert_envelope(order(world, of(LAMP) | {name: 1}, ADMIN), 422, "invalid_input", f"body.{name}")
