"""
A conversation with handlers of another release, run as a program of its own: `previous_code.py FOLDER RESULT`.

It knows nothing of this release but the URLs of its API, and writes the status of each answer by the function asked.
"""

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

PASSWORD = "a lighthouse at noon"
CONTEXT = type("Context", (), {"aws_request_id": "1", "get_remaining_time_in_millis": lambda self: 9000})()
ARN = "arn:aws:execute-api:eu-central-1:123456789012:abcdef/test/GET/api/users/me"

Answer = dict[str, Any]


class Client:
    """Calls the handlers below *folder*, each with what the authorizer says of the token."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.token = ""
        self.statuses: dict[str, int] = {}

    def ask(self, function: str, method: str, url: str, body: object = None, **parameters: str) -> Any:
        """Return the body of the answer, and keep its status under the function's name."""
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query))
        event = {
            "resource": parts.path,
            "path": parts.path,
            "httpMethod": method,
            "headers": {"Content-Type": "application/json"},
            "queryStringParameters": query or None,
            "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} or None,
            "pathParameters": parameters or None,
            "body": None if body is None else json.dumps(body),
            "isBase64Encoded": False,
            "requestContext": {
                "requestId": "1",
                "identity": {"sourceIp": "203.0.113.7"},
                "authorizer": self._caller() if self.token else None,
            },
        }
        answer: Answer = self._call(function, event)
        self.statuses[function] = answer["statusCode"]
        return json.loads(answer["body"] or "null")

    def _caller(self) -> Answer:
        event = {"type": "TOKEN", "authorizationToken": f"Bearer {self.token}", "methodArn": ARN}
        return dict(self._call("authorize_request", event)["context"])

    def _call(self, function: str, event: dict[str, Any]) -> Answer:
        spec = importlib.util.spec_from_file_location(function, self._folder / "functions" / function / "app.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return dict(module.handler(event, CONTEXT))


def converse(client: Client) -> None:
    """Do what a user does, from registering to leaving."""
    client.ask("create_user", "POST", "/api/users", {"email": "ada@a.test", "name": "Ada", "password": PASSWORD})
    login = client.ask("log_in", "POST", "/api/auth/login", {"email": "ada@a.test", "password": PASSWORD})
    client.token = login["access_token"]
    client.ask("get_user", "GET", "/api/users/me", user_id="me")
    client.ask("change_user", "PATCH", "/api/users/me", {"name": "Ada Lovelace"}, user_id="me")
    items = [{"sku": "a", "quantity": 2, "unit_price": 100}]
    order = client.ask(
        "create_order", "POST", "/api/users/me/orders", {"currency": "EUR", "items": items}, user_id="me"
    )
    client.ask("get_order", "GET", f"/api/users/me/orders/{order['id']}", user_id="me", order_id=str(order["id"]))
    client.ask("list_orders", "GET", "/api/users/me/orders?limit=5", user_id="me")
    client.ask("list_sessions", "GET", "/api/auth/sessions")
    client.ask("get_totp", "GET", "/api/auth/totp")
    client.ask("request_email_verification", "POST", "/api/auth/verify-email")
    come_and_go(client)


def come_and_go(client: Client) -> None:
    """Change the password, and end and renew sessions."""
    changed = {"current_password": PASSWORD, "new_password": f"{PASSWORD} tomorrow"}
    client.ask("change_password", "PUT", "/api/users/me/password", changed, user_id="me")
    client.token = ""
    login = client.ask(
        "log_in", "POST", "/api/auth/login", {"email": "ada@a.test", "password": changed["new_password"]}
    )
    client.ask("refresh_session", "POST", "/api/auth/refresh", {"refresh_token": login["refresh_token"]})
    client.ask("request_password_reset", "POST", "/api/auth/password-reset", {"email": "ada@a.test"})
    client.ask("check_health", "GET", "/api/health")
    client.token = login["access_token"]
    client.ask("log_out", "POST", "/api/auth/logout")


if __name__ == "__main__":
    release = Path(sys.argv[1])
    sys.path.insert(0, str(release / "layers" / "shared"))
    talk = Client(release)
    try:
        converse(talk)
    finally:
        Path(sys.argv[2]).write_text(json.dumps(talk.statuses))
