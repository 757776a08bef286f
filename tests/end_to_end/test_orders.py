"""Orders over HTTP: from ordering to the books, on the running stack."""

from collections import Counter

import httpx
import pytest

from tests.end_to_end.conversation import Client, error_of
from tests.racing import race

pytestmark = pytest.mark.integration

TWO_LAMPS = {"currency": "EUR", "items": [{"sku": "LAMP-7", "quantity": 2, "unit_price": 1999}]}


def order(client: Client, whose: str = "/api/users/me") -> httpx.Response:
    answer = client.http.post(f"{whose}/orders", json=TWO_LAMPS)
    assert answer.status_code == 201, answer.text
    return answer


def test_an_order_goes_from_its_user_to_the_admin_and_on(ada: Client, admin: Client) -> None:
    placed = order(ada)
    assert placed.json()["total"] == 3998
    path, tag = f"{ada.path}/orders/{placed.json()['id']}", placed.headers["ETag"]
    assert placed.headers["Location"].endswith(f"/api/users/me/orders/{placed.json()['id']}")
    assert ada.http.get(path, headers={"If-None-Match": tag}).status_code == 304
    paid = admin.http.patch(path, json={"status": "paid"}, headers={"If-Match": tag})
    assert (paid.status_code, paid.json()["status"]) == (200, "paid")
    stale = admin.http.patch(path, json={"status": "shipped"}, headers={"If-Match": tag})
    assert (stale.status_code, error_of(stale)["code"]) == (412, "stale_version")
    late = ada.http.patch(path, json={"status": "cancelled"})
    assert (late.status_code, error_of(late)["code"]) == (409, "illegal_transition")
    assert ada.http.get(path).json() == paid.json()


def test_pages_lead_through_all_orders(ada: Client) -> None:
    placed = [order(ada).json()["id"] for _ in range(5)]
    found, url = [], "/api/users/me/orders?limit=2&status=pending"
    while url:
        answer = ada.http.get(url)
        found += [each["id"] for each in answer.json()["items"]]
        url = answer.links.get("next", {}).get("url", "")
    assert found == placed[::-1]
    other = ada.http.get(
        "/api/users/me/orders",
        params={"cursor": ada.http.get("/api/users/me/orders?limit=1").json()["next_cursor"], "status": "paid"},
    )
    assert (other.status_code, error_of(other)["details"][0]["field"]) == (422, "query.cursor")


def test_of_many_who_move_an_order_one_does(ada: Client, admin: Client) -> None:
    path = f"{ada.path}/orders/{order(ada).json()['id']}"

    def move(number: int) -> int:
        client, status = ((ada, "cancelled"), (admin, "paid"))[number % 2]
        return client.http.patch(path, json={"status": status}).status_code

    assert Counter(race(8, move)) == {200: 1, 409: 7}


def test_what_an_erased_user_ordered_stays_for_the_books(ada: Client, admin: Client) -> None:
    placed = order(admin, ada.path).json()
    assert admin.http.delete(ada.path).status_code == 204
    assert admin.http.get(f"{ada.path}/orders/{placed['id']}").json() == placed
    assert [each["id"] for each in admin.http.get(f"{ada.path}/orders").json()["items"]] == [placed["id"]]
    refused = admin.http.post(f"{ada.path}/orders", json=TWO_LAMPS)
    assert (refused.status_code, error_of(refused)["code"]) == (404, "user_not_found")
    events = admin.http.get("/api/audit", params={"subject_id": ada.user["id"], "action": "order.created"}).json()[
        "items"
    ]
    assert [(event["actor_id"], event["after"]["total"]) for event in events] == [(admin.user["id"], 3998)]
