"""Requests through a real socket: the limits, the failures and the answers of API Gateway and Lambda."""

import json
import statistics
from pathlib import Path

import httpx
import pytest

from tests.local.tiny import ALLOW_ALL, ECHO, Tiny, served

pytestmark = pytest.mark.integration
CRASH = """
    def handler(event, context):
        raise ValueError("boom")
"""
SLOW = """
    import time

    def handler(event, context):
        time.sleep(3)
"""
CONTEXT = """
    import json

    def handler(event, context):
        told = [context.function_name, context.memory_limit_in_mb, context.log_group_name, context.function_version]
        left = context.get_remaining_time_in_millis()
        return {"statusCode": 200, "body": json.dumps([*told, 4000 < left <= 5000])}
"""
SIZED = """
    def handler(event, context):
        return {"statusCode": 200, "body": "x" * int(event["queryStringParameters"]["size"])}
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    return Tiny(tmp_path)


def test_event_goes_in_and_answer_comes_out(tiny: Tiny) -> None:
    tiny.function("Echo", ECHO, "ANY /echo/{id}")
    with served(tiny) as (url, shown):
        answer = httpx.patch(f"{url}/echo/a%2Fb?x=1", content="body", headers={"X-Own": "1"})
    event = answer.json()
    assert (event["httpMethod"], event["path"], event["pathParameters"]) == ("PATCH", "/echo/a%2Fb", {"id": "a/b"})
    assert (event["body"], event["headers"]["x-own"]) == ("body", "1")
    assert event["requestContext"]["requestId"] == answer.headers["x-amzn-requestid"]
    assert answer.headers["content-type"] == "application/json"
    assert "PATCH /echo/a%2Fb 200 " in shown.getvalue()
    assert "x=1" not in shown.getvalue()


def test_unknown_path_is_missing_authentication_token(tiny: Tiny) -> None:
    tiny.function("Echo", ECHO, "GET /echo")
    with served(tiny) as (url, _):
        answer = httpx.get(f"{url}/nowhere")
    assert (answer.status_code, answer.json()) == (403, {"message": "Missing Authentication Token"})


def test_handlers_exception_is_502_with_its_traceback_at_the_terminal_only(tiny: Tiny) -> None:
    tiny.function("Crash", CRASH, "GET /crash")
    with served(tiny) as (url, shown):
        answer = httpx.get(f"{url}/crash")
    assert (answer.status_code, answer.json()) == (502, {"message": "Internal server error"})
    assert "ValueError: boom" in shown.getvalue()


def test_timeout_of_a_function_is_enforced(tiny: Tiny) -> None:
    tiny.function("Slow", SLOW, "GET /slow", Timeout=1)
    with served(tiny) as (url, shown):
        answer = httpx.get(f"{url}/slow")
    assert answer.status_code == 502
    assert "Slow: Task timed out after 1.00 seconds" in shown.getvalue()


def test_gateway_gives_up_after_its_own_time(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.integration.GATEWAY_SECONDS", 0.2)
    tiny.function("Slow", SLOW, "GET /slow", Timeout=10)
    with served(tiny) as (url, _):
        answer = httpx.get(f"{url}/slow")
    assert (answer.status_code, answer.json()) == (504, {"message": "Endpoint request timed out"})


def test_malformed_answer_is_502(tiny: Tiny) -> None:
    tiny.function("Odd", 'def handler(event, context): return {"statusCode": "fine"}', "GET /odd")
    tiny.function("Set", "def handler(event, context): return {1}", "GET /set")
    with served(tiny) as (url, shown):
        assert httpx.get(f"{url}/odd").status_code == 502
        assert httpx.get(f"{url}/set").status_code == 502
    assert "Odd: Malformed Lambda proxy response: statusCode is not an HTTP status" in shown.getvalue()
    assert "not JSON serializable" in shown.getvalue()


def test_body_over_10_mb_is_413_and_over_6_mb_too(tiny: Tiny) -> None:
    tiny.function("Echo", ECHO, "POST /echo")
    with served(tiny) as (url, _):
        for size in (10 * 1024 * 1024 + 1, 6 * 1024 * 1024):
            answer = httpx.post(f"{url}/echo", content=b"x" * size)
            assert (answer.status_code, answer.json()) == (413, {"message": "Request Too Long"})
        chunked = httpx.post(f"{url}/echo", content=(b"x" * 1024 * 1024 for _ in range(12)))
        assert chunked.status_code == 413


def test_answer_over_6_mb_is_502(tiny: Tiny) -> None:
    tiny.function("Sized", SIZED, "GET /sized")
    with served(tiny) as (url, shown):
        assert httpx.get(f"{url}/sized?size=6000000").status_code == 200
        assert httpx.get(f"{url}/sized?size=6291456").status_code == 502
    assert "larger than 6 MB" in shown.getvalue()


def test_head_over_10240_bytes_is_refused(tiny: Tiny) -> None:
    tiny.function("Echo", ECHO, "GET /echo")
    with served(tiny) as (url, _):
        assert httpx.get(f"{url}/echo", headers={"X-Long": "x" * 9_000}).status_code == 200
        assert httpx.get(f"{url}/echo", headers={"X-Long": "x" * 10_200}).status_code == 431


def test_head_has_the_headers_and_no_body(tiny: Tiny) -> None:
    tiny.function("Sized", SIZED, "ANY /sized")
    with served(tiny) as (url, _):
        answer = httpx.head(f"{url}/sized?size=77")
    assert (answer.status_code, answer.headers["content-length"], answer.content) == (200, "77", b"")


def test_preflight_is_answered_without_a_function(tiny: Tiny) -> None:
    tiny.api["Cors"] = {"AllowOrigin": "'https://a.example'", "AllowHeaders": "'X-Own'", "MaxAge": "'600'"}
    tiny.function("Echo", ECHO, "GET /echo").authorizer()
    with served(tiny) as (url, _):
        answer = httpx.options(f"{url}/echo")
    assert (answer.status_code, answer.text) == (200, "{}\n")
    sent = {name: value for name, value in answer.headers.items() if name.startswith("access-control")}
    assert sent == {
        "access-control-allow-origin": "https://a.example",
        "access-control-allow-headers": "X-Own",
        "access-control-allow-methods": "GET,OPTIONS",
        "access-control-max-age": "600",
    }


def test_real_authorizer_runs_once_a_token(tiny: Tiny) -> None:
    tiny.authorizer(ALLOW_ALL, ValidationExpression="^Bearer .+$")
    tiny.function("Echo", ECHO, "GET /echo").function("Open", ECHO, "GET /open", auth="NONE")
    with served(tiny) as (url, _):
        answers = [httpx.get(f"{url}/echo", headers={"Authorization": "Bearer x"}) for _ in range(3)]
        assert httpx.get(f"{url}/echo").status_code == 401
        assert "authorizer" not in httpx.get(f"{url}/open").json()["requestContext"]
    callers = [answer.json()["requestContext"]["authorizer"] for answer in answers]
    assert {(caller["principalId"], caller["admin"], caller["age"]) for caller in callers} == {("7", "true", "42")}
    assert (tiny.root / "authorizer_calls").read_text() == "Bearer x\n"


def test_authorizers_fault_is_500_with_its_traceback_at_the_terminal(tiny: Tiny) -> None:
    tiny.authorizer(CRASH).function("Echo", ECHO, "GET /echo")
    with served(tiny) as (url, shown):
        answer = httpx.get(f"{url}/echo", headers={"Authorization": "x"})
    assert (answer.status_code, answer.json()) == (500, {"message": None})
    assert "ValueError: boom" in shown.getvalue()


def test_context_tells_of_its_function(tiny: Tiny) -> None:
    tiny.function("Told", CONTEXT, "GET /told", Timeout=5, MemorySize=512)
    with served(tiny) as (url, _):
        assert httpx.get(f"{url}/told").json() == ["Told", "512", "/aws/lambda/Told", "$LATEST", True]


def test_function_that_cannot_be_imported_leaves_the_others_alone(tiny: Tiny) -> None:
    tiny.function("Bad", "import nowhere_to_be_found", "GET /bad").function("Echo", ECHO, "GET /echo")
    with served(tiny) as (url, shown):
        assert httpx.get(f"{url}/bad").status_code == 502
        assert httpx.get(f"{url}/echo").status_code == 200
    assert "No module named 'nowhere_to_be_found'" in shown.getvalue()


def test_template_with_gateway_responses_shapes_what_the_gateway_answers(tiny: Tiny) -> None:
    body = json.dumps({"code": "lost", "id": "$context.requestId"})
    tiny.api["GatewayResponses"] = {
        "MISSING_AUTHENTICATION_TOKEN": {
            "StatusCode": 404,
            "ResponseParameters": {"Headers": {"X-Why": "'lost'"}},
            "ResponseTemplates": {"application/json": body},
        }
    }
    tiny.function("Echo", ECHO, "GET /echo")
    with served(tiny) as (url, _):
        answer = httpx.get(f"{url}/nowhere")
    assert (answer.status_code, answer.headers["x-why"]) == (404, "lost")
    assert answer.json() == {"code": "lost", "id": answer.headers["x-amzn-requestid"]}


def test_warm_request_takes_under_10_ms_at_the_median(tiny: Tiny) -> None:
    tiny.authorizer().function("Echo", ECHO, "GET /echo")
    with served(tiny) as (url, _), httpx.Client(headers={"Authorization": "x"}) as client:
        taken = [client.get(f"{url}/echo").elapsed.total_seconds() for _ in range(200)]
    assert statistics.median(taken) < 0.010
