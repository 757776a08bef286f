"""Cursors, page sizes, times and orders that must not get in: each is a 422 about the field, and leaves no trace."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.end_to_end import conversation
from tests.end_to_end.conversation import Client, error_of
from tests.end_to_end.server import LocalServer
from tests.end_to_end.test_bad_bodies import data_of

pytestmark = pytest.mark.integration

LISTS = ("/api/users", "/api/audit", "{ada}/orders")
OF_TIMES = ("/api/users", "{ada}/orders")
LIMITS = (
    "0",
    "101",
    "-1",
    "1e9",
    "abc",
    "",
    "٣",
    "+1",
    " 1",
    "1 ",
    "1.0",
    "0x1",
    "1_0",
    "１",
    "01.",
    "9" * 400,
    "\0",
    "null",
)
TIMES = ("", "yesterday", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00",
    "2026-01-01T24:00:00Z", "2026-01-01T00:00:60Z", "1795356309", "2026-01-01 00:00:00Z", "٢026-01-01T00:00:00Z",
    "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "2026-01-01T00:00:00Z'; --")  # fmt: skip
LARGEST = 2**53 - 1
ITEM: dict[str, Any] = {"sku": "LAMP-7", "quantity": 2, "unit_price": 1999}


def an_order(**fields: object) -> dict[str, Any]:
    return {"currency": "EUR", "items": [ITEM]} | fields


def with_item(**fields: object) -> dict[str, Any]:
    return an_order(items=[ITEM, ITEM | fields])


ORDERS: dict[str, tuple[dict[str, Any], str]] = {
    **{f"the currency {code!r}": (an_order(currency=code), "body.currency") for code in
       ("ZZZ", "eur", "EURO", "EU", "", " EUR", "978", "XXX", "DEM", None, 978, ["EUR"])},
    **{f"a quantity of {number!r}": (with_item(quantity=number), "body.items.1.quantity") for number in
       (0, -1, 1.5, 1.0, "1", True, None, 1_000_001, 2**63 - 1, [1])},
    **{f"a price of {number!r}": (with_item(unit_price=number), "body.items.1.unit_price") for number in
       (-1, 0.5, "1999", True, None, LARGEST + 1, 2**63 - 1)},
    "a quantity with which an item overflows": (with_item(unit_price=LARGEST, quantity=2), "body.items.1.quantity"),
    "items whose sum overflows": (an_order(items=[ITEM, ITEM | {"unit_price": LARGEST, "quantity": 1}]), "body.items"),
    "no items": (an_order(items=[]), "body.items"),
    "101 items": (an_order(items=[ITEM] * 101), "body.items"),
    "items that are none": (an_order(items=["LAMP-7"]), "body.items.0"),
    "an object of items": (an_order(items={"0": ITEM}), "body.items"),
    "no SKU": (with_item(sku=" "), "body.items.1.sku"),
    "a long SKU": (with_item(sku="x" * 65), "body.items.1.sku"),
    "a SKU with NUL": (with_item(sku="a\0"), "body.items.1.sku"),
    "a total": (an_order(total=1), "body.total"),
    "a status": (an_order(status="paid"), "body.status"),
    "an owner": (an_order(user_id=1), "body.user_id"),
    "an item with a total": (with_item(total=1), "body.items.1.total"),
}  # fmt: skip
TOO_LARGE = {"a quantity of 9223372036854775808": 2**63, "a quantity of 400 digits": 10**400}


@pytest.fixture(scope="module")
def ada(server: LocalServer) -> Iterator[Client]:
    """Talk as one user who has ordered three times."""
    client = conversation.registered(server.url)
    with client.http:
        for _ in range(3):
            assert client.http.post(f"{client.path}/orders", json=an_order()).status_code == 201
        yield client


@pytest.fixture(scope="module", autouse=True)
def _unchanged_data(server: LocalServer, ada: Client, admin: Client) -> Iterator[None]:
    """Fail the last test if anything at all changed in PostgreSQL or Redis during any of them."""
    before = data_of(server)
    yield
    assert data_of(server) == before


def refused(answer: httpx.Response, field: str) -> dict[str, Any]:
    """Check that it is a 422 about that field, and return what it says of it."""
    assert answer.status_code == 422, answer.text
    (problem, *_) = error_of(answer)["details"]
    assert problem["field"] == field
    return dict(problem)


def cursor_of(admin: Client, path: str, **query: str) -> str:
    answer = admin.http.get(path, params={"limit": "1", **query})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["next_cursor"])


@pytest.mark.parametrize("path", LISTS)
def test_a_page_size_that_is_none_is_refused(admin: Client, ada: Client, path: str) -> None:
    for limit in LIMITS:
        refused(admin.http.get(path.format(ada=ada.path), params={"limit": limit}), "query.limit")


@pytest.mark.parametrize("query", ["limit=1&limit=2", "limit=1&limit=1", "limit=&limit=", "limit=1&cursor=x&limit=1"])
@pytest.mark.parametrize("path", LISTS)
def test_a_page_size_that_is_given_twice_is_refused(admin: Client, ada: Client, path: str, query: str) -> None:
    answer = admin.http.get(f"{path.format(ada=ada.path)}?{query}")
    assert refused(answer, "query.limit")["code"] == "repeated"


@pytest.mark.parametrize("path", LISTS)
def test_a_cursor_that_was_altered_or_cut_is_refused(admin: Client, ada: Client, path: str) -> None:
    path = path.format(ada=ada.path)
    good = cursor_of(admin, path)
    altered = [good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :] for at in range(0, len(good), 7)]
    cut = [good[:at] for at in (0, 1, 4, len(good) // 2, len(good) - 1)]
    others = [good + "A", good + "=", " " + good, good + good, good.swapcase(), good[::-1], "null", "x" * 5000, "é"]
    for cursor in [*altered, *cut, *others]:
        answer = admin.http.get(path, params={"limit": "1", "cursor": cursor})
        assert refused(answer, "query.cursor")["code"] == "cursor", cursor
    assert admin.http.get(path, params={"limit": "1", "cursor": good}).status_code == 200


def test_a_cursor_of_another_list_is_refused(admin: Client, ada: Client) -> None:
    paths = [path.format(ada=ada.path) for path in LISTS]
    for path in paths:
        for other in paths:
            if other != path:
                answer = admin.http.get(path, params={"cursor": cursor_of(admin, other)})
                assert refused(answer, "query.cursor")["code"] == "cursor"


@pytest.mark.parametrize(
    ("path", "query", "others"),
    [
        ("/api/users", {"sort": "-created_at"}, [{}, {"sort": "created_at"}, {"sort": "-created_at", "role": "user"}]),
        ("/api/audit", {"action": "order.created"}, [{}, {"action": "user.registered"}, {"subject_id": "1"}]),
        ("{ada}/orders", {"status": "pending"}, [{}, {"created_from": "2026-01-01T00:00:00Z"}, {"status": "paid"}]),
    ],
)
def test_a_cursor_of_another_query_is_refused(
    admin: Client, ada: Client, path: str, query: dict[str, str], others: list[dict[str, str]]
) -> None:
    path = path.format(ada=ada.path)
    cursor = cursor_of(admin, path, **query)
    for other in others:
        refused(admin.http.get(path, params={**other, "cursor": cursor}), "query.cursor")
    assert admin.http.get(path, params={**query, "cursor": cursor}).status_code == 200


def test_a_cursor_of_somebody_elses_orders_is_refused(admin: Client, ada: Client) -> None:
    cursor = cursor_of(admin, f"{ada.path}/orders")
    refused(admin.http.get(f"/api/users/{admin.user['id']}/orders", params={"cursor": cursor}), "query.cursor")


@pytest.mark.parametrize("name", ["created_from", "created_to"])
@pytest.mark.parametrize("path", OF_TIMES)
def test_what_is_no_time_is_refused(admin: Client, ada: Client, path: str, name: str) -> None:
    for time in TIMES:
        refused(admin.http.get(path.format(ada=ada.path), params={name: time}), f"query.{name}")


@pytest.mark.parametrize("path", OF_TIMES)
def test_times_out_of_order_are_refused(admin: Client, ada: Client, path: str) -> None:
    query = {"created_from": "2026-01-02T00:00:00Z", "created_to": "2026-01-01T23:59:59.999Z"}
    answer = admin.http.get(path.format(ada=ada.path), params=query)
    assert refused(answer, "query.created_to")["code"] == "out_of_order"


@pytest.mark.parametrize("what", ORDERS)
def test_an_order_that_makes_no_sense_is_refused(ada: Client, what: str) -> None:
    body, field = ORDERS[what]
    refused(ada.http.post(f"{ada.path}/orders", json=body), field)


@pytest.mark.parametrize("what", TOO_LARGE)
def test_a_number_beyond_64_bits_is_refused(ada: Client, what: str) -> None:
    answer = ada.http.post(f"{ada.path}/orders", json=with_item(quantity=TOO_LARGE[what]))
    assert refused(answer, "body.items.1.quantity")["code"] == "number_too_large"


@pytest.mark.parametrize("status", ["shipping", "", None, 1, "PAID", ["paid"]])
def test_a_status_that_there_is_not_is_refused(ada: Client, status: object) -> None:
    order_id = ada.http.get(f"{ada.path}/orders").json()["items"][0]["id"]
    refused(ada.http.patch(f"{ada.path}/orders/{order_id}", json={"status": status}), "body.status")
