"""What the gateway and the shell around the handlers see to: paths, methods, CORS, HEAD, conditions."""

import httpx
import pytest
from roster.api import routes

from tests.end_to_end.conversation import Client, error_of

pytestmark = pytest.mark.integration

ORIGIN = "http://localhost:3000"
EVERY_METHOD = {"DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"}
REFUSED_METHODS = [
    (method, path.replace("{user_id}", "1"), methods)
    for path, methods in routes.METHODS.items()
    for method in sorted(EVERY_METHOD - set(methods))
]


@pytest.mark.parametrize(("method", "path", "methods"), REFUSED_METHODS)
def test_any_other_method_of_a_path_is_405_and_told_which_there_are(
    anyone: httpx.Client, method: str, path: str, methods: tuple[str, ...]
) -> None:
    answer = anyone.request(method, path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, ", ".join((*methods, "OPTIONS")))
    assert method == "HEAD" or error_of(answer)["code"] == "method_not_allowed"


@pytest.mark.parametrize("path", ["/", "/api", "/api/nowhere", "/api/users/1/badges", "/favicon.ico", "/%ff", "/a//b"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_path_is_404_in_the_envelope(anyone: httpx.Client, method: str, path: str) -> None:
    answer = anyone.request(method, path)
    assert (answer.status_code, error_of(answer)["code"]) == (404, "route_not_found")


@pytest.mark.parametrize("path", routes.METHODS)
def test_a_browser_may_ask_first_without_a_token(anyone: httpx.Client, path: str) -> None:
    headers = {"Origin": ORIGIN, "Access-Control-Request-Method": "PATCH"}
    answer = anyone.options(path.replace("{user_id}", "1"), headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert {"Authorization", "If-Match"} <= set(answer.headers["Access-Control-Allow-Headers"].split(","))
    assert set(routes.METHODS[path]) <= set(answer.headers["Access-Control-Allow-Methods"].split(","))


@pytest.mark.parametrize("path", ["/api/users/me", "/api/nowhere", "/api/health", "/.well-known/jwks.json"])
def test_a_browser_may_read_every_answer(anyone: httpx.Client, path: str) -> None:
    assert anyone.get(path, headers={"Origin": ORIGIN}).headers["Access-Control-Allow-Origin"] == ORIGIN


@pytest.mark.parametrize(
    "path", ["/api/users/me", "/api/users?limit=1", "/api/users/999", "/api/health", "/.well-known/jwks.json"]
)
def test_head_says_what_get_does_but_the_body(admin: Client, path: str) -> None:
    got, headed = admin.http.get(path), admin.http.head(path)
    assert (headed.status_code, headed.content) == (got.status_code, b"")
    for name in ("Content-Type", "ETag", "Cache-Control", "Link"):
        assert headed.headers.get(name) == got.headers.get(name)


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_what_the_client_has_already_is_not_sent_again(ada: Client, form: str) -> None:
    etag = ada.http.get(ada.path).headers["ETag"]
    answer = ada.http.get(ada.path, headers={"If-None-Match": form.format(etag)})
    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", etag)


def test_what_the_client_has_no_longer_is_sent(ada: Client) -> None:
    etag = ada.http.get(ada.path).headers["ETag"]
    ada.http.patch(ada.path, json={"name": "Augusta"})
    assert ada.http.get(ada.path, headers={"If-None-Match": etag}).json()["name"] == "Augusta"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_write_on_what_has_changed_since_is_412_and_on_a_malformed_tag_400(ada: Client, method: str) -> None:
    body = None if method == "DELETE" else {"email": ada.user["email"], "name": "Augusta"}
    for tag, status in (('"1-999"', 412), ("W/" + ada.http.get(ada.path).headers["ETag"], 412), ("no quotes", 400)):
        answer = ada.http.request(method, ada.path, headers={"If-Match": tag}, json=body)
        assert (answer.status_code, error_of(answer)["status"]) == (status, status)
    assert ada.http.get(ada.path).json() == ada.user


def test_a_client_that_prefers_problem_details_gets_them(ada: Client) -> None:
    answer = ada.http.get("/api/users/1", headers={"Accept": "application/problem+json"})
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.json()["status"], answer.json()["code"]) == (403, "not_allowed")


def test_a_client_that_accepts_no_json_is_told_so(ada: Client) -> None:
    answer = ada.http.get(ada.path, headers={"Accept": "text/html"})
    assert (answer.status_code, error_of(answer)["code"]) == (406, "not_acceptable")


def test_health_needs_no_token_and_tells_no_versions(anyone: httpx.Client) -> None:
    answer = anyone.get("/api/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "up")
    assert {name: check["status"] for name, check in answer.json()["checks"].items()} == {
        "database": "up",
        "cache": "up",
    }
    assert set(answer.json()["checks"]["database"]) == {"status", "milliseconds"}
