"""A good request to each endpoint: what tests of all of them begin with."""

from typing import Any, NamedTuple

from roster.auth.caller import Caller

from tests.builders import PASSWORD, a_refresh_token, an_event
from tests.handlers.prepared import CHALLENGE, CODE, order_of
from tests.handlers.world import A_RESET_TOKEN, A_VERIFICATION_TOKEN, ADA, ADMIN


class Endpoint(NamedTuple):
    """One function of the HTTP API; *status* is that of the answer to its good request."""

    stem: str
    method: str
    path: str
    status: int
    caller: Caller | None = None
    body: dict[str, Any] | None = None
    needs_body: bool = True

    def event(self, **changes: Any) -> dict[str, Any]:
        """Return a good request, with other arguments for the builder."""
        good: dict[str, Any] = {"caller": self.caller, "body": self.body}
        return an_event(self.method, self.path, **good | changes)


ENDPOINTS = [
    Endpoint("change_order", "PATCH", f"/api/users/1/orders/{order_of(1)}", 200, ADA, {"status": "cancelled"}),
    Endpoint("change_password", "PUT", "/api/users/1/password", 204, ADA,
             {"current_password": PASSWORD, "new_password": "another lighthouse"}),
    Endpoint("change_user", "PATCH", "/api/users/1", 200, ADA, {"name": "Ada King"}),
    Endpoint("check_health", "GET", "/api/health", 200),
    Endpoint("confirm_email", "POST", "/api/auth/verify-email/confirm", 204, None, {"token": A_VERIFICATION_TOKEN}),
    Endpoint("confirm_password_reset", "POST", "/api/auth/password-reset/confirm", 204, None,
             {"token": A_RESET_TOKEN, "new_password": "another lighthouse"}),
    Endpoint("confirm_totp", "POST", "/api/auth/totp/confirm", 200, ADA, {"code": CODE}),
    Endpoint("create_order", "POST", "/api/users/1/orders", 201, ADA,
             {"currency": "EUR", "items": [{"sku": "LAMP-7", "quantity": 2, "unit_price": 1999}]}),
    Endpoint("create_user", "POST", "/api/users", 201, None,
             {"email": "bob@example.com", "name": "Bob", "password": "a harbour at midnight"}),
    Endpoint("delete_user", "DELETE", "/api/users/1", 204, ADA),
    Endpoint("disable_totp", "POST", "/api/auth/totp/disable", 204, ADA,
             {"current_password": PASSWORD, "code": CODE}),
    Endpoint("end_session", "DELETE", f"/api/auth/sessions/{ADA.session_id}", 204, ADA),
    Endpoint("enrol_totp", "POST", "/api/auth/totp", 200, ADA, {"current_password": PASSWORD}),
    Endpoint("get_discovery", "GET", "/.well-known/openid-configuration", 200),
    Endpoint("get_docs", "GET", "/api/docs", 200),
    Endpoint("get_docs_file", "GET", "/api/docs/init.js", 200),
    Endpoint("get_openapi", "GET", "/api/openapi.json", 200),
    Endpoint("get_order", "GET", f"/api/users/1/orders/{order_of(1)}", 200, ADA),
    Endpoint("get_signing_keys", "GET", "/.well-known/jwks.json", 200),
    Endpoint("get_totp", "GET", "/api/auth/totp", 200, ADA),
    Endpoint("get_user", "GET", "/api/users/1", 200, ADA),
    Endpoint("list_audit_events", "GET", "/api/audit", 200, ADMIN),
    Endpoint("list_orders", "GET", "/api/users/1/orders", 200, ADA),
    Endpoint("list_sessions", "GET", "/api/auth/sessions", 200, ADA),
    Endpoint("end_user_sessions", "DELETE", "/api/users/1/sessions", 204, ADA),
    Endpoint("list_user_sessions", "GET", "/api/users/1/sessions", 200, ADA),
    Endpoint("list_users", "GET", "/api/users", 200, ADMIN),
    Endpoint("log_in", "POST", "/api/auth/login", 200, None, {"email": "ada@example.com", "password": PASSWORD}),
    Endpoint("log_in_totp", "POST", "/api/auth/login/totp", 200, None, {"challenge": CHALLENGE, "code": CODE}),
    Endpoint("log_out", "POST", "/api/auth/logout", 204, ADA, {"everywhere": True}, needs_body=False),
    Endpoint("refresh_session", "POST", "/api/auth/refresh", 200, None, {"refresh_token": a_refresh_token()}),
    Endpoint("refuse_route", "GET", "/nowhere", 404),
    Endpoint("request_email_verification", "POST", "/api/auth/verify-email", 202, ADA),
    Endpoint("request_password_reset", "POST", "/api/auth/password-reset", 202, None, {"email": "ada@example.com"}),
    Endpoint("remove_totp", "DELETE", "/api/users/1/totp", 204, ADMIN),
    Endpoint("renew_recovery_codes", "POST", "/api/auth/totp/recovery-codes", 200, ADA, {"code": CODE}),
    Endpoint("replace_user", "PUT", "/api/users/1", 200, ADA, {"email": "ada@example.com", "name": "Ada King"}),
]  # fmt: skip

BY_STEM = {endpoint.stem: endpoint for endpoint in ENDPOINTS}
ANSWERING = [endpoint for endpoint in ENDPOINTS if endpoint.stem != "refuse_route"]
DOCUMENTS = [endpoint for endpoint in ANSWERING if endpoint.path.startswith("/api/docs")]
ANSWERING_JSON = [endpoint for endpoint in ENDPOINTS if endpoint not in DOCUMENTS]
STORELESS = {"get_discovery", "get_docs", "get_docs_file", "get_openapi", "get_signing_keys"}
REACHING_STORES = [endpoint for endpoint in ANSWERING if endpoint.stem not in STORELESS]
LIMITED = [endpoint for endpoint in REACHING_STORES if endpoint.stem != "check_health"]
WITH_BODY = [endpoint for endpoint in ENDPOINTS if endpoint.body]
WITH_CALLER = [endpoint for endpoint in ENDPOINTS if endpoint.caller]
ABOUT_A_USER = [endpoint for endpoint in WITH_CALLER if endpoint.path.startswith("/api/users/1")]
ABOUT_ONESELF = [endpoint for endpoint in ABOUT_A_USER if endpoint.caller == ADA]
