"""The whole document, and its text as it is committed."""

import json
from typing import Any

from tools.openapi import headers, operations, problems, project, tags
from tools.openapi.schemas import Components

PATH = project.ROOT / "functions" / "get_openapi" / "openapi.json"
_WIDTH = 120
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

_DESCRIPTION = """\
Users, their logins, sessions and orders, over HTTP.

- Bodies are JSON in UTF-8, times RFC 3339 in UTC with milliseconds.
- What a request holds that is not named here is refused (422); answers may get new fields, which clients ignore.
- Every error has one body with a stable `code`; with `Accept: application/problem+json` the same facts as RFC 9457.
- `me` stands for the caller's id. `HEAD` works where `GET` does, `OPTIONS` answers CORS, and any other method is 405
  with `Allow`.
- Who asks too often gets 429; `RateLimit` says what is left. A deployment can scale all limits.
"""
_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "The `access_token` of a login (RFC 9068).",
}


def build() -> dict[str, Any]:
    """Return the document, made anew."""
    components = Components()
    for name, schema in problems.schemas().items():
        components.add(name, schema)
    paths = _paths(components)
    tagged = [tag for path in paths.values() for operation in path.values() for tag in operation["tags"]]
    return {
        "openapi": "3.1.0",
        "info": _info(),
        # From the document's own address this leads to the root of the stage: /dev/api/openapi.json to /dev/.
        "servers": [{"url": "..", "description": "Where this document comes from"}],
        "tags": tags.described(tagged),
        "paths": paths,
        "components": {
            "schemas": dict(sorted(components.schemas.items())),
            "responses": dict(sorted(components.responses.items())),
            "headers": headers.used_in(paths, components.responses),
            "securitySchemes": {"bearer": _BEARER},
        },
    }


def text() -> str:
    """Return what is committed: one fact a line, so that changes can be read."""
    return _lines(build(), "") + "\n"


def _lines(value: Any, indent: str) -> str:
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or len(indent + line) <= _WIDTH:
        return line
    inner = indent + "  "
    if isinstance(value, list):
        return _block("[]", [_lines(each, inner) for each in value], indent)
    return _block("{}", [f"{json.dumps(name)}: {_lines(each, inner)}" for name, each in value.items()], indent)


def _block(brackets: str, members: list[str], indent: str) -> str:
    between = f",\n{indent}  "
    return f"{brackets[0]}\n{indent}  {between.join(members)}\n{indent}{brackets[1]}"


def _info() -> dict[str, Any]:
    facts = project.about()
    return {
        "title": facts["name"].title(),
        "version": facts["version"],
        "summary": facts["description"],
        "description": _DESCRIPTION,
        "license": {"name": facts["license"], "identifier": facts["license"]},
    }


def _paths(components: Components) -> dict[str, Any]:
    served = list(project.operations())
    known = {operation.id for operation in served}
    paths: dict[str, dict[str, Any]] = {}
    for operation in sorted(served, key=lambda each: _METHODS.index(each.method)):
        described = operations.described(operation, components, known)
        paths.setdefault(operation.path, {})[operation.method.lower()] = described
    return {operation.path: paths[operation.path] for operation in served}
