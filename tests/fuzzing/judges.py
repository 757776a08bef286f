"""What holds for every answer, whatever the event was."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from tests.builders import PASSWORD, a_refresh_token
from tests.envelope import PROBLEM_JSON, assert_any_envelope
from tests.handlers import prepared
from tests.handlers.world import World

Event = dict[str, Any]

ERROR_LENGTH_MAX, LENGTH_MAX = 100_000, 5_000_000
_ROW = re.compile(r"^\| *`([a-z_]+)` *\| *(\d{3}) *\|", re.MULTILINE)
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\x20-\x7e]*")
_INSIDES = re.compile(
    r"Traceback|File \"|\bSELECT\b|\bINSERT INTO\b|psycopg|pydantic|object at 0x|KeyError|TypeError|AttributeError"
    r"|\$argon2"
)
_SECRETS = (PASSWORD, a_refresh_token(), prepared.SECRET_TEXT, prepared.RECOVERY_CODE, prepared.CHALLENGE)


def faults_of(response: Any, event: Event) -> list[str]:
    """Return what is wrong with a response to *event*."""
    shape = _shape(response)
    if shape:
        return shape
    status, body = response["statusCode"], response["body"]
    found = [f"it answers {status}"] if status >= 500 else []
    found += _lengths(status, body, event)
    if status >= 400 and body:
        found += _error(response)
    return found


def state_of(world: World) -> str:
    """Return what no refused request may change: users, sessions, orders, the audit trail, mail."""
    tables, mail = world.tables, world.mail_tables
    kept = (tables.rows, tables.sessions, tables.orders, tables.events, mail.mails, mail.tokens, mail.pending)
    return repr(kept)


def _shape(response: Any) -> list[str]:
    if not isinstance(response, dict) or response.keys() != {"statusCode", "headers", "body", "isBase64Encoded"}:
        return ["it is no proxy response"]
    headers = response["headers"]
    fitting = (
        type(response["statusCode"]) is int
        and isinstance(headers, dict)
        and all(isinstance(name, str) and _NAME.fullmatch(name) for name in headers)
        and all(isinstance(value, str) and _VALUE.fullmatch(value) for value in headers.values())
        and isinstance(response["body"], str)
        and response["isBase64Encoded"] is False
    )
    return [] if fitting and _is_utf8(response["body"]) else ["a field of the response has another type"]


def _is_utf8(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _lengths(status: int, body: str, event: Event) -> list[str]:
    if body and (status in (204, 304) or event.get("httpMethod") == "HEAD"):
        return ["it has a body where there is none"]
    if not body and status >= 400 and event.get("httpMethod") != "HEAD":
        return ["an error has no body"]
    return ["it is too long"] if len(body) > (LENGTH_MAX if status < 400 else ERROR_LENGTH_MAX) else []


def _error(response: dict[str, Any]) -> list[str]:
    try:
        assert_any_envelope(response)
    except (AssertionError, KeyError, ValueError) as error:
        return [f"its body is not that of an error: {error!r:.200}"]
    document = json.loads(response["body"])
    told = document if response["headers"]["Content-Type"] == PROBLEM_JSON else document["error"]
    known = documented().get(told["code"])
    found = [] if known == response["statusCode"] else [f"code {told['code']} is not documented with that status"]
    leaked = _INSIDES.findall(response["body"]) + [secret for secret in _SECRETS if secret in response["body"]]
    return found + [f"it tells {secret}" for secret in leaked]


@cache
def documented() -> dict[str, int]:
    """Return the status of each code in docs/errors.md."""
    text = (Path(__file__).parents[2] / "docs" / "errors.md").read_text("utf-8")
    return {code: int(status) for code, status in _ROW.findall(text)}
