"""What stands around the function that deploys migrations: Lambda's API, and the address for its answers, over HTTP."""

import contextlib
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

Function = Callable[[dict[str, Any]], Any]


class Cloud:
    """Runs *function* for whoever invokes it by name; *answers* are what CloudFormation was told."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.invoked: list[str] = []
        self.answers: list[dict[str, Any]] = []
        self.refusals = 0
        self.url = ""

    def event(self, request_type: str = "Create", **changes: Any) -> dict[str, Any]:
        event = {
            "RequestType": request_type,
            "ResponseURL": f"{self.url.replace('http:', 'https:')}/answer?X-Amz-Signature=canary-signature",
            "StackId": "arn:aws:cloudformation:eu-central-1:123456789012:stack/roster-dev/1",
            "RequestId": "a-request",
            "LogicalResourceId": "Migrations",
            "ResourceProperties": {"Function": "arn:aws:lambda:eu-central-1:123456789012:function:migrate:7"},
        }
        return event | ({} if request_type == "Create" else {"PhysicalResourceId": "migrations"}) | changes

    def run(self, name: str, event: dict[str, Any]) -> tuple[Any, bool]:
        """Return the function's answer, or its error as Lambda tells it, and whether it failed."""
        self.invoked.append(name)
        try:
            return self.function(event), False
        except Exception as error:  # noqa: BLE001 (as Lambda does)
            return {"errorType": type(error).__name__, "errorMessage": str(error)}, True


class _Handler(http.server.BaseHTTPRequestHandler):
    cloud: Cloud

    def do_POST(self) -> None:
        name = unquote(self.path.split("/")[3])
        answer, is_failed = self.cloud.run(name, json.loads(self._body()))
        self.send_response(200)
        if is_failed:
            self.send_header("X-Amz-Function-Error", "Unhandled")
        self._end(json.dumps(answer).encode())

    def do_PUT(self) -> None:
        body = self._body()
        assert self.headers["Content-Type"] == "", "the signature covers an empty type"
        if self.cloud.refusals:
            self.cloud.refusals -= 1
            self.send_response(503)
        else:
            self.cloud.answers.append(json.loads(body))
            self.send_response(200)
        self._end(b"")

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def _end(self, body: bytes) -> None:
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def serving(function: Function) -> Iterator[Cloud]:
    cloud = Cloud(function)
    handler = type("Handler", (_Handler,), {"cloud": cloud})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        cloud.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield cloud
        finally:
            server.shutdown()
            thread.join()
