"""The cells: every route of the table of routes by every principal, target and variant."""

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from roster.api import routes

from local.answer import Answer
from tests.builders import an_event
from tests.handlers.endpoints import ENDPOINTS, Endpoint
from tests.in_process import Api
from tests.security.matrix import targets, variants
from tests.security.matrix.cast import Cast, Principal
from tests.security.matrix.targets import Kind, Target
from tests.security.matrix.variants import Variant

# A good body of the endpoint's sample is not good for every target.
_BODIES: Mapping[str, Mapping[str, Any]] = {
    "PUT /api/users/{user_id}": {"email": "renamed@roster.test", "name": "Renamed"},
}


class Cell(NamedTuple):
    """One request to an endpoint; *status* is what that answers to a good one, *body* what it takes."""

    stem: str
    method: str
    path: str
    principal: Principal
    target: Target
    variant: Variant
    status: int
    body: Mapping[str, Any] | None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}, {self.principal.name}, {self.target.name}, {self.variant.name}"

    @property
    def can_differ(self) -> bool:
        """Return whether anybody looks at more than the token and the path."""
        return self.principal.reaches_handlers and self.target.kind is not Kind.MALFORMED

    def asked(self, api: Api) -> Answer:
        """Return the answer of the gateway."""
        parameters = "{user_id}/orders/{order_id}|{(user_id|session_id|file)}"
        path = re.sub(parameters, lambda _: self.target.spelled(self.principal), self.path)
        assert "{" not in path, f"targets.py knows nothing of a parameter of {path}"
        authorization = self.principal.authorization
        own = [] if authorization is None else [("authorization", authorization)]
        return api.ask(self.method, path, [*own, *self.variant.headers], self.sent(), self.variant.query)

    def sent(self) -> bytes:
        body: object = b"" if self.body is None else self.body
        if self.variant.body is not None:
            body = self.variant.body(self.body or {})
        return body if isinstance(body, bytes) else json.dumps(body).encode()


def all_of_them(cast: Cast) -> Iterator[Cell]:
    """
    Yield every cell.

    Raises:
        KeyError: If a route has no endpoint in tests/handlers/endpoints.py.
    """
    principals = cast.principals()
    for path, methods in routes.METHODS.items():
        for method in methods:
            for cell in _of_route(method, path, cast, principals):
                if cell.variant.is_for_everybody or cell.can_differ:
                    yield cell


def _of_route(method: str, path: str, cast: Cast, principals: list[Principal]) -> Iterator[Cell]:
    endpoint = _SAMPLES[f"{method.replace('HEAD', 'GET')} {path}"]
    body = _BODIES.get(f"{method} {path}", endpoint.body)
    every = itertools.product(targets.of_path(path, cast), variants.of_route(method, path, endpoint), principals)
    for target, variant, principal in every:
        yield Cell(endpoint.stem, method, path, principal, target, variant, endpoint.status, body)


def _label(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {an_event(endpoint.method, endpoint.path)['resource']}"


_SAMPLES = {_label(endpoint): endpoint for endpoint in ENDPOINTS}
